"""Traces cut into weeks, against a look at each sample; and which weeks there are."""

from itertools import pairwise

import numpy as np
import pytest

from costkit.analyze.cut import cut
from costkit.model.trace import Use
from costkit.model.window import DAY
from tests.analyze import slowly
from tests.analyze.traces import HOUR, lognormal, trace, use

RANDOM = np.random.default_rng(23)
START = 1_000_000.0
"""No midnight."""


def weeks_of(*uses, resource="cpu", reach=99):
    return cut([trace(str(i), **{resource: one}) for i, one in enumerate(uses)], resource, reach).weeks


def starts(weeks, series=0, first=0.0):
    """Days from the first sample to each week's start."""
    return [(start - first) / DAY for s, start in zip(weeks.series, weeks.start, strict=True) if s == series]


def samples(weeks, place):
    part = slice(weeks.offsets[place], weeks.offsets[place + 1])
    return weeks.values[part], weeks.counts[part]


def test_weeks_start_at_the_first_sample_and_14_days_and_one_is_before_that_to_learn_from():
    weeks = weeks_of(use(np.ones(42 * 24), START))
    assert starts(weeks, first=START) == [7, 14, 21, 28, 35]
    assert weeks.past.age.tolist() == [7, 14, 21, 28, 35]
    assert (np.diff(weeks.start) == 7 * DAY).all()


@pytest.mark.parametrize(
    ("hours", "last"), [(26 * 24, 21), (26 * 24 - 1, 14), (28 * 24, 21), (12 * 24, 7), (12 * 24 - 1, None)]
)
def test_a_last_week_counts_from_five_days_on(hours, last):
    """The last sample speaks of an hour as all others do."""
    found = starts(weeks_of(use(np.ones(hours))))
    assert (found[-1] if found else None) == last


def test_a_last_week_ends_with_its_last_sample_and_all_others_after_seven_days():
    weeks = weeks_of(use(np.ones(27 * 24 - 6), START))
    assert ((weeks.end - START) / DAY).tolist() == [14, 21, 27 - 7 / 24]


def test_a_series_of_less_than_twelve_days_has_no_week_and_neither_has_one_without_samples():
    weeks = cut([trace(), trace("b", cpu=use(np.ones(11 * 24)))], "cpu").weeks
    assert (len(weeks), len(weeks.samples), len(weeks.past.usual)) == (0, 0, 0)


def test_a_week_without_any_sample_is_none_and_days_without_one_are_no_days():
    of = use(lognormal(RANDOM, 42), without=(8, 9, *range(21, 28)))
    weeks = weeks_of(of)
    assert starts(weeks) == [7, 14, 28, 35]
    assert weeks.samples.tolist() == [5 * 24, 7 * 24, 7 * 24, 7 * 24]
    assert weeks.past.days.tolist() == [7, 12, 19, 19]


@pytest.mark.parametrize("resource", ["cpu", "memory"])
@pytest.mark.parametrize("reach", [99, 3])
def test_what_is_known_before_each_week_and_what_was_used_in_it_are_those_of_its_samples(resource, reach):
    level = {"cpu": 0.2, "memory": 3e8}[resource]
    uses = [
        use(lognormal(RANDOM, 50, level, 7200), START, 7200, without=(18, 19, *range(30, 40))),
        use(lognormal(RANDOM, 33, level, 7200), START + 5.3 * DAY, 7200),
    ]
    weeks = weeks_of(*uses, resource=resource, reach=reach)
    assert len(weeks) == 6 + 4
    for place, (series, start) in enumerate(zip(weeks.series.tolist(), weeks.start.tolist(), strict=True)):
        at, values = uses[series].at, uses[series].values
        known = {name: getattr(weeks.past, name)[place] for name in ("usual", "peak", "median", "days", "age")}
        assert known == pytest.approx(slowly.past(at, values, start, resource, reach), nan_ok=True)
        week = values[(at >= start) & (at < start + 7 * DAY)]
        assert samples(weeks, place)[0].tolist() == sorted(week)
        assert weeks.p95[place] == pytest.approx(slowly.read(week, 0.95, resource))
        assert weeks.peak[place] == week.max()


def test_series_keep_their_own_beginning_and_weeks_that_ended_first_stand_first():
    weeks = weeks_of(use(np.ones(40 * 24), START), use(np.ones(30 * 24), START + 3 * DAY + HOUR))
    assert starts(weeks, 0, START) == [7, 14, 21, 28, 35]
    assert starts(weeks, 1, START + 3 * DAY + HOUR) == [7, 14, 21]
    assert all(one <= other for one, other in pairwise(weeks.end))
    assert weeks.series.tolist() == [0, 1, 0, 1, 0, 1, 0, 0]


def test_percentiles_are_of_the_14_days_before_each_week_or_of_what_may_be_looked_at():
    of = use(lognormal(RANDOM, 30))
    for reach in (99, 14, 3):
        done = cut([trace(cpu=of)], "cpu", reach)
        shares = (0.9, 0.99)
        for start, column in zip(done.weeks.start, done.percentiles(shares).T, strict=True):
            before = of.between(start - min(reach, 14) * DAY, start).values
            assert column == pytest.approx([slowly.read(before, share, "cpu") for share in shares])


def test_samples_that_stand_for_several_are_as_good_as_the_samples_themselves():
    once = use(lognormal(RANDOM, 30))
    counts = RANDOM.integers(1, 5, len(once.at))
    many = Use(once.at, once.values, counts)
    single = Use(np.repeat(once.at, counts), np.repeat(once.values, counts), np.ones(counts.sum(), np.int64))
    one, other = (weeks_of(of) for of in (many, single))
    for name in ("usual", "peak", "median", "days", "age"):
        assert getattr(one.past, name).tolist() == getattr(other.past, name).tolist()
    assert one.p95.tolist() == other.p95.tolist()
    assert one.samples.tolist() == other.samples.tolist()
    assert one.use == pytest.approx(other.use)
    asked = one.past.usual
    assert one.judge(asked).above.tolist() == other.judge(asked).above.tolist()
    values, held = samples(one, 1)
    assert np.repeat(values, held).tolist() == samples(other, 1)[0].tolist()


@pytest.mark.parametrize(("days", "count"), [(25, 2), (26, 3)])
def test_of_a_history_five_days_are_five_sketches(days, count):
    at = START + DAY * (np.arange(days) + 0.5)
    assert len(weeks_of(Use(at, np.ones(days), np.full(days, 288)))) == count


def test_days_of_a_history_that_stand_at_their_middle_are_cut_between_days():
    days = [np.sort(RANDOM.lognormal(-2, 1, 20)) for _ in range(30)]
    at = np.repeat(START + DAY * (np.arange(30) + 0.5), 20)
    weeks = weeks_of(Use(at, np.concatenate(days), np.ones(600, np.int64)))
    assert weeks.samples.tolist() == [140, 140, 140]
    assert weeks.past.days.tolist() == [7, 14, 21]
    assert samples(weeks, 1)[0].tolist() == sorted(np.concatenate(days[14:21]))
