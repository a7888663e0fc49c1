"""A new level that is 3 to 6 days old is named with its numbers; a weekend, an incident or noise is not."""

import numpy as np
import pytest

from costkit.analyze.profiles import profiles
from costkit.model.sketch import EMPTY, percentile
from tests.analyze.days import API, flat, samples, series, usage

MIB = 2.0**20
WEEK = [1.0, 1.0, 0.2, 0.2, 1.0, 1.0, 1.0]
"""The made-up days begin on a Thursday."""


def shift(*levels, resource="cpu", until=1.0):
    """One pod at each of the levels for a day; of the last day the share `until` has passed."""
    last = len(levels) - 1
    days = [
        samples((series(), flat(level, 0, round(288 * (until if day == last else 1)))), day=day, resource=resource)
        for day, level in enumerate(levels)
    ]
    return profiles(usage(*days))[API, resource].shift


def told(found):
    return None if found is None else (found.days, pytest.approx(found.before), pytest.approx(found.after), found.rose)


def test_a_rise_of_the_last_days_has_its_age_and_both_levels():
    assert told(shift(*[0.5] * 10, *[2.0] * 4)) == (4, 0.5, 2.0, True)


def test_a_fall_has_them_too():
    found = shift(*[2.0] * 11, *[0.5] * 3)

    assert told(found) == (3, 2.0, 0.5, False)
    assert found.recent is EMPTY


def test_a_rise_tells_what_the_hottest_pod_used_since():
    found = shift(*[0.5] * 10, 2.0, 3.0, 2.0, 2.0)

    assert (found.recent.samples, found.recent_peak) == (4 * 288, 3.0)
    assert percentile(found.recent, 0.5, found.recent_peak, "cpu") == pytest.approx(2.0, rel=0.01)


@pytest.mark.parametrize("days", [1, 2])
def test_two_days_are_an_incident(days):
    assert shift(*[0.5] * 11, *[2.0] * days) is None


@pytest.mark.parametrize("days", [7, 8, 10])
def test_a_level_that_has_lasted_a_week_is_none_of_the_past(days):
    assert shift(*[0.5] * 14, *[2.0] * days) is None


def test_weekends_are_held_against_weekends():
    assert shift(*WEEK, *WEEK, *WEEK[:4]) is None
    assert shift(*WEEK, *WEEK) is None
    assert shift(*WEEK, *WEEK, 1.0) is None


def test_a_weekend_within_the_new_level_does_not_hide_it():
    new = [3 * level for level in WEEK[:5]]

    assert shift(*WEEK, *WEEK, *new).days == 5


def test_a_holiday_week_before_is_not_all_that_a_weekday_is_held_against():
    holiday = [0.2] * 7

    assert shift(*WEEK, *holiday, *WEEK[:4]) is None
    assert shift(*WEEK, *holiday, *[2 * level for level in WEEK[:4]]).days == 4


def test_less_than_half_as_much_again_is_not_far_off():
    assert shift(*[1.0] * 10, *[1.49] * 4) is None
    assert shift(*[1.0] * 10, *[1.5] * 4).days == 4


def test_hundredths_of_a_core_are_nobodys_matter():
    assert shift(*[0.002] * 10, *[0.02] * 4) is None
    assert shift(*[100 * MIB] * 10, *[131 * MIB] * 4, resource="memory") is None


def test_memory_is_judged_by_its_peaks():
    assert told(shift(*[200 * MIB] * 9, *[600 * MIB] * 5, resource="memory")) == (5, 200 * MIB, 600 * MIB, True)


def test_a_day_that_has_only_begun_is_not_a_low_one():
    found = shift(*[0.5] * 10, *[2.0] * 4, 0.1, until=0.1)

    assert told(found) == (4, 0.5, 2.0, True)


def test_days_without_a_same_weekday_before_are_held_against_all_earlier_ones():
    assert told(shift(*[0.5] * 5, *[2.0] * 4)) == (4, 0.5, 2.0, True)
    assert told(shift(*[2.0] * 5, *[0.5] * 4)) == (4, 2.0, 0.5, False)
    assert shift(0.5, 0.5, 0.5, 1.4, 0.5, *[2.0] * 4) is None
    assert shift(2.0, 2.0, 0.7, 2.0, 2.0, *[0.5] * 4) is None


def test_three_earlier_days_are_the_least():
    assert told(shift(*[0.5] * 3, *[2.0] * 4)) == (4, 0.5, 2.0, True)
    assert shift(*[0.5] * 2, *[2.0] * 4) is None
    assert shift(0.5, 0.5, np.nan, *[2.0] * 4) is None
    assert shift(1.0) is None


@pytest.mark.parametrize("days", [4, 5, 6, 7, 8, 9])
def test_the_first_week_of_a_service_is_no_change(days):
    assert shift(*(WEEK * 2)[:days]) is None
    assert shift(*(WEEK * 2)[2 : 2 + days]) is None


def test_a_young_history_whose_level_has_lasted_a_week_has_none():
    assert shift(*[0.5] * 3, *[2.0] * 6).days == 6
    assert shift(*[0.5] * 3, *[2.0] * 7) is None
    assert shift(*[0.5] * 3, *[2.0] * 8) is None


def test_a_container_that_nobody_saw_a_whole_day_has_no_level():
    assert shift(1.0, until=0.2) is None


def test_each_group_is_judged_by_itself():
    other = API.of("sidecar")
    days = [
        samples((series(), flat(2.0 if day > 9 else 0.5)), (series(target=other), flat(1.0)), day=day)
        for day in range(14)
    ]
    found = profiles(usage(*days))

    assert (found[API, "cpu"].shift is None, found[other, "cpu"].shift) == (False, None)


def test_noise_around_one_level_is_no_change():
    random = np.random.default_rng(3)
    found = [shift(*random.lognormal(0, 0.1, 14)) for _ in range(40)]

    assert found == [None] * 40


def test_a_day_that_nobody_saw_neither_ends_the_new_level_nor_is_one_of_its_three():
    assert told(shift(*[0.5] * 10, 2.0, 2.0, np.nan, 2.0)) == (4, 0.5, 2.0, True)
    assert told(shift(*[2.0] * 10, 0.5, np.nan, np.nan, 0.5, 0.5)) == (5, 2.0, 0.5, False)
    assert shift(*[0.5] * 10, 2.0, np.nan, 2.0) is None
    assert shift(*[0.5] * 9, np.nan, 2.0, 2.0, 2.0).days == 3


def test_a_weekday_that_nobody_saw_before_is_held_against_all_earlier_days():
    assert shift(*[0.5] * 4, np.nan, *[0.5] * 5, *[2.0] * 4).days == 4
    assert shift(*[0.5] * 4, np.nan, 0.5, 0.5, 1.9, 0.5, 0.5, *[2.0] * 4) is None


def test_since_a_rise_all_days_count_whatever_was_not_seen_between():
    found = shift(*[0.5] * 10, 3.0, np.nan, 2.0, 2.0)

    assert (found.recent.samples, found.recent_peak) == (3 * 288, 3.0)


def test_a_level_that_has_lasted_a_week_with_a_day_unseen_is_none():
    assert shift(*[0.5] * 10, 2.0, 2.0, np.nan, *[2.0] * 3).days == 6
    assert shift(*[0.5] * 10, 2.0, 2.0, np.nan, *[2.0] * 4) is None
