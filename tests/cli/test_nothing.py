"""Where there is nothing to look at, that is said in one line, as kubectl does, and is no failure."""

import json
from pathlib import Path

from tests.cli.command import Call


def test_a_namespace_that_is_not_there_has_no_workloads(demo_file: Path, call: Call) -> None:
    done = call("recommend", "--snapshot", demo_file, "-n", "nowhere")

    assert (done.code, done.out, done.err) == (0, "", "no workloads found in namespace nowhere\n")


def test_labels_that_nobody_has_are_said(demo_file: Path, call: Call) -> None:
    done = call("recommend", "--snapshot", demo_file, "-n", "web", "-l", "tier=ghost", "-o", "name")

    assert (done.code, done.out) == (0, "")
    assert done.err == "no workloads found in namespace web with the labels tier=ghost\n"


def test_data_is_still_data(demo_file: Path, call: Call, tmp_path: Path) -> None:
    done = call("recommend", "--snapshot", demo_file, "-n", "nowhere", "-o", "json")
    assert json.loads(done.out)["recommendations"] == []

    assert call("report", "--snapshot", demo_file, "-n", "nowhere").code == 0
    assert "nowhere" not in (tmp_path / "report.html").read_text()


def test_an_empty_namespace_is_none(demo_file: Path, call: Call) -> None:
    assert call("recommend", "--snapshot", demo_file, "-n", "") == call("recommend", "--snapshot", demo_file)


def test_a_file_that_a_person_wrote_into_the_folder_stays(demo_file: Path, call: Call, tmp_path: Path) -> None:
    (tmp_path / "patches").mkdir()
    (tmp_path / "patches" / "README.md").write_text("mine")

    done = call("recommend", "--snapshot", demo_file, "-o", "patches/")

    assert done.code == 0
    assert "README.md" in done.err
    assert (tmp_path / "patches" / "README.md").read_text() == "mine"
