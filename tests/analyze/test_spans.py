"""Spans of days merged by arrays, against numpy on all their samples laid end to end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costkit.analyze import lists
from costkit.analyze.lists import Sketches
from costkit.analyze.spans import DayRows, Spans, past
from costkit.model.sketch import GROWTH, build
from tests.analyze import slowly

SHARES = (0.01, 0.5, 0.9, 0.95, 0.999, 1.0)
RANDOM = np.random.default_rng(3)
LEVEL = {"cpu": 0.2, "memory": 3e8}
DAYS = {0: (0, 1, 1, 2, 5), 1: (3,), 2: (0, 0, 0, 9, 16, 29)}
"""Series -> its days with a row: some have several, some lack."""


def drawn(resource="cpu"):
    """(series, day, samples) of each row."""
    return [
        (series, day, LEVEL[resource] * RANDOM.lognormal(0, 1, int(RANDOM.integers(1, 40))))
        for series, days in DAYS.items()
        for day in days
    ]


def rows(held, resource="cpu"):
    made = [build(values, resource) for *_, values in held]
    return DayRows(
        np.array([series for series, *_ in held], np.int64),
        np.array([day for _, day, _ in held], np.int64),
        np.array([values.max() for *_, values in held]),
        Sketches(
            np.concatenate([np.empty(0, np.int32), *(sketch.buckets for sketch in made)]),
            np.concatenate([np.empty(0, np.int64), *(sketch.counts for sketch in made)]),
            np.cumsum([0, *(len(sketch.buckets) for sketch in made)]).astype(np.int32),
        ),
    )


ASKED = [(0, 0, 3), (0, 1, 2), (0, 3, 5), (0, 5, 6), (1, 0, 3), (1, 3, 4), (1, 4, 9), (2, 0, 30), (2, 9, 17), (0, 9, 9)]
"""(series, first day, day after the last): with a day of several rows, across gaps, empty, at the end of a series."""


def spans_of(of, asked=ASKED):
    return of.spans(*(np.array(column, np.int64) for column in zip(*asked, strict=True)))


def within(held, asked):
    """The samples of each span, by a look at every row."""
    return [
        np.concatenate([[], *(values for s, day, values in held if s == series and first <= day < end)])
        for series, first, end in asked
    ]


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_percentiles_are_numpys_at_the_buckets_upper_edge_and_not_above_the_peak(resource):
    held = drawn(resource)
    of = rows(held, resource)
    found = of.percentiles(spans_of(of), resource, SHARES)
    for values, column in zip(within(held, ASKED), found.T, strict=True):
        assert column == pytest.approx(
            [slowly.read(values, share, resource) for share in SHARES], rel=1e-9, nan_ok=True
        )


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_any_percentile_lies_within_one_bucket_above_the_sample(seed, count):
    random = np.random.default_rng(seed)
    held = [(0, day, random.lognormal(-2, 2, count)) for day in sorted(random.integers(0, 20, 6).tolist())]
    of = rows(held)
    found = of.percentiles(spans_of(of, [(0, 0, 20)]), "cpu", SHARES)[:, 0]
    (values,) = within(held, [(0, 0, 20)])
    exact = np.maximum(np.quantile(values, SHARES, method="inverted_cdf"), min(1e-4, values.max()))
    assert (found >= exact * (1 - 1e-9)).all()
    assert (found <= exact * GROWTH * (1 + 1e-9)).all()


@pytest.mark.parametrize("cells", [1, 700, 1500])
def test_however_few_counters_are_held_at_once_the_percentiles_are_the_same(cells, monkeypatch):
    of = rows(drawn())
    whole = of.percentiles(spans_of(of), "cpu", SHARES)
    monkeypatch.setattr(lists, "_CELLS", cells)
    assert np.array_equal(of.percentiles(spans_of(of), "cpu", SHARES), whole, equal_nan=True)


def test_p95_is_the_95th_percentile():
    of = rows(drawn())
    asked = spans_of(of)
    assert np.array_equal(of.p95(asked, "cpu"), of.percentiles(asked, "cpu", (0.95,))[0], equal_nan=True)


def test_peaks_are_exact_and_a_span_without_rows_has_none():
    held = drawn()
    of = rows(held)
    peaks = [values.max() if len(values) else np.nan for values in within(held, ASKED)]
    assert np.array_equal(of.peaks(spans_of(of)), peaks, equal_nan=True)
    assert np.isnan(peaks).sum() == 4


def test_days_with_several_rows_count_once_and_days_without_any_not_at_all():
    held = drawn()
    of = rows(held)
    days = [len({day for s, day, _ in held if s == series and first <= day < end}) for series, first, end in ASKED]
    assert of.days(spans_of(of)).tolist() == days
    assert days[0] == 3
    assert days[7] == 4


def test_a_series_begins_with_its_first_row():
    assert rows(drawn()).first_days(3).tolist() == [0, 3, 0]


def test_of_no_rows_and_of_no_spans_nothing_is_said():
    none, some = rows([]), rows(drawn())
    assert none.percentiles(spans_of(none, [(0, 0, 9)]), "cpu", SHARES).shape == (len(SHARES), 1)
    assert np.isnan(none.peaks(spans_of(none, [(0, 0, 9)]))).all()
    assert none.days(spans_of(none, [(0, 0, 9)])).tolist() == [0]
    nothing = Spans(np.empty(0, np.int64), np.empty(0, np.int64))
    assert some.percentiles(nothing, "cpu", SHARES).shape == (len(SHARES), 0)
    assert (some.peaks(nothing).shape, some.days(nothing).shape) == ((0,), (0,))


def past_of(held, series, moment, reach=99, resource="cpu"):
    of = rows(held, resource)
    found = past(of, resource, np.array([series]), np.array([moment]), reach)
    return {name: getattr(found, name)[0] for name in ("usual", "peak", "median", "days", "age")}


def flat_days(**levels):
    """`levels`: words such as d3=0.5 -> a day at that level."""
    return [(0, int(name[1:]), np.full(20, level)) for name, level in levels.items()]


def test_the_usual_is_the_higher_p95_of_a_week_and_of_two_and_the_peak_is_of_four():
    held = [(0, day, RANDOM.lognormal(-1, 1, 50)) for day in range(40)]
    found = past_of(held, 0, 35)
    last = {days: within(held, [(0, 35 - days, 35)])[0] for days in (7, 14, 28)}
    assert found["usual"] == pytest.approx(max(slowly.read(last[days], 0.95, "cpu") for days in (7, 14)))
    assert found["peak"] == last[28].max()
    assert found["median"] == pytest.approx(slowly.read(last[14], 0.5, "cpu"))
    assert (found["days"], found["age"]) == (28.0, 35.0)


def test_a_week_that_was_busier_than_the_two_decides_and_so_does_the_busier_of_two():
    risen = flat_days(**{f"d{day}": 0.1 for day in range(10)}, **{f"d{day}": 0.9 for day in range(13, 14)})
    assert past_of(risen, 0, 14)["usual"] == 0.9
    fallen = flat_days(**{f"d{day}": 0.9 for day in range(7)}, **{f"d{day}": 0.1 for day in range(7, 14)})
    assert past_of(fallen, 0, 14)["usual"] == 0.9
    assert past_of(fallen, 0, 21)["usual"] == pytest.approx(0.1, rel=0.01)


def test_of_one_that_rested_for_two_weeks_only_the_peak_before_is_known():
    found = past_of(flat_days(d0=0.4, d1=0.4), 0, 20)
    assert found == {"usual": 0.4, "peak": 0.4, "median": 0.0, "days": 2.0, "age": 20.0}


def test_of_one_that_rested_for_four_weeks_nothing_is_known_but_its_age():
    found = past_of(flat_days(d0=0.4), 0, 40)
    assert np.isnan([found["usual"], found["peak"]]).all()
    assert (found["days"], found["age"]) == (0.0, 40.0)


def test_of_memory_the_usual_is_the_peak_and_no_size_is_below_that_of_five_weeks():
    """Five weeks take in the end of the last month."""
    held = [(0, day, np.array([1e8, 3e8 - day])) for day in range(40)]
    found = past_of(held, 0, 40, resource="memory")
    assert found == {"usual": 3e8 - 12, "peak": 3e8 - 12, "median": 3e8 - 5, "days": 28.0, "age": 40.0}
    short = past_of(held, 0, 40, 3, resource="memory")
    assert short == {"usual": 3e8 - 37, "peak": 3e8 - 37, "median": 3e8 - 37, "days": 3.0, "age": 40.0}


@pytest.mark.parametrize(("reach", "level"), [(99, 0.9), (9, 0.9), (8, 0.1), (3, 0.1)])
def test_with_less_reach_only_the_last_days_are_looked_at_and_the_age_stays(reach, level):
    held = flat_days(**{f"d{day}": 0.9 for day in range(12)}, **{f"d{day}": 0.1 for day in range(12, 20)})
    found = past_of(held, 0, 20, reach)
    assert found["peak"] == level
    assert found["usual"] == pytest.approx(level, rel=0.01)
    assert (found["days"], found["age"]) == (min(reach, 20), 20.0)
