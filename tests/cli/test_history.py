"""`costkit history` as a person calls it."""

import json
from pathlib import Path

import pytest

from costkit.history.store import History
from tests.cli.command import Call, complaint
from tests.history.seen import AT, TODAY, day

DAY = 86_400


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Two days and a run of one cluster."""
    history = History.open(str(tmp_path / "h"))
    for age in (1, 2):
        history.days("c-1").put(day(TODAY - age * DAY), None)
    history.runs("c-1").save(b"{}", AT)
    return tmp_path / "h"


def test_list_is_a_row_a_cluster(call: Call, kept: Path) -> None:
    done = call("history", "list", "--history", kept)
    assert done.code == 0
    header, row = done.out.splitlines()
    assert header.split() == ["CLUSTER", "DAYS", "FIRST", "LAST", "GAPS", "RUNS", "SIZE"]
    assert row.split()[:6] == ["c-1", "2", "2026-11-22", "2026-11-23", "0", "1"]


def test_list_as_json(call: Call, kept: Path) -> None:
    (row,) = json.loads(call("history", "list", "--history", kept, "-o", "json").out)["clusters"]
    assert (row["cluster"], row["days"], row["runs"]) == ("c-1", 2, 1)
    assert row["size"] > 1000


def test_an_empty_place_is_said_to_be_one(call: Call, tmp_path: Path) -> None:
    done = call("history", "list", "--history", tmp_path / "nowhere")
    assert (done.code, done.out) == (0, "")
    assert "nothing is kept in" in done.err


def test_verify_says_ok_or_names_the_damage_and_ends_4(call: Call, kept: Path) -> None:
    assert call("history", "verify", "--history", kept).code == 0
    next((kept / "cluster=c-1" / "date=2026-11-22").glob("usage-*")).write_bytes(b"x")
    done = call("history", "verify", "--history", kept)
    assert complaint(done, 4) == "error: 1 of 2 days are damaged"
    assert "FAIL  c-1: 2026-11-22: usage-" in done.out
    assert "ok    c-1: 2026-11-23" in done.out
    assert "ok " not in call("history", "verify", "-q", "--history", kept).out
    assert json.loads(call("history", "verify", "-o", "json", "--history", kept).out)["checks"][0]["level"] == "FAIL"


def test_prune_removes_what_is_too_old_and_a_dry_run_does_not(call: Call, kept: Path) -> None:
    words = ("history", "prune", "--history", kept, "--keep", "1d", "--at", str(AT))
    assert call(*words, "--dry-run").out == "cluster=c-1/date=2026-11-22\n"
    assert (kept / "cluster=c-1" / "date=2026-11-22").is_dir()
    assert call(*words).err == "1 removed\n"
    assert not (kept / "cluster=c-1" / "date=2026-11-22").exists()


@pytest.mark.parametrize("keep", ["1h", "soon"])
def test_prune_keeps_a_day_at_least(call: Call, kept: Path, keep: str) -> None:
    assert "--keep" in complaint(call("history", "prune", "--history", kept, "--keep", keep), 2)


@pytest.mark.parametrize("command", ["list", "verify", "prune"])
def test_a_history_must_be_named(call: Call, command: str) -> None:
    assert "--history" in complaint(call("history", command), 2)


def test_a_store_whose_package_is_not_installed_is_one_line(call: Call) -> None:
    assert "cannot be opened" in complaint(call("history", "list", "--history", "nothing://bucket/h"), 2)
