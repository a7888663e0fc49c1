"""Writing the tree: whole, inside the folder, and never over what a person made."""

import json
import os
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from costkit.errors import OutputError
from costkit.patch.folder import write_patches
from costkit.patch.tree import patches
from tests.patch.plans import API, CRON, item, plan

BOTH = patches(plan(item(API), item(CRON)))
ONE = patches(plan(item(API)))


def files_in(folder):
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_the_folder_holds_the_tree_and_nothing_else(tmp_path):
    done = write_patches(BOTH, tmp_path / "new" / "patches")

    assert files_in(done.folder) == dict(BOTH.files)
    assert (done.written, done.removed, done.kept) == (BOTH.paths, (), ())


def test_a_second_run_changes_no_byte(tmp_path):
    write_patches(BOTH, tmp_path)
    done = write_patches(BOTH, tmp_path)

    assert files_in(tmp_path) == dict(BOTH.files)
    assert done.kept == ()


def test_files_of_an_earlier_run_go_with_the_folders_they_leave_empty(tmp_path):
    write_patches(BOTH, tmp_path)
    done = write_patches(ONE, tmp_path)

    assert files_in(tmp_path) == dict(ONE.files)
    assert "kubectl/batch/cronjob-report.patch.yaml" in done.removed
    assert not (tmp_path / "kubectl" / "batch").exists()


def test_grouping_by_team_takes_the_ungrouped_files_away(tmp_path):
    write_patches(BOTH, tmp_path)
    grouped = patches(plan(item(API), item(CRON)), "team")
    write_patches(grouped, tmp_path)

    assert files_in(tmp_path) == dict(grouped.files)


def test_files_that_costkit_did_not_write_stay_as_they_are(tmp_path):
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "kubectl" / "batch").mkdir(parents=True)
    (tmp_path / "kubectl" / "batch" / "mine.yaml").write_text("mine")
    done = write_patches(BOTH, tmp_path)
    write_patches(ONE, tmp_path)

    assert done.kept == ("README.md",)
    assert (tmp_path / "README.md").read_text() == "mine"
    assert (tmp_path / "kubectl" / "batch" / "mine.yaml").read_text() == "mine"


def test_a_file_that_a_person_changed_is_neither_overwritten_nor_removed(tmp_path):
    write_patches(BOTH, tmp_path)
    stale = tmp_path / "kubectl" / "batch" / "cronjob-report.patch.yaml"
    current = tmp_path / "kubectl" / "shop" / "deployment-api.patch.yaml"
    for path in (stale, current):
        path.write_text("changed")
    done = write_patches(ONE, tmp_path)

    assert done.kept == ("kubectl/batch/cronjob-report.patch.yaml", "kubectl/shop/deployment-api.patch.yaml")
    assert stale.read_text() == current.read_text() == "changed"
    assert write_patches(ONE, tmp_path).kept == ("kubectl/shop/deployment-api.patch.yaml",)


@pytest.mark.parametrize("path", ["../victim", "/VICTIM", "kubectl/../../victim", "link/victim", "", "a\0b", "."])
def test_an_index_that_was_tampered_with_removes_nothing_outside(tmp_path, path):
    folder, victim = tmp_path / "patches", tmp_path / "victim"
    victim.write_text("precious")
    write_patches(BOTH, folder)
    (folder / "link").symlink_to(tmp_path)
    index = json.loads((folder / "index.json").read_text())
    sha = "e4d7ac7e7e3bf35b3e3d8ad2f0a3e9e7f3d7a6c7a2f0f5c9e9c1b1a1d0e5f4c3"
    index["files"] += [{"path": path.replace("/VICTIM", str(victim)), "sha256": s} for s in (sha, _sha(victim))]
    (folder / "index.json").write_text(json.dumps(index))
    done = write_patches(ONE, folder)

    assert victim.read_text() == "precious"
    assert path not in done.removed


def test_a_link_to_a_stale_file_s_content_is_left(tmp_path):
    folder = tmp_path / "patches"
    write_patches(BOTH, folder)
    stale = folder / "kubectl" / "batch" / "cronjob-report.patch.yaml"
    elsewhere = tmp_path / "elsewhere.yaml"
    stale.rename(elsewhere)
    stale.symlink_to(elsewhere)
    done = write_patches(ONE, folder)

    assert stale.is_symlink()
    assert elsewhere.exists()
    assert "kubectl/batch/cronjob-report.patch.yaml" in done.kept


def test_a_folder_that_is_a_link_is_not_written_through(tmp_path):
    folder, outside = tmp_path / "patches", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "kubectl").symlink_to(outside)

    with pytest.raises(OutputError, match="leads through a symbolic link"):
        write_patches(BOTH, folder)
    assert files_in(outside) == {}
    assert files_in(folder) == {}


@pytest.mark.parametrize(
    "text", ["{}", "[]", "not json", '{"apiVersion": "costkit.io/v1", "kind": "PatchIndex"}', '{"a": 1, "files": 3}']
)
def test_an_index_of_somebody_else_is_not_overwritten(tmp_path, text):
    (tmp_path / "index.json").write_text(text)

    with pytest.raises(OutputError, match="is not an index of costkit's"):
        write_patches(BOTH, tmp_path)
    assert files_in(tmp_path) == {"index.json": text}


def test_a_folder_that_cannot_be_made_is_one_line_and_a_hint(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(OutputError) as failed:
        write_patches(BOTH, tmp_path / "file" / "patches")
    assert "\n" not in failed.value.message + failed.value.hint
    assert "Not a directory" in failed.value.message


def test_a_file_where_a_folder_belongs_stops_the_run_before_its_first_file(tmp_path):
    (tmp_path / "rollback").write_text("in the way")

    with pytest.raises(OutputError):
        write_patches(BOTH, tmp_path)
    assert files_in(tmp_path) == {"rollback": "in the way"}


def test_a_folder_where_a_file_belongs_stops_the_run_before_its_first_file(tmp_path):
    (tmp_path / "README.md").mkdir()

    with pytest.raises(OutputError, match="is a folder, not a file"):
        write_patches(BOTH, tmp_path)
    assert files_in(tmp_path) == {}


@contextmanager
def without_rights():
    """Root may write everywhere: then as nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_without_the_right_to_write_is_an_output_error(tmp_path):
    tmp_path.chmod(0o500)

    with without_rights(), pytest.raises(OutputError, match="Permission denied"):
        write_patches(BOTH, tmp_path)


@pytest.mark.parametrize("moves", range(12))
def test_a_run_that_dies_on_the_way_is_finished_by_the_next_one(tmp_path, monkeypatch, moves):
    """Whatever was moved or not: every file still has an owner, so nothing stays behind or counts as foreign."""
    write_patches(BOTH, tmp_path)
    dying = _Dying(moves)
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.replace", dying)
        patched.setattr("pathlib.Path.unlink", dying)
        with pytest.raises(OutputError):
            write_patches(patches(plan(item(API, alone=1.0))), tmp_path)
    done = write_patches(ONE, tmp_path)

    assert files_in(tmp_path) == dict(ONE.files)
    assert done.kept == ()


_REPLACE, _UNLINK = Path.replace, Path.unlink


class _Dying:
    """Moves and removals that work so many times."""

    def __init__(self, left):
        self.left = left

    def __get__(self, path, _):
        return lambda *args: self._act(path, *args)

    def _act(self, path, *args):
        if self.left == 0:
            raise OSError(28, "No space left on device")
        self.left -= 1
        return _REPLACE(path, *args) if args else _UNLINK(path)


def _sha(path):
    return sha256(path.read_bytes()).hexdigest()
