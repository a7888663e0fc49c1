"""Rules that are tried: what each may look at, and what it says, by hand."""

from math import exp, inf

import numpy as np
import pytest

from costkit.analyze.cut import cut
from costkit.model.scores import ScoreSet, ScoreTable
from costkit.model.window import DAY
from costkit.recommend.trial import PERCENTILES, Trial, sized, week_rows
from tests.analyze.traces import HOUR, lognormal, trace, use
from tests.recommend.cases import GIB, MIB, RISK

RANDOM = np.random.default_rng(59)
EVEN = ScoreTable((ScoreSet("x", "y", (np.zeros(9),) * 3, np.zeros(9)),))
"""Weeks that needed just the rule's base."""


def says(traces, resource, **fields):
    """(rule, target or percentile) -> sizes, one a week, and the weeks."""
    trial = Trial(RISK, **{"table": EVEN, "own_weeks": False, **fields})
    done = cut(traces, resource, trial.reach)
    found = sized(trial, resource, traces, done.weeks, done.percentiles(PERCENTILES))
    return {(one.rule, one.target or one.p): one.sizes.tolist() for one in found}, done.weeks


def flat(value, days=21):
    return use(np.full(days * 24, value))


def test_each_rule_and_target_is_tried_once_in_their_order():
    found, _ = says([trace(cpu=flat(0.2))], "cpu", targets=(0.2, 0.05))
    ours = [("costkit", 0.2), ("costkit", 0.05)]
    assert list(found) == [*ours, ("krr", None), ("vpa", None), *(("percentile", p) for p in PERCENTILES)]
    found, _ = says([trace(memory=flat(GIB))], "memory", memory_targets=(0.03,))
    assert list(found)[:2] == [("costkit", 0.03), ("krr", None)]


def test_the_sizes_of_a_flat_container_are_what_is_worked_out_by_hand():
    """A week at day 7, of which KRR and VPA speak as well, and one at day 14."""
    found, weeks = says([trace(cpu=flat(0.2))], "cpu")
    assert ((weeks.start / DAY).tolist(), weeks.past.days.tolist()) == ([7, 14], [7, 14])
    assert 0.2 * exp(0.03) == pytest.approx(0.2061, abs=1e-4)
    assert found["costkit", 0.05] == [0.23, 0.21]  # 200m x e^.12 = 225.5m, x e^.03 = 206.1m
    assert found["costkit", 0.1] == [0.215, 0.205]  # x e^.055 = 211.3m, x e^.01 = 202.0m
    assert found["costkit", 0.2] == [0.21, 0.205]  # x e^.04 = 208.2m, x e^.007 = 201.4m
    assert found["krr", None] == [0.2, 0.2]
    assert 0.01 * (1.05**14 - 1) / 0.05 < 0.2 < 0.01 * (1.05**15 - 1) / 0.05 == pytest.approx(0.2158, abs=1e-4)
    assert found["vpa", None] == [0.247, 0.247]  # the bucket's end in whole millicores, 15 % of it more, cut again
    assert all(found["percentile", p] == [0.2, 0.2] for p in PERCENTILES)


def test_fixed_percentiles_are_of_14_days_on_the_grid_and_not_below_the_floor():
    values = np.full(21 * 24, 0.001)
    values[: 14 * 24 : 20] = 0.333
    found, _ = says([trace(cpu=use(values))], "cpu")
    assert found["percentile", 0.9][1] == 0.01
    assert found["percentile", 0.99][1] == 0.335


def test_memory_is_the_limit_with_the_cap_that_was_in_force():
    """1Gi of 14 days: x 1.5 by hand x e^.03 = 1.55Gi, on the grid 1.5625Gi."""
    use_ = flat(GIB)

    def limit(cap):
        one = trace(memory=use_, memory_cap_at=np.array([-inf]), memory_cap=np.array([cap]))
        found, _ = says([one], "memory")
        return found["costkit", 0.02][1]

    assert limit(np.nan) == 1.5625 * GIB
    assert limit(1.4 * GIB) == 1.4 * GIB
    assert limit(1.05 * GIB) == pytest.approx(1.15 * GIB)  # pressed: a step above the peak


def test_the_cap_is_the_one_before_each_week():
    one = trace(memory=flat(GIB, 28), memory_cap_at=np.array([0.0, 14 * DAY]), memory_cap=np.array([2.0, 1.2]) * GIB)
    found, weeks = says([one], "memory")
    assert (weeks.start / DAY).tolist() == [7, 14, 21]
    assert found["costkit", 0.02][1:] == [1.5625 * GIB, 1.2 * GIB]


def test_no_rival_knows_of_a_cap():
    capped = trace(memory=flat(GIB), memory_cap_at=np.array([-inf]), memory_cap=np.array([1.1 * GIB]))
    assert says([capped], "memory")[0]["krr", None] == says([trace(memory=flat(GIB))], "memory")[0]["krr", None]
    assert says([capped], "memory")[0]["krr", None][0] == 1178 * MIB  # 1024Mi x 1.15, whole mebibytes


@pytest.mark.parametrize("reach", [3, 7])
def test_with_a_short_history_every_rule_sees_the_last_days_alone(reach):
    """What lies before them is a hundred times as much."""
    step = HOUR / 2
    quiet = lognormal(RANDOM, 21, step=step)
    loud = quiet.copy()
    loud[: (14 - reach) * 48] *= 100
    known = {}
    for name, values in (("quiet", quiet), ("loud", loud)):
        found, weeks = says([trace(cpu=use(values, step=step))], "cpu", max_history=float(reach))
        known[name] = {rule: sizes[1] for rule, sizes in found.items()}
        assert weeks.past.days[1] == reach
    assert known["quiet"] == known["loud"]
    whole, _ = says([trace(cpu=use(loud, step=step))], "cpu")
    assert all(whole[rule][1] > known["loud"][rule] for rule in whole if rule[0] != "vpa" and rule[1] != 0.9)


def test_less_than_half_a_day_is_one_day():
    assert [Trial(RISK, max_history=days).reach for days in (0.2, 1.0, 13.6, None)] == [1, 1, 14, 35]


def test_a_rule_that_needs_a_hundred_samples_says_nothing_without_them():
    found, weeks = says([trace(cpu=use(np.full(21, 0.2), step=DAY))], "cpu")
    assert np.isnan(found["krr", None]).all()
    assert len(weeks) == 2
    assert found["costkit", 0.1][1] == 0.205


def test_the_rows_are_of_the_weeks_that_are_judged_and_of_which_the_rule_speaks():
    traces = [trace("early", cpu=flat(0.2, 28)), trace("gone", cpu=use(np.full(28 * 24, 0.2), without=range(14, 21)))]
    trial = Trial(RISK, table=EVEN)
    done = cut(traces, "cpu")
    for found in sized(trial, "cpu", traces, done.weeks, done.percentiles(PERCENTILES)):
        rows = list(week_rows(traces, done.weeks, "cpu", found))
        assert [(row.series_id, row.week / DAY) for row in rows] == [("early", 14), ("early", 21), ("gone", 21)]
        assert {(row.rule, row.resource, row.target, row.p) for row in rows} == {
            (found.rule, "cpu", found.target, found.p)
        }
        assert [row.request for row in rows] == found.sizes[done.weeks.past.age >= 14].tolist()
    found.sizes[:] = np.nan
    assert list(week_rows(traces, done.weeks, "cpu", found)) == []


def test_a_new_user_has_the_table_alone_and_others_their_own_weeks_once_they_are_over():
    """Thirty containers that use 600m in their third week after 200m."""
    fleet = [trace(str(i), cpu=use(np.repeat([0.2, 0.2, 0.6, 0.6], 7 * 24))) for i in range(30)]
    own, weeks = says(fleet, "cpu", own_weeks=True)
    new, _ = says(fleet, "cpu")
    alone, _ = says(fleet, "cpu", own_weeks=True, table=ScoreTable())

    def at(found, day):
        return {size for size, start in zip(found["costkit", 0.05], weeks.start, strict=True) if start == day * DAY}

    assert at(own, 14) == at(new, 14) == {0.21}
    assert np.isnan(list(at(alone, 14))).all()
    (usual,) = at(new, 21)
    assert usual == 0.61  # 600m, of 21 days x e^.0125
    assert at(own, 21) == at(alone, 21)
    assert min(at(own, 21)) > 2.5 * usual
