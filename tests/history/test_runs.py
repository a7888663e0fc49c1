"""Runs: bytes in, the same bytes out, and a pointer to the latest."""

import pytest

from costkit.connect.storage import Storage
from costkit.history.runs import Runs, moment_of

AT = 1_795_546_800.0


@pytest.fixture
def storage(tmp_path):
    return Storage.open(str(tmp_path))


def test_the_latest_is_the_last_that_was_saved(storage):
    runs = Runs(storage, "c")
    assert runs.latest(AT + 86400) is None
    assert runs.save(b"one", AT) == "20261124T190000Z.json"
    runs.save(b"two", AT + 86400)
    assert runs.latest(AT + 86400) == b"two"
    assert list(runs.names()) == ["20261124T190000Z.json", "20261125T190000Z.json"]
    assert moment_of(runs.names()[0]) == AT


def test_a_run_of_the_same_moment_takes_the_place_of_the_first(storage):
    runs = Runs(storage, "c")
    runs.save(b"one", AT)
    runs.save(b"two", AT)
    assert (runs.latest(AT + 86400), len(runs.names())) == (b"two", 1)


def test_clusters_have_runs_of_their_own(storage):
    Runs(storage, "c").save(b"one", AT)
    assert Runs(storage, "d").latest(AT) is None


def test_a_run_of_an_earlier_moment_is_not_the_latest(storage):
    runs = Runs(storage, "c")
    runs.save(b"now", AT)
    runs.save(b"past", AT - 30 * 86400)
    assert storage.read("cluster=c/runs/latest") == b"20261124T190000Z.json\n"
    assert runs.latest(AT) == b"now"


def test_from_an_earlier_moment_later_runs_are_not_known(storage):
    runs = Runs(storage, "c")
    for age in range(3):
        runs.save(b"%d" % age, AT - age * 86400)
    assert [runs.latest(AT - hours * 3600) for hours in (0, 1, 30, 100)] == [b"0", b"1", b"2", None]


def test_what_is_no_run_is_not_taken_for_one(storage):
    for name in ("../secret", "20261124.json", ".part-12-20261124T190000Z.json", "latest"):
        storage.write(f"cluster=c/runs/{name}", b"x")
    assert Runs(storage, "c").latest(AT + 1) is None
