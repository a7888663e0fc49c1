"""The demo as a Source: the same for the same seed and minute, whole, and in the shapes that the model asks for."""

import time
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from costkit.demo.source import DemoSource
from costkit.model.day import Wanted
from costkit.model.listed import Present, known
from costkit.model.usage import EVENT_NAMES, SIGNAL_NAMES, check
from costkit.model.window import DAY, HALF_HOUR, Window
from tests.demo.conftest import AT

_FRAMES = ("signals", "events", "nodes", "volumes")
_BY_AGE = ("promo-banner", "ledger-migrate", "notebook-shared")
"""Workloads whose history is told back from `at`."""


def _day(source, window, age):
    midnight = AT // DAY * DAY - age * DAY
    return _observed(source, window.within(midnight))[0]


def _observed(source, *parts):
    return list(source.observe(Wanted(part) for part in parts))


def _bytes(table):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def _values(seen):
    return {
        (samples.resource, str(series.target), series.pod): row
        for samples in seen.samples
        for series, row in zip(samples.series, samples.values, strict=True)
        if series.target.name not in _BY_AGE
    }


def test_two_sources_tell_the_same_to_the_byte(source, window):
    other = DemoSource(AT)
    for age in (0, 3, 28):
        first, second = _day(source, window, age), _day(other, window, age)
        for name in _FRAMES:
            assert _bytes(getattr(first, name)) == _bytes(getattr(second, name))
        for left, right in zip(first.samples, second.samples, strict=True):
            assert left.series == right.series
            assert left.values.tobytes() == right.values.tobytes()
    assert source.cluster() == other.cluster()


def test_another_seed_is_another_history(source, window):
    assert _values(_day(DemoSource(AT, seed=8), window, 3)).keys() != _values(_day(source, window, 3)).keys()


def test_a_minute_is_the_same_whatever_the_window_and_whenever_it_is_asked_for(source, window):
    here = _values(_day(source, window, 5))
    tomorrow = DemoSource(AT + DAY, days=9)
    there = _values(_day(tomorrow, Window.back_from(AT + DAY, 9), 5))
    assert here.keys() == there.keys()
    for key, row in here.items():
        np.testing.assert_array_equal(row, there[key], str(key))


def test_a_narrower_window_only_hides(source, window):
    midnight = AT // DAY * DAY - 2 * DAY
    whole = _values(_observed(source, window.within(midnight))[0])
    cut = _observed(source, Window(midnight, midnight + 10 * HALF_HOUR))[0]
    steps = 10 * HALF_HOUR // 300
    for key, row in _values(cut).items():
        np.testing.assert_array_equal(row[:steps], whole[key][:steps])
        assert np.isnan(row[steps:]).all()
    assert all(samples.until == midnight + 10 * HALF_HOUR for samples in cut.samples)
    for half_hours in cut.signals["half_hours"].to_pylist():
        assert np.isnan(np.array(half_hours, float)[10:]).all()


def test_nothing_is_remembered_beyond_its_days_or_known_after_now():
    source = DemoSource(AT, days=3)
    wide = Window(AT // DAY * DAY - 9 * DAY, AT + 3 * DAY)
    seen = [seen.day for seen in _observed(source, *source.reach(wide))][::-1]
    assert seen == [AT // DAY * DAY - age * DAY for age in (3, 2, 1, 0)]


def test_no_wall_clock_is_read(monkeypatch, window):
    def fail(*_):
        raise AssertionError("the clock was read")

    for name in ("time", "monotonic", "time_ns"):
        monkeypatch.setattr(time, name, fail)
    source = DemoSource(AT)
    assert source.cluster().id
    assert _observed(source, window.within(AT // DAY * DAY))[0].samples


@pytest.mark.parametrize("year", [2024, 2025, 2027])
def test_any_time_can_be_now(year):
    at = datetime(year, 3, 31, 12, 10, tzinfo=UTC).timestamp()
    source = DemoSource(at, days=2)
    window = Window.back_from(at, 2)
    assert len(_observed(source, *source.reach(window))) == 3
    assert len(known(source.cluster().nodes)) >= 16


def test_every_frame_has_its_columns(days):
    assert len(days) == 29
    for seen in days:
        for name in _FRAMES:
            assert check(name, getattr(seen, name)).num_rows > 0


def test_signals_and_events_have_the_models_names(days):
    signals = {name for seen in days for name in seen.signals["signal"].to_pylist()}
    events = {name for seen in days for name in seen.events["event"].to_pylist()}
    assert set(SIGNAL_NAMES) - signals == {"request_rate", "consumer_lag", "interruptions", "unsplit_memory"}
    assert signals <= set(SIGNAL_NAMES)
    assert events == set(EVENT_NAMES)


def test_what_is_absent_stands_in_coverage(source):
    absent = {c.source for c in source.coverage() if c.status == "absent"}
    assert absent == {"request_rate", "consumer_lag", "interruptions"}


def test_all_lists_are_present(cluster):
    lists = [getattr(cluster, name) for name in cluster.__dataclass_fields__]
    assert [found for found in lists if isinstance(found, Present) and not found.items] == []
    assert sum(isinstance(found, Present) for found in lists) == 14


def test_events_fall_on_their_day_and_only_once(days):
    rows = [(seen.samples[0].day, row) for seen in days for row in seen.events.to_pylist()]
    assert all(day < row["at"] <= day + DAY and row["day"] == day for day, row in rows)
    keys = [(r["at"], r["namespace"], r["kind"], r["name"], r["container"], r["pod"], r["event"]) for _, r in rows]
    assert len(set(keys)) == len(keys)


def test_a_run_of_four_weeks_is_a_matter_of_seconds():
    began = time.process_time()
    source = DemoSource(AT)
    window = Window.back_from(AT, 28)
    source.cluster()
    series = sum(len(s.series) for seen in _observed(source, *source.reach(window)) for s in seen.samples)
    assert series > 10_000
    assert time.process_time() - began < 8
