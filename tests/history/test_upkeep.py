"""What is listed, verified and pruned of a history."""

import json
import os
import re
import time

import pytest

from costkit.connect.storage import Storage
from costkit.history.days import Days
from costkit.history.runs import Runs
from costkit.history.upkeep import Kept, Stale, listing, prune, verify
from costkit.model.window import DAY
from tests.history.seen import AT, TODAY, day

FIRST, SECOND, FOURTH = TODAY - 4 * DAY, TODAY - 3 * DAY, TODAY - DAY


@pytest.fixture
def folder(tmp_path):
    """Three days of one cluster with a gap, one of another; two runs."""
    storage = Storage.open(str(tmp_path))
    for midnight in (FIRST, SECOND, FOURTH):
        Days(storage, "a").put(day(midnight), None)
    Days(storage, "b").put(day(FOURTH), None)
    for at in (FIRST, FOURTH):
        Runs(storage, "a").save(b"{}", at)
    return tmp_path


@pytest.fixture
def storage(folder):
    return Storage.open(str(folder))


def everything(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_cluster_is_listed_with_its_days_gaps_runs_and_bytes(folder, storage):
    a, b = listing(storage)
    files = [path for path in (folder / "cluster=a").rglob("*") if path.is_file() and path.name != "latest"]
    size = sum(path.stat().st_size for path in files)
    assert a == Kept("a", 3, "2026-11-20", "2026-11-23", 1, 2, size)
    assert (b.cluster, b.days, b.gaps, b.runs) == ("b", 1, 0, 0)


def test_nothing_is_nothing(tmp_path):
    storage = Storage.open(str(tmp_path / "none"))
    assert not [*listing(storage), *verify(storage), *prune(storage, Stale(AT, AT), dry=False)]


def test_days_that_are_whole_are_well(storage):
    checks = list(verify(storage))
    assert [(c.group, c.name, c.level) for c in checks] == [
        ("a", "2026-11-20", "ok"),
        ("a", "2026-11-21", "ok"),
        ("a", "2026-11-23", "ok"),
        ("b", "2026-11-23", "ok"),
    ]
    assert "rows in 5 files" in checks[0].found


@pytest.mark.parametrize(
    ("name", "harm", "found"),
    [
        ("usage-*", lambda path: path.unlink(), "usage-[0-9a-f]{16}.parquet is not there"),
        ("nodes-*", lambda path: path.write_bytes(path.read_bytes()[:-4]), "nodes-[0-9a-f]{16}.parquet is damaged"),
        ("day.json", lambda path: path.write_bytes(b"{"), "day.json is damaged"),
    ],
)
def test_a_damaged_day_is_named_with_what_to_do(folder, storage, name, harm, found):
    harm(next((folder / "cluster=a" / "date=2026-11-21").glob(name)))
    (bad,) = [check for check in verify(storage) if check.level != "ok"]
    assert (bad.group, bad.name, bad.level) == ("a", "2026-11-21", "FAIL")
    assert re.search(found, bad.found)
    assert f"{folder}/cluster=a/date=2026-11-21" in bad.fix


def test_old_days_and_runs_go_and_all_others_stay(folder, storage):
    before = everything(folder)
    assert list(prune(storage, Stale(SECOND + 1, AT), dry=False)) == [
        "cluster=a/date=2026-11-20",
        "cluster=a/runs/20261120T000000Z.json",
    ]
    gone = {p for p in before if "date=2026-11-20" in p or "20261120T" in p}
    assert everything(folder) == before - gone


def test_a_dry_run_names_the_same_and_removes_nothing(folder, storage):
    before = everything(folder)
    assert len(list(prune(storage, Stale(SECOND + 1, AT), dry=True))) == 2
    assert everything(folder) == before


def test_the_latest_run_stays_however_old(folder, storage):
    list(prune(storage, Stale(AT + 400 * DAY, AT), dry=False))
    left = everything(folder)
    assert left == {"cluster=a/runs/20261123T000000Z.json", "cluster=a/runs/latest"}


def test_what_a_killed_run_left_goes_once_it_is_a_day_old(folder, storage):
    place = folder / "cluster=a" / "date=2026-11-21"
    old, new = place / ".part-12ab-usage.parquet", place / "usage-0000000000000000.parquet"
    for path in (old, new):
        path.write_bytes(b"half")
    now = time.time()
    os.utime(old, (now - 2 * DAY, now - 2 * DAY))
    assert list(prune(storage, Stale(FIRST, now), dry=False)) == [str(old.relative_to(folder))]
    assert new.is_file()
    assert all(check.level == "ok" for check in verify(storage))


def test_beside_a_manifest_that_cannot_be_read_nothing_is_touched(folder, storage):
    place = folder / "cluster=a" / "date=2026-11-21"
    (place / "day.json").write_bytes(b"{")
    for path in place.iterdir():
        os.utime(path, (0.0 + 1, 1.0))
    assert list(prune(storage, Stale(FIRST, time.time()), dry=False)) == []


def test_of_one_cluster_alone_the_others_days_stay(folder, storage):
    before = everything(folder)
    removed = list(prune(storage, Stale(AT + DAY, AT, "b"), dry=False))
    assert removed == ["cluster=b/date=2026-11-23"]
    assert everything(folder) == {path for path in before if not path.startswith("cluster=b")}


def test_answers_beside_a_manifest_and_half_runs_are_left_behind_too(folder, storage):
    answers = folder / "cluster=a" / "date=2026-11-21" / "open.parquet"
    part = folder / "cluster=a" / "runs" / ".part-12ab-latest"
    for path in (answers, part):
        path.write_bytes(b"x")
        os.utime(path, (1.0, 1.0))
    found = list(prune(storage, Stale(FIRST, time.time()), dry=False))
    assert found == [str(path.relative_to(folder)) for path in (answers, part)]


@pytest.mark.parametrize("name", ["../../../outside", "usage-x.parquet", "/etc/passwd"])
def test_a_manifest_that_names_a_file_elsewhere_is_damaged(folder, storage, name):
    path = folder / "cluster=a" / "date=2026-11-21" / "day.json"
    told = json.loads(path.read_text())
    told["files"]["usage"]["name"] = name
    path.write_text(json.dumps(told))
    assert [check.level for check in verify(storage)].count("FAIL") == 1


def test_a_manifest_that_lacks_a_frame_is_damaged(folder, storage):
    path = folder / "cluster=a" / "date=2026-11-21" / "day.json"
    told = json.loads(path.read_text())
    del told["files"]["events"]
    path.write_text(json.dumps(told))
    (bad,) = [check for check in verify(storage) if check.level == "FAIL"]
    assert "it names no events" in bad.found


def test_what_others_keep_in_folders_of_such_names_stays(folder, storage):
    """The usual layout of tables in a lake has the same names."""
    lake = folder / "cluster=prod" / "date=2024-01-01"
    lake.mkdir(parents=True)
    (lake / "part-00000.parquet").write_bytes(b"theirs")
    mixed = folder / "cluster=a" / "date=2026-11-20" / "letter.txt"
    mixed.write_bytes(b"mine")
    removed = list(prune(storage, Stale(SECOND + 1, AT), dry=False))
    assert (lake / "part-00000.parquet").read_bytes() == b"theirs"
    assert mixed.read_bytes() == b"mine"
    assert not (mixed.parent / "day.json").exists()
    assert "cluster=a/date=2026-11-20" not in removed


def test_a_day_under_the_date_of_another_is_damaged(folder, storage):
    days = [folder / "cluster=a" / f"date={name}" for name in ("2026-11-20", "2026-11-21")]
    for path in days[0].iterdir():
        (days[1] / path.name).write_bytes(path.read_bytes())
    (bad,) = [check for check in verify(storage) if check.level == "FAIL"]
    assert (bad.name, bad.found) == ("2026-11-21", "it is of another day")
    told = json.loads((days[1] / "day.json").read_text())
    told |= {"midnight": told["midnight"] + DAY, "until": told["until"] + DAY}
    (days[1] / "day.json").write_text(json.dumps(told))
    (bad,) = [check for check in verify(storage) if check.level == "FAIL"]
    assert "has not the day's" in bad.found
