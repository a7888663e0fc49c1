"""The course of one workload's use: half hours of the hottest pod, gaps as gaps."""

from dataclasses import replace

import numpy as np
import pytest

from costkit.analyze.curves import curves
from costkit.model.window import DAY, HALF_HOURS, Window
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage

WINDOW = Window(MIDNIGHT, MIDNIGHT + 2 * DAY)


def curve(*days, window=WINDOW):
    (found,) = curves(usage(*days), window, API.workload)[API]
    return found


def test_days_lie_end_to_end_and_a_day_without_samples_is_a_gap():
    found = curve(samples((series(), flat(2.0)), day=2), window=Window(MIDNIGHT, MIDNIGHT + 3 * DAY))

    assert (found.start, found.days) == (MIDNIGHT, 1)
    assert len(found.means) == len(found.peaks) == 3 * HALF_HOURS
    assert np.isnan(found.means[: 2 * HALF_HOURS]).all()
    assert set(found.means[2 * HALF_HOURS :]) == {2.0}


def test_half_hours_that_nobody_saw_are_gaps():
    found = curve(samples((series(), flat(1.0, first=0, last=150))))

    assert np.isfinite(found.peaks[:25]).all()
    assert np.isnan(found.peaks[25:]).all()


def test_a_peak_stands_in_its_half_hour():
    row = flat(1.0)
    row[100] = 7.0
    found = curve(samples((series(), row), day=1))

    assert [place for place, peak in enumerate(found.peaks) if peak == 7.0] == [HALF_HOURS + 100 // 6]


def test_of_several_rows_a_day_the_highest_counts():
    old, new = series("api-1", "r1"), series("api-2", "r2")
    found = curve(samples((old, flat(3.0, last=200)), (new, flat(1.0, first=100))))

    assert found.means[10] == 3.0
    assert found.means[25] == 3.0
    assert found.means[40] == 1.0


def test_the_hottest_pod_is_that_of_most_days():
    days = [
        samples((series("api-1"), flat(hot)), (series("api-2"), flat(2.0)), day=day) for day, hot in enumerate((1, 3))
    ]
    third = samples((series("api-1"), flat(1.0)), (series("api-2"), flat(2.0)), day=2)
    found = curve(*days, third, window=Window(MIDNIGHT, MIDNIGHT + 3 * DAY))

    assert (found.hottest_pod, found.hottest_days, found.days) == ("api-2", 2, 3)


def test_where_all_pods_are_pooled_none_is_the_hottest():
    found = curve(samples((series(), flat(1.0, last=12))))

    assert (found.hottest_pod, found.hottest_days) == ("", 0)


def test_a_window_may_end_within_a_day():
    found = curve(samples((series(), flat(1.0))), window=Window(MIDNIGHT, MIDNIGHT + DAY / 4))

    assert len(found.peaks) == HALF_HOURS // 4


def test_containers_are_apart_cpu_is_first_and_other_workloads_are_passed_over():
    proxy, other = API.workload.of("proxy"), replace(API, name="other")
    found = curves(
        usage(
            samples((series(), flat(2.0**30)), resource="memory"),
            samples((series(), flat(1.0)), (series(target=proxy), flat(0.5)), (series(target=other), flat(9.0))),
        ),
        WINDOW,
        API.workload,
    )

    assert {target: [c.resource for c in drawn] for target, drawn in found.items()} == {
        API: ["cpu", "memory"],
        proxy: ["cpu"],
    }
    assert found[proxy][0].means[0] == pytest.approx(0.5)


def test_a_workload_without_use_has_none():
    assert curves(usage(samples((series(), flat(1.0)))), WINDOW, API.workload.of("")) != {}
    assert curves(usage(samples((series(), flat(1.0)))), WINDOW, replace(API, name="idle")) == {}
