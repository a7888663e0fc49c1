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
    assert runs.latest() is None
    assert runs.save(b"one", AT) == "20261124T190000Z.json"
    runs.save(b"two", AT + 86400)
    assert runs.latest() == b"two"
    assert list(runs.names()) == ["20261124T190000Z.json", "20261125T190000Z.json"]
    assert moment_of(runs.names()[0]) == AT


def test_a_run_of_the_same_moment_takes_the_place_of_the_first(storage):
    runs = Runs(storage, "c")
    runs.save(b"one", AT)
    runs.save(b"two", AT)
    assert (runs.latest(), len(runs.names())) == (b"two", 1)


def test_clusters_have_runs_of_their_own(storage):
    Runs(storage, "c").save(b"one", AT)
    assert Runs(storage, "d").latest() is None


@pytest.mark.parametrize("pointer", [b"", b"../../secret\n", b"20261124T190000Z.json", b"\xff\xfe"])
def test_a_pointer_to_nothing_is_no_run(storage, pointer):
    storage.write("secret", b"secret")
    storage.write("cluster=c/runs/latest", pointer)
    assert Runs(storage, "c").latest() is None
