"""Peaks of pods' first minutes, and those of the days that no start reached."""

from costkit.analyze.profiles import profiles
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage

DAY = 86_400


def started(at, peak, after, day=0):
    """A pod that starts at a step of the day with `peak` for ten minutes, and uses `after` from then on."""
    row = flat(after, at)
    row[at : at + 2] = peak
    return samples((series("api-2", start=MIDNIGHT + day * DAY + at * 300), row), day=day)


def steady(value, day):
    return samples((series(), flat(value)), day=day)


def peaks(*days):
    found = profiles(usage(*days))[API, "cpu"]
    return found.peak, found.start_peak, found.steady_peak


def test_a_peak_of_a_start_is_told_from_the_steady_one():
    assert peaks(steady(0.2, 0), started(12, 3.0, 0.2, day=1), steady(0.3, 2)) == (3.0, 3.0, 0.3)


def test_a_start_below_the_days_peak_is_not_what_made_it():
    assert peaks(started(12, 0.1, 0.4)) == (0.4, 0.1, 0.4)


def test_without_a_start_there_is_no_peak_of_one():
    assert peaks(steady(0.2, 0)) == (0.2, None, 0.2)


def test_where_each_days_peak_is_a_starts_the_steady_one_is_not_known():
    assert peaks(started(12, 3.0, 0.2), started(20, 2.0, 0.2, day=1)) == (3.0, 3.0, None)


def test_ten_minutes_are_a_start_and_the_eleventh_is_not():
    row = flat(0.2, 12)
    row[14] = 3.0
    assert peaks(samples((series(start=MIDNIGHT + 12 * 300), row))) == (3.0, 0.2, 3.0)
    row[13] = 4.0
    assert peaks(samples((series(start=MIDNIGHT + 12 * 300), row)))[1:] == (4.0, None)
