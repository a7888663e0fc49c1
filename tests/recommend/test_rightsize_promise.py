"""The rule with a promise, by hand: base, bands, what a short history adds, what held a week, and the cap."""

from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costkit.model.policy import CPU_GRID, MEMORY_GRID
from costkit.recommend.rightsize.grid import ceil_to
from costkit.recommend.rightsize.promise import addition, band_of, base, capped, on_grid, scores, sizes, weight_of
from tests.recommend.cases import GIB, MIB
from tests.recommend.weeks import past, weeks

FLOOR = 0.01
TARGETS = [0.05, 0.10, 0.20]


@pytest.mark.parametrize(
    ("target", "band", "weight"),
    [
        (0.05, 0, 0.15),
        (0.07, 0, 0.15),
        (0.071, 1, 0.1),
        (0.1, 1, 0.1),
        (0.15, 1, 0.1),
        (0.151, 2, 0.05),
        (0.2, 2, 0.05),
    ],
)
def test_a_promise_that_is_broken_more_rarely_leans_more_on_the_peak(target, band, weight):
    assert (band_of("cpu", target), weight_of(target), band_of("memory", target)) == (band, weight, 0)
    (found,) = base("cpu", target, past(0.2, 0.8), FLOOR)
    assert found == pytest.approx(0.2 ** (1 - weight) * 0.8**weight)


@given(st.floats(1e-4, 50), st.floats(1, 30), st.sampled_from(TARGETS))
def test_the_base_lies_between_the_usual_and_the_peak(usual, times, target):
    (found,) = base("cpu", target, past(usual, usual * times), FLOOR)
    assert usual * (1 - 1e-9) <= found <= usual * times * (1 + 1e-9)


def test_the_base_of_memory_is_the_peak_but_not_below_the_floor():
    found = base("memory", 0.02, past([GIB, 1 * MIB], [3 * GIB, 1 * MIB]), 32 * MIB)
    assert found == pytest.approx([3 * GIB, 32 * MIB])


def test_what_rested_has_a_base_and_what_was_never_seen_has_none():
    assert base("cpu", 0.1, past(0.0), FLOOR) == pytest.approx([1e-4])
    assert np.isnan(base("cpu", 0.1, past(np.nan), FLOOR)).all()


@pytest.mark.parametrize(
    ("resource", "target", "added"),
    [
        ("cpu", 0.05, (0.18, 0.12, 0.03, 0.0)),
        ("cpu", 0.10, (0.09, 0.055, 0.01, 0.0)),
        ("cpu", 0.20, (0.06, 0.04, 0.007, 0.0)),
        ("memory", 0.02, (0.12, 0.08, 0.03, 0.0)),
    ],
)
def test_a_short_history_adds_as_much_as_its_days_lack(resource, target, added):
    found = addition(resource, target, past(1.0, days=np.array([3.0, 7.0, 14.0, 28.0])))
    assert found == pytest.approx(added)
    beyond = addition(resource, target, past(1.0, days=np.array([0.0, 1.0, 56.0])))
    assert beyond == pytest.approx([added[0], added[0], 0.0])


def test_between_two_lengths_the_addition_goes_with_the_logarithm_of_the_days():
    days = 10.0
    share = (log(days) - log(7)) / (log(14) - log(7))
    (found,) = addition("cpu", 0.05, past(1.0, days=days))
    assert found == pytest.approx(0.12 + share * (0.03 - 0.12))


def test_a_size_is_the_base_times_the_factor_and_the_addition():
    (found,) = sizes("cpu", 0.05, past(0.2, 0.8, days=7.0), np.array([log(1.1)]), FLOOR)
    assert found == pytest.approx(0.2**0.85 * 0.8**0.15 * 1.1 * exp(0.12))


def test_no_size_is_below_the_median_and_a_factor_of_nothing_leaves_the_median():
    flat = past(0.2, median=0.2)
    assert sizes("cpu", 0.1, flat, np.array([log(0.9)]), FLOOR) == pytest.approx([0.2])
    assert sizes("cpu", 0.1, flat, np.array([-inf]), FLOOR) == pytest.approx([0.2])
    assert np.isnan(sizes("cpu", 0.1, flat, np.array([np.nan]), FLOOR)).all()


@given(st.lists(st.floats(1e-5, 100.0), max_size=20), st.sampled_from([0.01, 0.05]))
def test_cores_on_the_grid_are_those_of_the_production_rule(needed, floor):
    found = on_grid(np.array(needed, float), floor, CPU_GRID)
    assert found.tolist() == [ceil_to(max(one, floor), CPU_GRID) for one in needed]


@given(st.lists(st.floats(2.0**16, 2.0**40), max_size=20))
def test_bytes_on_the_grid_are_those_of_the_production_rule(needed):
    found = on_grid(np.array(needed, float), 32 * MIB, MEMORY_GRID)
    assert found.tolist() == [ceil_to(max(one, 32 * MIB), MEMORY_GRID) for one in needed]


def test_what_is_not_known_is_not_on_the_grid_either():
    assert np.isnan(on_grid(np.array([np.nan]), FLOOR, CPU_GRID)).all()


@pytest.mark.parametrize("target", [0.05, 0.1, 0.2])
def test_a_score_without_a_grid_is_the_factor_that_just_holds_the_week(target):
    before = past([0.2, 0.5, 0.3], [0.8, 0.5, 0.9], days=np.array([28.0, 7.0, 3.0]))
    found = scores("cpu", target, weeks([0.31, 0.44, 0.9], before), FLOOR)
    assert sizes("cpu", target, before, found, FLOOR) == pytest.approx([0.31, 0.44, 0.9])


USED = st.lists(st.floats(0.011, 8.0), min_size=1, max_size=8)


@given(USED, st.floats(0.5, 3.0), st.sampled_from([0.05, 0.1, 0.2]))
def test_with_the_grid_the_factor_of_a_score_holds_the_week_and_a_lower_one_does_not(used, times, target):
    before = past(np.array(used) / times, np.array(used) * 1.5 / times)
    found = scores("cpu", target, weeks(used, before), FLOOR, CPU_GRID)
    held, short = (on_grid(sizes("cpu", target, before, found + move, FLOOR), FLOOR, CPU_GRID) for move in (0.0, -2e-4))
    for one, size, less in zip(used, held, short, strict=True):
        assert less < ceil_to(one, CPU_GRID) <= size


def test_a_week_that_the_floor_or_the_median_holds_needs_no_factor():
    held = weeks([0.009, 0.01, 0.2, 0.2], past([0.5, 0.5, 0.2, 0.2], median=np.array([0.0, 0.0, 0.2, 0.19])))
    assert np.isneginf(scores("cpu", 0.1, held, FLOOR, CPU_GRID)).tolist() == [True, True, True, False]


def test_a_median_that_rounds_to_less_than_the_use_does_not_hold_it():
    """Used 200m; of what is on the grid only 200m and more hold it, a median of 195m does not, one of 196m does."""
    held = weeks([0.2, 0.2], past([0.2, 0.2], median=np.array([0.195, 0.196])))
    assert np.isneginf(scores("cpu", 0.1, held, FLOOR, CPU_GRID)).tolist() == [False, True]
    assert on_grid(np.array([0.195, 0.196]), FLOOR, CPU_GRID).tolist() == [0.195, 0.2]


def test_memory_is_scored_by_the_peak_of_the_week_and_cpu_by_its_p95():
    held = weeks([0.5 * GIB], past(GIB), peak=[2.1 * GIB])
    (found,) = scores("memory", 0.02, held, 32 * MIB, MEMORY_GRID)
    assert found == pytest.approx(log(2.0), abs=2e-4)
    (found,) = scores("cpu", 0.1, weeks([0.5], past(1.0), peak=[2.0]), FLOOR, CPU_GRID)
    assert found == pytest.approx(log(0.495), abs=2e-4)


def test_a_week_before_which_nothing_was_seen_has_no_score():
    assert np.isnan(scores("cpu", 0.1, weeks([0.5], past(np.nan)), FLOOR, CPU_GRID)).all()


@pytest.mark.parametrize(
    ("needed", "peak", "cap", "limit"),
    [
        (3.0, 1.0, inf, 3.0),  # nothing is in force
        (3.0, 1.0, 4.0, 3.0),  # less than what is in force
        (3.0, 1.0, 2.0, 2.0),  # more than it: it stays
        (3.0, 1.8, 2.0, 2.0),  # a peak at 90 % of it is not yet near
        (3.0, 1.81, 2.0, 1.81 * 1.15),  # near it: a step above the peak
        (2.05, 1.9, 2.0, 2.05),  # not more than was needed
        (1.0, 1.9, 2.0, 1.0),
    ],
)
def test_a_limit_is_not_above_what_is_in_force_but_for_a_peak_near_it(needed, peak, cap, limit):
    assert capped(np.array([needed]), past(peak), np.array([cap])) == pytest.approx([limit])
