"""Days are read once, kept whole, and whatever happens on the way the next run ends the same."""

from concurrent.futures import ThreadPoolExecutor
from math import isnan

import fsspec
import pyarrow.compute as pc
import pytest

from costkit.errors import OutputError, SnapshotError
from costkit.history import manifest
from costkit.history.days import Days
from costkit.history.store import History
from costkit.model.day import MATRICES, OpenDay
from costkit.model.window import DAY, Window
from costkit.pipeline import observe
from costkit.progress import Silent
from tests.history.seen import AT, DAYS, TODAY, BrokenOffError, Source, content, day

WINDOW = Window.back_from(AT, DAYS)
WHOLE = [TODAY - age * DAY for age in range(1, DAYS + 1)]


@pytest.fixture(params=["folder", "memory"])
def history(request, tmp_path):
    yield History.open(str(tmp_path / "h") if request.param == "folder" else f"memory://{tmp_path.name}/h")
    fsspec.filesystem("memory").store.clear()


@pytest.fixture(scope="module")
def unkept():
    return content(observe(Source(), WINDOW, AT, Silent()))


def run(history, at=AT, window=WINDOW, **how):
    source = Source(at, **how)
    return source, observe(source, window, at, Silent(), history)


def coverage(snapshot, source):
    return [(row.status, row.detail) for row in snapshot.coverage if row.source == source]


def files(history, folder=""):
    found: dict[str, bytes | None] = {}
    for entry in history.storage.entries(folder):
        path = f"{folder}/{entry.name}".lstrip("/")
        found |= files(history, path) if entry.is_folder else {path: history.storage.read(path)}
    return found


def test_a_run_with_a_history_sees_what_one_without_sees(history, unkept):
    assert content(run(history)[1]) == unkept


def test_the_newest_day_is_read_first(history):
    asked = [one.midnight for one in run(history)[0].asked]
    assert asked == [TODAY, *WHOLE]


def test_the_next_run_reads_today_alone_and_sees_the_same(history, unkept):
    run(history)
    source, snapshot = run(history)
    assert [one.midnight for one in source.asked] == [TODAY]
    assert content(snapshot) == unkept
    assert coverage(snapshot, "days") == [("ok", f"{DAYS + 1} days in the window, 1 read now")]
    assert coverage(snapshot, "history") == [("ok", f"{DAYS} days were there")]


def test_the_same_days_are_the_same_bytes(history):
    run(history)
    before = files(history)
    other = History.open(str(history.storage.url) + "-2")
    run(other)
    assert files(other) == before
    assert len([path for path in before if path.endswith("day.json")]) == DAYS


@pytest.mark.parametrize("after", range(DAYS + 1))
def test_a_run_that_is_broken_off_leaves_whole_days_and_the_next_completes_them(history, unkept, after):
    with pytest.raises(BrokenOffError):
        run(history, breaks_after=after)
    source, snapshot = run(history)
    assert [one.midnight for one in source.asked] == [TODAY, *WHOLE[max(0, after - 1) :]]
    assert content(snapshot) == unkept


@pytest.mark.parametrize("good", [0, 7])
def test_where_it_cannot_be_written_the_run_has_its_days_all_the_same_and_says_so(history, unkept, monkeypatch, good):
    storage = type(history.storage)
    write, left = storage.write, good

    def full(self, path, body):
        nonlocal left
        left -= 1
        if left < 0:
            raise OutputError(f"cannot write {path}: No space left on device", "make room")
        write(self, path, body)

    monkeypatch.setattr(storage, "write", full)
    _, snapshot = run(history)
    assert content(snapshot) == unkept
    (told,) = [detail for status, detail in coverage(snapshot, "history") if status == "missing"]
    assert told.endswith("No space left on device")
    monkeypatch.undo()
    assert content(run(history)[1]) == unkept


def test_two_runs_at_once_do_no_harm(tmp_path, unkept):
    history = History.open(str(tmp_path))
    with ThreadPoolExecutor(2) as pool:
        seen = list(pool.map(lambda _: content(run(history)[1]), range(2)))
    assert seen == [unkept, unkept]
    alone = History.open(str(tmp_path) + "-alone")
    run(alone)
    assert files(history) == files(alone)


def test_a_day_that_is_over_for_less_than_half_an_hour_is_not_closed(history):
    midnight = TODAY + DAY
    source, _ = run(history, at=midnight + 600, window=Window.back_from(midnight + 600, 1))
    assert next(one for one in source.asked if one.midnight == TODAY).keeps_answers
    source, _ = run(history, at=midnight + 1800, window=Window.back_from(midnight + 1800, 1))
    assert not next(one for one in source.asked if one.midnight == TODAY).keeps_answers
    source, _ = run(history, at=midnight + 3600, window=Window.back_from(midnight + 3600, 1))
    assert TODAY not in [one.midnight for one in source.asked]


def test_a_moment_in_the_past_reads_its_part_of_a_day_and_leaves_the_day_as_it_is(history):
    run(history)
    before, at = files(history), TODAY - DAY / 2
    window = Window.back_from(at, 2)
    source, snapshot = run(history, at=at, window=window, days=2)
    assert [(one.window.start, one.window.end) for one in source.asked] == [(TODAY - DAY, at)]
    assert sorted(set(snapshot.frames.usage["day"].to_pylist())) == list(window.midnights())
    known = last_half_hours(snapshot, TODAY - DAY)
    assert max(known) == 23
    assert files(history) == before


def test_a_day_that_a_server_gives_in_part_is_read_again_but_not_for_ever(history):
    tries = [len(run(history, refuses=("cpu",))[0].asked) for _ in range(4)]
    assert tries == [DAYS + 1, DAYS + 1, DAYS + 1, 1]


def test_what_was_refused_is_told_for_as_long_as_the_day_is_in_the_window_and_then_heals(history):
    _, snapshot = run(history, refuses=("cpu",))
    assert coverage(snapshot, "series cpu") == [("missing", "too many samples")]
    _, snapshot = run(history)
    assert coverage(snapshot, "series cpu") == [("ok", "")]


def last_half_hours(snapshot, midnight):
    """The last half hour that each row of a day knows of."""
    rows = snapshot.frames.usage.filter(pc.equal(snapshot.frames.usage["day"], midnight))["total_means"].to_pylist()
    known = [[i for i, value in enumerate(row) if not isnan(value)] for row in rows]
    return [max(places) for places in known if places]


def damage(history, name, change):
    path = next(path for path in files(history) if name in path)
    history.storage.write(path, change(files(history)[path]))
    return path


@pytest.mark.parametrize("change", [lambda body: body[:-9], lambda _: b"", lambda body: body[:40] + b"x" + body[41:]])
def test_a_damaged_file_is_named_and_its_day_read_again_by_the_next_run(history, unkept, change):
    run(history)
    path = damage(history, "usage-", change)
    _, snapshot = run(history)
    told = next(detail for status, detail in coverage(snapshot, "history") if status == "partial")
    assert told.startswith(f"{history.storage.url}/{path} is damaged")
    assert f"{DAYS} days in the window" in coverage(snapshot, "days")[0][1]
    source, snapshot = run(history)
    assert len(source.asked) == 2
    assert content(snapshot) == unkept


def test_a_day_under_the_date_of_another_is_not_that_day(history, unkept):
    run(history)
    folders = [f"cluster={run(history)[1].cluster.id}/date={name}" for name in ("2026-11-21", "2026-11-22")]
    for path, body in files(history, folders[0]).items():
        history.storage.write(path.replace(*folders), body)
    source, snapshot = run(history)
    assert WHOLE[1] in [one.midnight for one in source.asked]
    assert content(snapshot) == unkept


def test_a_day_that_is_read_worse_than_before_stays_as_it_was(history):
    run(history, refuses=("cpu",))
    run(history, refuses=("cpu", "memory"))
    assert [detail for status, detail in coverage(run(history)[1], "series memory")] == []


def test_a_damaged_manifest_is_a_day_that_was_not_read(history, unkept):
    run(history)
    damage(history, "day.json", lambda body: body[:20])
    source, snapshot = run(history)
    assert len(source.asked) == 2
    assert content(snapshot) == unkept
    assert "partial" in [status for status, _ in coverage(snapshot, "history")]


def test_a_file_that_was_lost_is_read_again(history, unkept):
    run(history)
    history.storage.remove(next(path for path in files(history) if "events-" in path))
    run(history)
    assert content(run(history)[1]) == unkept


@pytest.mark.parametrize("name", ["day.json", "usage-"])
def test_what_a_newer_costkit_wrote_is_left_alone(history, name, monkeypatch):
    with monkeypatch.context() as newer:
        for module in ("costkit.history.codec", "costkit.history.manifest"):
            newer.setattr(f"{module}.SCHEMA_VERSION", 99)
        newer.setattr(manifest.Manifest.__init__, "__defaults__", (1, 99 if name == "day.json" else 1))
        run(history)
    before = files(history)
    with pytest.raises(SnapshotError, match="newer costkit"):
        run(history)
    assert files(history) == before


def test_clusters_do_not_meet(history):
    run(history)
    assert Days(history.storage, "another").lacking([WINDOW.within(WHOLE[0])], AT)


def test_an_id_cannot_leave_the_history(history):
    Days(history.storage, "../../etc").put(day(WHOLE[0]), None)
    assert all(path.startswith("cluster=..-..-etc/date=") for path in files(history))


def answers(until, asked="x", midnight=TODAY):
    row = {"query": "cpu", "key": ["a", "b", "c"], "values": [1.0, float("nan"), until]}
    return OpenDay(midnight, until, asked, MATRICES.empty_table().from_pylist([row], schema=MATRICES))


def kept(history, told):
    """A run whose day is open puts answers, the next one finds them."""
    days = Days(history.storage, "c")
    days.lacking([WINDOW.within(TODAY)], AT)
    days.put(day(TODAY), told)
    return Days(history.storage, "c").lacking([WINDOW.within(TODAY)], AT)[0].earlier


def test_answers_of_an_open_day_are_kept_and_found(history):
    found = kept(history, answers(TODAY + 3600))
    assert (found.until, found.asked) == (TODAY + 3600, "x")
    assert str(found.matrices.to_pylist()) == str(answers(TODAY + 3600).matrices.to_pylist())


def test_a_shorter_reading_does_not_replace_a_longer_one_of_the_same_queries(history):
    kept(history, answers(TODAY + 7200))
    assert kept(history, answers(TODAY + 3600)).until == TODAY + 7200
    assert kept(history, answers(TODAY + 3600, asked="y")).until == TODAY + 3600


def test_answers_that_go_further_than_the_part_that_is_wanted_are_not_used(history):
    assert kept(history, answers(AT + 7200)) is None


def test_a_damaged_open_day_is_read_from_its_beginning(history):
    kept(history, answers(TODAY + 3600))
    damage(history, "open.parquet", lambda body: body[:30])
    assert Days(history.storage, "c").lacking([WINDOW.within(TODAY)], AT)[0].earlier is None


def test_a_closed_day_has_no_answers_left(history):
    kept(history, answers(TODAY + 3600))
    tomorrow = Days(history.storage, "c")
    assert tomorrow.lacking([Window(TODAY, TODAY + DAY)], TODAY + 2 * DAY)[0].earlier is not None
    tomorrow.put(day(TODAY), None)
    assert "open.parquet" not in " ".join(files(history))
