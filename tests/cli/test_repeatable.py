"""Two runs on one snapshot with the same --at are equal to the byte."""

from pathlib import Path
from typing import get_args

import pytest

from costkit.report.rows import Form
from tests.cli.command import costkit
from tests.cli.conftest import AT


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", get_args(Form))
def test_every_form_is_the_same_twice(form: str, demo_file: Path, call) -> None:
    words = ("recommend", "--snapshot", demo_file, "--at", str(AT), "-o", form)

    first, second = call(*words), call(*words)

    assert first == second
    assert first.out.endswith("\n")


def test_patches_and_report_are_the_same_from_another_process_and_folder(demo_file: Path, tmp_path: Path) -> None:
    folders = (tmp_path / "one", tmp_path / "with a space and ünïcode")
    for seed, folder in enumerate(folders):
        folder.mkdir()
        env = {"PYTHONHASHSEED": str(seed)}
        words = ("--snapshot", demo_file, "--at", str(AT))
        assert costkit("recommend", *words, "-o", "patches/", folder=folder, env=env).code == 0
        assert costkit("report", *words, folder=folder, env=env).code == 0

    assert tree(folders[0]) == tree(folders[1])
    assert {"report.html", "patches/index.json"} <= tree(folders[0]).keys()


def test_a_second_run_over_the_first_changes_no_file(demo_file: Path, call, tmp_path: Path) -> None:
    words = ("recommend", "--snapshot", demo_file, "-o", "patches/", "--at", str(AT))
    call(*words)
    before = tree(tmp_path)

    done = call(*words)

    assert tree(tmp_path) == before
    assert "0 of an earlier run removed" in done.err
    assert "kept as it is" not in done.err
