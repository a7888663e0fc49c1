"""Days before the window: a history knows them, the rule uses them, the evidence does not."""

import zipfile
from dataclasses import replace

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costkit.errors import SnapshotError
from costkit.history import codec, layout
from costkit.history.days import Days
from costkit.history.shelf import Memory
from costkit.history.snapshots import read_snapshot, write_snapshot
from costkit.history.store import History
from costkit.model.usage import PAST
from costkit.model.window import DAY, Window
from costkit.pipeline import as_of, observe
from costkit.progress import Silent
from tests.history.seen import AT, TODAY, Source, content, day

KEPT = [TODAY - age * DAY for age in range(6, 0, -1)]
LAST_DAY = Window(TODAY - DAY, TODAY)


@pytest.fixture(scope="module")
def days():
    """Six whole days, made once."""
    source = Source(days=6)
    return {midnight: day(midnight, source) for midnight in KEPT}


@pytest.fixture(params=["folder", "memory"])
def history(request, tmp_path, days):
    made = History.open(str(tmp_path / "h") if request.param == "folder" else f"memory://{tmp_path.name}/h")
    for one in days.values():
        made.days("c").put(one, None)
    yield made
    fsspec.filesystem("memory").store.clear()


def midnights(table):
    return list(dict.fromkeys(table["day"].to_pylist()))


def rows(days, *wanted):
    return [row for midnight in wanted for row in days[midnight].frames.usage.select(PAST.names).to_pylist()]


def test_the_whole_days_before_a_window_are_told_oldest_first(history, days):
    found = history.days("c").before(LAST_DAY, 99)
    assert found.schema.equals(PAST)
    assert midnights(found) == KEPT[:-1]
    assert str(found.to_pylist()) == str(rows(days, *KEPT[:-1]))


@pytest.mark.parametrize(("count", "kept"), [(0, 0), (1, 1), (3, 3), (5, 5), (6, 5)])
def test_not_more_days_are_told_than_are_asked_for(history, count, kept):
    assert midnights(history.days("c").before(LAST_DAY, count)) == KEPT[5 - kept : 5]


def test_a_day_that_is_not_there_is_left_out(tmp_path, days):
    other = History.open(str(tmp_path / "other"))
    for midnight in (KEPT[0], KEPT[3]):
        other.days("c").put(days[midnight], None)
    assert midnights(other.days("c").before(LAST_DAY, 99)) == [KEPT[0], KEPT[3]]


def test_without_a_history_and_in_an_empty_one_nothing_is_known_before(tmp_path):
    for shelf in (Memory(), Days(History.open(str(tmp_path)).storage, "c")):
        found = shelf.before(LAST_DAY, 99)
        assert (found.num_rows, found.schema.equals(PAST)) == (0, True)


def damage(history, midnight, cluster_id="c"):
    """One byte of a day's usage is another; the file's path."""
    folder = layout.day_folder(cluster_id, midnight)
    name = next(entry.name for entry in history.storage.entries(folder) if entry.name.startswith("usage-"))
    body = history.storage.read(f"{folder}/{name}")
    history.storage.write(f"{folder}/{name}", body[:40] + bytes([body[40] ^ 1]) + body[41:])
    return f"{folder}/{name}"


def test_a_damaged_day_is_left_out_named_and_read_again_by_the_next_run(history):
    path = damage(history, KEPT[2])
    found = history.days("c")
    assert midnights(found.before(LAST_DAY, 99)) == [KEPT[0], KEPT[1], KEPT[3], KEPT[4]]
    (told,) = [row.detail for row in found.coverage() if row.status == "partial"]
    assert told.startswith(f"{history.storage.url}/{path} is damaged")
    wanted = [one.midnight for one in history.days("c").lacking([Window(day, day + DAY) for day in KEPT], AT)]
    assert wanted == [KEPT[2]]


def test_what_a_newer_costkit_wrote_is_refused_and_left(history, days, monkeypatch):
    with monkeypatch.context() as newer:
        newer.setattr(codec, "SCHEMA_VERSION", 99)
        history.days("c2").put(days[KEPT[0]], None)
    with pytest.raises(SnapshotError, match="newer costkit"):
        history.days("c2").before(LAST_DAY, 99)
    assert history.days("c2").midnights() == [KEPT[0]]


def run(history, window, source=None):
    return observe(source or Source(days=6), window, AT, Silent(), history)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A history that a run has filled, and what the run saw in its last two days."""
    history = History.open(str(tmp_path_factory.mktemp("filled")), reach=6)
    return history, run(history, Window.back_from(AT, 2))


def test_a_runs_snapshot_knows_the_days_before_its_window_from_its_own_filling(filled, days):
    _, seen = filled
    assert midnights(seen.frames.usage) == [TODAY - 2 * DAY, TODAY - DAY, TODAY]
    assert midnights(seen.past) == KEPT[:4]
    assert str(seen.past.to_pylist()) == str(rows(days, *KEPT[:4]))
    assert midnights(seen.known_usage) == [*KEPT, TODAY]
    assert seen.known_usage.schema.equals(PAST)


def test_without_a_history_no_day_before_the_window_is_known():
    seen = run(None, Window.back_from(AT, 2))
    assert seen.past.num_rows == 0
    assert midnights(seen.known_usage) == midnights(seen.frames.usage)


def test_what_is_known_before_changes_nothing_of_the_window(filled):
    assert content(filled[1]) == content(run(None, Window.back_from(AT, 2)))


def test_a_snapshot_keeps_the_days_before_and_one_without_them_has_no_entry_for_them(filled, tmp_path):
    write_snapshot(filled[1], tmp_path / "s.zip")
    found = read_snapshot(tmp_path / "s.zip")
    assert found.past.schema.equals(PAST)
    assert str(found.past.to_pylist()) == str(filled[1].past.to_pylist())


def other_columns():
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"day": [1.0]}), sink)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize("body", [b"", b"not parquet", other_columns()], ids=["empty", "text", "another table"])
def test_days_before_that_are_damaged_in_a_snapshot_are_damage(filled, tmp_path, body):
    path = tmp_path / "s.zip"
    write_snapshot(replace(filled[1], past=PAST.empty_table()), path)
    assert read_snapshot(path).past.num_rows == 0
    with zipfile.ZipFile(path, "a") as archive:
        assert "past.parquet" not in archive.namelist()
        archive.writestr("past.parquet", body)
    with pytest.raises(SnapshotError, match="is not a snapshot, or is damaged") as error:
        read_snapshot(path)
    assert "\n" not in error.value.message


def test_an_earlier_moment_of_the_window_keeps_what_was_before_it(filled):
    seen = as_of(filled[1], TODAY - DAY + 60)
    assert midnights(seen.known_usage) == [*KEPT[:4], TODAY - 2 * DAY]


def test_a_damaged_day_before_the_window_is_told_by_the_run(tmp_path):
    """It lies further back than this run's source reaches: nobody reads it anew."""
    history, window = History.open(str(tmp_path)), Window.back_from(AT, 1)
    cluster_id = run(history, window, Source(days=6)).cluster.id
    path = damage(history, KEPT[1], cluster_id)
    seen = run(history, window, Source(days=2))
    assert midnights(seen.past) == [KEPT[0], *KEPT[2:5]]
    assert any(row.status == "partial" and path in row.detail for row in seen.coverage)
