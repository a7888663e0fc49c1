"""Load over time: by local clocks, daylight saving included, and between nothing and one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from costkit.demo.patterns import LEAK_PERIOD, Moments, desired, load, per_pod
from costkit.demo.workloads import WORKLOADS
from costkit.model.window import STEP


def _at(zone, year, month, day, hour=0):
    return np.array([datetime(year, month, day, hour, tzinfo=ZoneInfo(zone)).timestamp()])


def _month(zone):
    start = _at(zone, 2026, 10, 12)[0]
    return Moments.at(start + STEP * np.arange(28 * 288), zone)


@pytest.mark.parametrize("shape", ["flat", "office", "diurnal", "spiky", "crunch", "leak"])
def test_load_is_a_share_that_comes_near_one(shape):
    values = load(shape, _month("America/New_York"))
    assert values.min() >= 0
    assert 0.98 <= values.max() <= 1


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin"])
def test_office_hours_follow_the_clock_across_the_end_of_summer_time(zone):
    for month, day in ((10, 23), (11, 2)):
        for hour, busy in ((7, False), (10, True), (16, True), (19, False)):
            value = load("office", Moments.at(_at(zone, 2026, month, day, hour), zone))[0]
            assert (value > 0.9) == busy, (month, day, hour)
            assert (value == 0) == (not busy)


def test_nobody_works_on_weekends():
    month = _month("Europe/Berlin")
    assert load("office", month)[month.weekend].max() == 0


def test_a_leak_falls_only_where_it_starts_anew():
    moments = _month("UTC")
    steps = np.diff(load("leak", moments))
    resets = moments.seconds[1:][steps < 0]
    assert len(resets) in (3, 4)
    assert (resets % LEAK_PERIOD < STEP).all()


def test_replicas_follow_the_load_within_their_bounds():
    for row, scale in ((row, row.autoscale) for row in WORKLOADS if row.autoscale):
        moments = _month(row.zone)
        wanted = desired(row, moments)
        assert wanted.min() == scale.minimum
        assert wanted.max() == scale.maximum
        assert per_pod(row, row.shape, moments).max() <= 1 + 1e-9
