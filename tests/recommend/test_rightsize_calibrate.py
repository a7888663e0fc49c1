"""The factor: which weeks it rests on, and that it is the quantile of them that the target allows."""

from math import ceil, log, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costkit.model.policy import CPU_GRID
from costkit.model.scores import ScoreSet, ScoreTable
from costkit.model.window import DAY
from costkit.recommend.rightsize.calibrate import TABLE_WEIGHT, Calibration
from costkit.recommend.rightsize.promise import scores
from tests.recommend.weeks import past, weeks

FLOOR = 0.01
RANDOM = np.random.default_rng(17)
NONE = ScoreTable()
"""No table: own weeks alone."""


def table(*sets):
    """Sets whose scores are the same for CPU in each band and for memory."""
    return ScoreTable(tuple(ScoreSet(str(i), "x", (np.array(s),) * 3, np.array(s)) for i, s in enumerate(sets)))


def calibration(made=None, of=NONE, **fields):
    return Calibration(**{"resource": "cpu", "weeks": made, "table": of, "floor": FLOOR, "grid": (), **fields})


def drawn(count, seed=0):
    return np.exp(np.random.default_rng(seed).normal(0, 0.3, count))


def slowly(pairs, target):
    """The least score with weight of (1 - t) (W + 1) at or below it, but W (1 - t / 2) at the most: pair by pair."""
    total = sum(weight for _, weight in pairs)
    wanted = min((1 - target) * (total + 1), total * (1 - target / 2))
    reached = 0.0
    for score, weight in sorted(pairs):
        reached += weight
        if reached >= wanted * (1 - 1e-9):
            return score
    return max(score for score, _ in pairs)


@pytest.mark.parametrize("target", [0.05, 0.1, 0.2])
@pytest.mark.parametrize("count", [1, 5, 19, 100, 777])
def test_own_weeks_alone_give_their_conformal_quantile(count, target):
    used = drawn(count)
    found = calibration(weeks(used)).factor(target)
    assert found.log == pytest.approx(slowly([(log(value), 1.0) for value in used], target))
    assert found.own_weeks == count


def test_of_many_weeks_the_targets_share_goes_beyond_the_factor():
    used = np.arange(1.0, 1001.0)
    found = np.exp(calibration(weeks(used)).factor(0.1).log)
    assert found == pytest.approx(ceil(0.9 * 1001))
    assert (used > found * (1 + 1e-9)).sum() == 99


def test_a_few_weeks_are_taken_for_one_more_that_went_beyond_but_half_of_what_is_allowed_stays():
    assert np.exp(calibration(weeks(np.arange(1.0, 11.0))).factor(0.2).log) == pytest.approx(9.0)
    assert np.exp(calibration(weeks(np.arange(1.0, 31.0))).factor(0.2).log) == pytest.approx(25.0)


@given(
    st.lists(st.floats(0.05, 20.0), min_size=1, max_size=60),
    st.lists(st.lists(st.floats(-2, 2), min_size=1, max_size=20), max_size=3),
    st.sampled_from([0.02, 0.05, 0.1, 0.2]),
    st.sampled_from(["cpu", "memory"]),
)
def test_own_and_shipped_weeks_together_give_the_weighted_quantile(used, sets, target, resource):
    made = calibration(weeks(used), table(*sets), resource=resource)
    own = scores(resource, target, weeks(used), FLOOR)
    pairs = [(score, 1.0) for score in own.tolist()]
    pairs += [(score, TABLE_WEIGHT[resource] / len(sets) / len(held)) for held in sets for score in held]
    assert made.factor(target).log == pytest.approx(slowly(pairs, target))


def test_a_table_alone_gives_its_own_quantile():
    shipped = np.linspace(-1, 1, 200)
    found = calibration(of=table(shipped)).factor(0.1)
    assert found.log == pytest.approx(slowly([(score, 0.5) for score in shipped], 0.1))
    assert found.own_weeks == 0


def test_each_set_weighs_the_same_however_many_scores_it_has():
    few, many = [1.0] * 2, [0.0] * 1000
    assert calibration(of=table(few, many)).factor(0.2).log == 1.0
    assert calibration(of=table(many, few, many, many, many, many)).factor(0.2).log == 0.0


def test_a_set_without_scores_of_the_resource_takes_no_weight():
    sets = (*table([0.0] * 10).sets, ScoreSet("memory alone", "x", memory=np.array([5.0])))
    # the table's 100 are more than 0.9 of 108 + 1, and less than 0.9 of 112 + 1
    for count, factor in ((8, 1.0), (12, 2.0)):
        found = calibration(weeks(np.full(count, 2.0)), ScoreTable(sets)).factor(0.1)
        assert np.exp(found.log) == pytest.approx(factor)
    assert calibration(of=ScoreTable(sets), resource="memory").factor(0.02).log == 5.0


def test_the_shipped_table_fades_as_own_weeks_grow():
    """The table asks for e times the base, own weeks for the base: at 10 % it decides until it weighs a tenth."""
    shipped = table([1.0] * 50)
    factors = [calibration(weeks(np.ones(count)), shipped).factor(0.1).log for count in (0, 10, 500, 880, 920, 5000)]
    assert factors == [1.0, 1.0, 1.0, 1.0, 0.0, 0.0]


def test_memorys_table_is_light():
    shipped = table([1.0] * 50)
    made = weeks(np.ones(100), peak=np.ones(100))
    assert calibration(made, shipped, resource="memory").factor(0.2).log == 1.0
    made = weeks(np.ones(160), peak=np.ones(160))
    assert calibration(made, shipped, resource="memory").factor(0.2).log == 0.0
    assert calibration(weeks(np.ones(160)), shipped).factor(0.2).log == 1.0


@pytest.mark.parametrize("made", [None, weeks([])])
def test_where_nothing_is_known_nothing_is_said(made):
    found = calibration(made).factor(0.1)
    assert np.isnan(found.log)
    assert found.own_weeks == 0
    assert np.isnan(calibration(made).factors(0.1, np.array([3.0, 9.0]))).all()


def test_a_later_week_changes_nothing_before_its_end():
    used, end = drawn(60), np.repeat(np.arange(21.0, 63.0, 7), 10)
    bad = np.where(end < 56, used, 50.0)
    one, other = (calibration(weeks(values, end=end)) for values in (used, bad))
    moments = np.array([21.0, 35.0, 55.99, 56.0, 70.0]) * DAY
    before, after = (of.factors(0.1, moments) for of in (one, other))
    assert before[:3].tolist() == after[:3].tolist()
    assert (after[3:] > before[3:]).all()


def test_a_factor_rests_on_the_weeks_that_had_ended_and_on_those_alone():
    used, end = drawn(60), np.repeat(np.arange(21.0, 63.0, 7), 10)
    made = calibration(weeks(used, end=end))
    for day in (20.9, 21, 27.9, 28, 40, 56, 99):
        ended = [(log(value), 1.0) for value, at in zip(used, end, strict=True) if at <= day]
        found = made.factor(0.1, day * DAY)
        assert found.own_weeks == len(ended)
        assert found.log == pytest.approx(slowly(ended, 0.1) if ended else nan, nan_ok=True)


def test_factors_of_many_moments_are_those_of_each_in_their_order():
    made = calibration(weeks(drawn(60), end=np.repeat(np.arange(21.0, 63.0, 7), 10)), table(RANDOM.normal(0, 1, 30)))
    moments = np.array([56.0, 21, 35, 21, 99, 3]) * DAY
    assert made.factors(0.05, moments).tolist() == [made.factor(0.05, moment).log for moment in moments]


@given(st.lists(st.floats(0.05, 20.0), min_size=1, max_size=60), st.data())
def test_a_lower_risk_never_has_a_lower_factor_within_a_band(used, data):
    low, high = data.draw(st.sampled_from([(0.01, 0.07), (0.071, 0.15), (0.151, 0.5)]))
    one, other = sorted(data.draw(st.floats(low, high)) for _ in range(2))
    made = calibration(weeks(used), table([-0.5, 0.1, 0.7]))
    assert made.factor(one).log >= made.factor(other).log


def test_the_own_weeks_can_be_left_out():
    shipped = table(np.linspace(-1, 0, 50))
    found = calibration(weeks(np.full(999, 9.0)), shipped, own=False).factor(0.1)
    assert found == calibration(of=shipped).factor(0.1)
    assert np.isnan(calibration(weeks(np.full(999, 9.0)), own=False).factor(0.1).log)


@pytest.mark.parametrize(("resource", "least"), [("cpu", 13.5), ("memory", 6.5)])
def test_weeks_with_too_little_before_them_do_not_count(resource, least):
    ages = np.array([least - 0.1, least, 28.0])
    made = weeks(np.full(3, 2.0), past(np.ones(3), age=ages), peak=np.full(3, 2.0))
    assert calibration(made, resource=resource).factor(0.1).own_weeks == 2


def test_weeks_before_which_nothing_was_seen_do_not_count():
    made = weeks([0.5, 0.5], past([np.nan, 1.0]))
    assert calibration(made).factor(0.1).own_weeks == 1


def test_rounding_up_is_part_of_what_holds():
    """Used 200m after 200m: 195m and a little is rounded up to enough."""
    held = weeks(np.full(50, 0.2), past(np.full(50, 0.2)))
    assert calibration(held, grid=CPU_GRID).factor(0.1).log == pytest.approx(log(0.195 / 0.2), abs=2e-4)
    assert calibration(held).factor(0.1).log == 0.0


def test_where_most_are_idle_the_few_that_work_are_above_their_size_twice_as_often_as_promised_at_the_most():
    """Of 1000 weeks 900 are held by the floor: the share of all would leave the other 100 with nothing."""
    used = np.concatenate([np.full(900, FLOOR / 2), np.arange(1.0, 101.0)])
    found = np.exp(calibration(weeks(used)).factor(0.1).log)
    assert found == pytest.approx(81.0)
    assert (used > found * (1 + 1e-9)).sum() == 19
    shipped = table([-np.inf] * 90 + [0.0] * 7 + [1.0] * 3)
    assert calibration(of=shipped).factor(0.1).log == 1.0


def test_where_all_are_idle_the_floor_is_enough():
    assert calibration(weeks(np.full(50, FLOOR / 2))).factor(0.1).log == -np.inf


@pytest.mark.parametrize(("target", "count"), [(0.05, 20), (0.02, 50)])
def test_memory_is_given_what_its_class_asks_for_by_hand_while_own_weeks_are_few(target, count):
    """Until a miss of the target would have been seen once."""
    few, many = (weeks(np.ones(n), peak=np.ones(n)) for n in (count - 1, count))
    shipped = table([0.1] * 10)
    found = [
        calibration(made, shipped, resource="memory", by_hand=1.5).factor(target).log for made in (None, few, many)
    ]
    assert found == pytest.approx([log(1.5), log(1.5), 0.1])
    more = calibration(few, table([0.9] * 10), resource="memory", by_hand=1.5).factor(target).log
    assert more == pytest.approx(0.9)


def test_cpu_has_no_factor_by_hand():
    assert calibration(of=table([0.1] * 10), by_hand=1.5).factor(0.1).log == 0.1
    assert np.isnan(calibration(by_hand=1.5).factor(0.1).log)
