"""Each figure of a record against a loop over weeks and samples, as the issue defines it."""

from dataclasses import astuple
from math import exp, isnan, log

import numpy as np
import pytest

from costkit.analyze.cut import cut
from costkit.analyze.score import Judge
from costkit.model.window import DAY
from tests.analyze.traces import HOUR, lognormal, trace, use

RANDOM = np.random.default_rng(31)
FLOOR = {"cpu": 0.01, "memory": 2.0**25}
LEVEL = {"cpu": 0.03, "memory": 8e7}


def made(resource):
    """Busy series, one that is idle all the time and one that comes out of idleness."""
    level = LEVEL[resource]
    kinds = [lognormal(RANDOM, 42, level * 2.0**power) for power in range(-1, 3)]
    kinds += [np.full(42 * 24, FLOOR[resource] / 2), np.repeat([FLOOR[resource] / 2, level], 21 * 24)]
    return [use(values, 9_000.0 * i) for i, values in enumerate(kinds)]


def judged(uses, resource, size):
    """The weeks as the issue has them, with a size for each by `size(series, week)`, and the two records."""
    done = cut([trace(str(i), **{resource: one}) for i, one in enumerate(uses)], resource)
    order = zip(done.weeks.series.tolist(), done.weeks.start.tolist(), strict=True)
    sizes = np.array([size(series, round((start - uses[series].at[0]) / DAY)) for series, start in order])
    return Judge.of(done.weeks, resource, FLOOR[resource]).records(sizes)


def slowly(uses, resource, size, active):
    """Figures of a Record in their order."""
    rows = []
    for series, one in enumerate(uses):
        for day in range(14, 42, 7):
            week = [v for t, v in zip(one.at, one.values, strict=True) if day <= (t - one.at[0]) / DAY < day + 7]
            p95 = sorted(week)[int(np.ceil(0.95 * len(week))) - 1]
            request = size(series, day)
            if isnan(request) or (active and p95 <= FLOOR[resource]):
                continue
            above = sum(v > request for v in week) / len(week)
            measure = max(p95 if resource == "cpu" else max(week), FLOOR[resource])
            often, very = (above > 0.05, above > 0.1) if resource == "cpu" else (above > 0, above > 0.1)
            over = sum(v - request for v in week if v > request)
            rows.append(
                (often, very, over, sum(week), request * len(week), log(request / measure), p95 <= FLOOR[resource])
            )
    often, very, over, used, reserved, logs, idle = zip(*rows, strict=True)
    n = len(rows)
    return (
        *(n, sum(often) / n, sum(very) / n, sum(over) / sum(used), sum(reserved) / sum(used)),
        *(exp(sum(logs) / n), sum(idle) / n),
    )


def drawn(resource):
    """A size for each series and week around its level; of one series nothing is said in one week."""
    sizes = {
        (series, day): FLOOR[resource] * RANDOM.lognormal(1.5, 0.8) for series in range(6) for day in range(7, 42, 7)
    }
    sizes[1, 21] = float("nan")
    return lambda series, day: sizes[series, day]


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_the_figures_are_those_of_each_week_and_sample(resource):
    uses, size = made(resource), drawn(resource)
    every, active = judged(uses, resource, size)
    assert astuple(every) == pytest.approx(slowly(uses, resource, size, active=False))
    assert astuple(active) == pytest.approx(slowly(uses, resource, size, active=True))
    assert every.weeks == 6 * 4 - 1
    assert 0 < active.weeks < every.weeks
    assert (0 < every.violated < 1, every.idle_share > 0, active.idle_share) == (True, True, 0.0)


def week_with(above, of=7 * 24):
    """Three weeks of 1, and one in which some samples are 2."""
    values = np.ones(28 * 24)
    values[-of : len(values) - of + above] = 2.0
    return [use(values)]


@pytest.mark.parametrize(
    ("above", "violated", "violated10"), [(8, 0.0, 0.0), (9, 0.5, 0.0), (16, 0.5, 0.0), (17, 0.5, 0.5)]
)
def test_a_week_is_violated_from_more_than_a_twentieth_and_in_earnest_from_more_than_a_tenth_on(
    above, violated, violated10
):
    """Of 168 samples 8.4 and 16.8."""
    record, _ = judged(week_with(above), "cpu", lambda *_: 1.5)
    assert (record.weeks, record.violated, record.violated10) == (2, violated, violated10)


def test_exactly_a_twentieth_is_not_more_than_it():
    values = np.ones(28 * 20)
    values[-7:] = 2.0
    record, _ = judged([use(values, step=DAY / 20)], "cpu", lambda *_: 1.5)
    assert (record.violated, record.over_use) == (0.0, pytest.approx(7 * 0.5 / (280 + 7)))


@pytest.mark.parametrize(("above", "violated"), [(0, 0.0), (1, 0.5), (100, 0.5)])
def test_memory_is_violated_by_one_sample_above_the_limit(above, violated):
    uses = [use(of.values * 2.0**30) for of in week_with(above)]
    record, _ = judged(uses, "memory", lambda *_: 1.5 * 2.0**30)
    assert record.violated == violated


def test_use_at_the_size_is_not_above_it():
    record, _ = judged(week_with(5), "memory", lambda *_: 2.0)
    assert (record.violated, record.over_use, record.geo_reserve) == (0.0, 0.0, pytest.approx(2.0 / FLOOR["memory"]))


def test_below_the_floor_the_reserve_is_held_against_the_floor():
    record, active = judged([use(np.full(28 * 24, 0.001))], "cpu", lambda *_: 0.02)
    assert (record.geo_reserve, record.idle_share, record.reserve_over_use) == (
        *(pytest.approx(2.0), 1.0, pytest.approx(20.0)),
    )
    assert (active.weeks, isnan(active.violated), isnan(active.geo_reserve)) == (0, True, True)


@pytest.mark.parametrize(("use_", "idle"), [(0.0099, 1.0), (0.01, 1.0), (0.0101, 0.0)])
def test_a_week_whose_p95_is_at_the_floor_is_idle(use_, idle):
    record, active = judged([use(np.full(28 * 24, use_))], "cpu", lambda *_: 0.02)
    assert (record.idle_share, active.weeks) == (idle, 2 * (1 - idle))


def test_the_week_before_the_first_judged_one_is_in_no_figure():
    values = np.ones(21 * 24)
    values[7 * 24 : 14 * 24] = 9.0
    record, _ = judged([use(values)], "cpu", lambda *_: 1.5)
    assert (record.weeks, record.violated, record.over_use) == (1, 0.0, 0.0)


def test_where_no_size_was_said_there_is_no_week():
    record, _ = judged(week_with(9), "cpu", lambda *_: float("nan"))
    assert record.weeks == 0
    assert all(isnan(figure) for figure in astuple(record)[1:])


def test_of_weeks_without_any_use_no_ratio_is_made():
    record, _ = judged([use(np.zeros(28 * 24), step=HOUR)], "cpu", lambda *_: 0.01)
    assert (record.weeks, record.violated, record.geo_reserve) == (2, 0.0, 1.0)
    assert isnan(record.over_use)
    assert isnan(record.reserve_over_use)
