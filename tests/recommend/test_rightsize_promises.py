"""What the rule with a promise asks for, container by container, and its record; fleets and factors by hand."""

from dataclasses import replace
from math import exp, isnan, log

import numpy as np
import pytest

from costkit.model.facts import Facts
from costkit.model.policy import Policies
from costkit.model.scores import ScoreSet, ScoreTable
from costkit.model.target import Target
from costkit.model.weeks import Fleet
from costkit.recommend.rightsize.promises import Promises
from tests.recommend.cases import API, GIB, MIB, RISK, profile
from tests.recommend.weeks import past, weeks

WEB, NEW = (Target("shop", "Deployment", name, "main") for name in ("web", "new"))
EVEN = ScoreTable((ScoreSet("x", "y", (np.zeros(9),) * 3, np.zeros(9)),))
"""Weeks that needed just the rule's base: the factor is 1."""
CPU, MEMORY = RISK.rightsize.classes[-1].cpu, RISK.rightsize.classes[-1].memory


def promises(fleets=None, table=EVEN):
    return Promises(Facts((), fleets=fleets or {}), Policies(RISK.rightsize, table))


def fleet(made=None, now=None, places=(API, WEB)):
    now = past([0.2, 0.4], [0.8, 0.4], median=np.array([0.1, 0.1])) if now is None else now
    return Fleet({target: i for i, target in enumerate(places)}, now, weeks([]) if made is None else made)


def test_a_container_is_sized_by_what_the_fleet_knows_of_it():
    found = promises({"cpu": fleet()}).of(API, profile(9.9), CPU, 9.9)
    assert found is not None
    assert (found.usual, found.peak, found.median) == (0.2, 0.8, 0.1)
    assert found.base == pytest.approx(0.2**0.9 * 0.8**0.1)
    assert (found.factor, found.addition, found.own_weeks) == (1.0, 1.0, 0)
    assert found.needed == pytest.approx(found.base)
    assert found.by == "use"


def test_a_short_history_is_part_of_the_factor():
    of = fleet(now=past([0.2, 0.2], days=np.array([7.0, 28.0])))
    short, long = (promises({"cpu": of}).of(target, profile(0.2), CPU, 0.2) for target in (API, WEB))
    assert short is not None
    assert long is not None
    assert (short.addition, short.factor) == (pytest.approx(exp(0.055)), pytest.approx(exp(0.055)))
    assert short.needed == pytest.approx(0.2 * exp(0.055))
    assert (long.addition, long.needed) == (1.0, pytest.approx(0.2))


def test_where_the_median_is_more_it_decides():
    low = ScoreTable((ScoreSet("x", "y", (np.full(9, -1.0),) * 3),))
    found = promises({"cpu": fleet(now=past([0.2, 0.2], median=0.19))}, low).of(API, profile(0.2), CPU, 0.2)
    assert found is not None
    assert (found.needed, found.by) == (0.19, "median")


@pytest.mark.parametrize("fleets", [{}, {"cpu": fleet()}, {"memory": fleet()}])
def test_one_that_no_fleet_knows_is_sized_by_its_profile(fleets):
    use = np.concatenate([np.full(60, 0.1), np.full(39, 0.3), [0.6]])
    found = promises(fleets).of(NEW, profile(use, days=14.0), CPU, 0.6)
    assert found is not None
    assert found.usual == pytest.approx(0.3, rel=0.01)
    assert found.median == pytest.approx(0.1, rel=0.01)
    assert (found.peak, found.addition) == (0.6, pytest.approx(exp(0.01)))
    assert found.needed == pytest.approx(found.usual**0.9 * 0.6**0.1 * exp(0.01))


def test_memory_of_one_that_no_fleet_knows_goes_by_its_peak():
    use = np.array([0.5 * GIB, GIB])
    found = promises().of(NEW, profile(use, "memory", peak=2 * GIB, days=28.0), MEMORY, 2 * GIB)
    assert found is not None
    assert (found.usual, found.peak, found.base) == (2 * GIB, 2 * GIB, pytest.approx(2 * GIB))
    assert found.needed == pytest.approx(2 * GIB * MEMORY.limit_over_peak)


def test_without_any_weeks_and_any_table_nothing_is_promised():
    assert promises(table=ScoreTable()).of(NEW, profile(0.2), CPU, 0.2) is None
    assert promises({"cpu": fleet()}, ScoreTable()).of(API, profile(0.2), CPU, 0.2) is None


def test_of_one_that_rested_for_four_weeks_nothing_is_promised():
    of = fleet(now=past([np.nan, 0.2], [np.nan, 0.2]))
    assert promises({"cpu": of}).of(API, profile(0.2), CPU, 0.2) is None


def test_a_peak_of_starts_is_left_out_but_the_usual_stays():
    """The window's highest is 800m at starts, else 500m."""
    seen = profile(0.2, peak=0.8)
    of = promises({"cpu": fleet()})
    whole, steady, low = (of.of(API, seen, CPU, peak) for peak in (0.8, 0.5, 0.1))
    assert whole is not None
    assert steady is not None
    assert low is not None
    assert (whole.peak, steady.peak, low.peak) == (0.8, 0.5, 0.2)
    assert steady.needed == pytest.approx(0.2**0.9 * 0.5**0.1)
    assert low.needed == pytest.approx(0.2)


def test_a_higher_peak_from_before_the_window_is_of_no_start_of_the_window():
    found = promises({"cpu": fleet()}).of(API, profile(0.2, peak=0.6), CPU, 0.3)
    assert found is not None
    assert found.peak == 0.8


def held(used, series=None, end=None, age=28.0):
    """Weeks after 28 days at 1 core flat: at a factor of 1 the request is 1 core."""
    return weeks(
        [max(samples) for samples in used],
        past(np.ones(len(used)), age=age),
        end=end,
        samples=used,
        series=series,
    )


GOOD = [0.5] * 20
BAD = [1.5] * 2 + [0.5] * 18
"""Two of twenty samples are half a core above the request of 1; ten and twelve cores of use."""


def told(score):
    return score.weeks, score.violated, score.over_use, score.own


def test_a_container_has_the_record_of_its_own_weeks_and_a_new_one_the_fleets():
    made = held([GOOD, BAD, GOOD, BAD, BAD], series=[0, 0, 1, 1, 1])
    of = promises({"cpu": fleet(made)})
    own, other, new = (of.score(target, "cpu", CPU) for target in (API, WEB, NEW))
    assert told(own) == (2, pytest.approx(1 / 2), pytest.approx(1.0 / 22.0), True)
    assert told(other) == (3, pytest.approx(2 / 3), pytest.approx(2.0 / 34.0), True)
    assert told(new) == (5, pytest.approx(3 / 5), pytest.approx(3.0 / 56.0), False)


def test_exactly_a_twentieth_above_is_no_miss_and_a_sample_of_memory_is_one():
    one_above = [1.5] + [0.5] * 19
    found = promises({"cpu": fleet(held([one_above], series=[0]))}).score(API, "cpu", CPU)
    assert told(found) == (1, 0.0, pytest.approx(0.5 / 11.0), True)
    memory = weeks([5 * GIB], past(GIB), samples=[[GIB, 5 * GIB]], series=[0])
    found = promises({"memory": fleet(memory)}).score(API, "memory", MEMORY)
    assert found is not None
    assert (found.weeks, found.violated, found.resource) == (1, 1.0, "memory")
    assert found.over_use == pytest.approx(3.5 / 6.0)


def test_without_a_week_or_a_fleet_there_is_no_record():
    assert promises().score(API, "cpu", CPU) is None
    assert promises().kept("cpu", CPU) is None
    none = promises({"cpu": fleet()})
    assert (none.score(API, "cpu", CPU), none.kept("cpu", CPU)) == (None, None)


def test_weeks_with_less_than_two_before_them_are_in_no_record():
    made = held([BAD, BAD], series=[0, 0], age=np.array([7.0, 14.0]))
    found = promises({"cpu": fleet(made)}).score(API, "cpu", CPU)
    assert found is not None
    assert found.weeks == 1


def test_a_record_is_of_what_the_rule_would_have_asked_for_then_not_of_what_it_knows_now():
    """Three weeks of ten containers at double use: the first is missed by all, then the rule has learned."""
    end = np.repeat([21.0, 28.0, 35.0], 10)
    made = held([[2.0] * 20] * 30, series=np.tile(np.arange(10), 3), end=end)
    found = promises({"cpu": fleet(made, places=[API])}, ScoreTable()).kept("cpu", CPU)
    assert found is not None
    assert len(found.violated) == 20  # of the first ten nothing is known yet: neither weeks nor a table
    assert not found.violated.any()
    light = ScoreTable((ScoreSet("x", "y", (np.zeros(1),) * 3),))
    with_table = promises({"cpu": fleet(made, places=[API])}, light).kept("cpu", CPU)
    assert with_table is not None
    assert len(with_table.violated) == 30
    assert with_table.violated[:10].all()


def test_the_share_of_those_that_work_is_told_apart_from_the_idle_ones():
    idle = [0.001] * 20
    kept = promises({"cpu": fleet(held([idle, idle, BAD, GOOD], series=[0, 0, 1, 1]))}).kept("cpu", CPU)
    assert kept is not None
    assert (kept.violated.mean(), kept.active_violated, kept.idle.tolist()) == (0.25, 0.5, [True, True, False, False])
    nothing = promises({"cpu": fleet(held([idle], series=[0]))}).kept("cpu", CPU)
    assert nothing is not None
    assert isnan(nothing.active_violated)


def test_classes_of_one_cluster_have_factors_of_their_own():
    used = np.exp(np.random.default_rng(1).normal(0, 0.3, 300))
    of = promises({"cpu": fleet(weeks(used))}, ScoreTable())
    rare, often = (of.of(API, profile(1.0), replace(CPU, target=target), 1.0) for target in (0.05, 0.2))
    assert rare is not None
    assert often is not None
    assert rare.factor > often.factor
    assert (rare.own_weeks, often.own_weeks) == (300, 300)
    assert log(rare.factor) == pytest.approx(np.quantile(np.log(used), 0.95), abs=0.05)


def test_memory_below_the_floor_is_taken_to_be_at_it():
    found = promises().of(NEW, profile(1 * MIB, "memory", days=28.0), MEMORY, 1 * MIB)
    assert found is not None
    assert found.base == pytest.approx(MEMORY.floor)
