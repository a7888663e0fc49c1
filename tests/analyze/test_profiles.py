"""Days of sketches merged to one profile a container and resource."""

import numpy as np
import pyarrow as pa
import pytest

from costkit.analyze.profiles import profiles
from costkit.model.sketch import percentile
from costkit.model.target import Target
from costkit.model.usage import empty
from costkit.model.window import DAY, STEP, STEPS
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage

RANDOM = np.random.default_rng(11)


def profile(*days, resource="cpu"):
    return profiles(usage(*days))[(API, resource)]


def hottest(found, share=0.98):
    return percentile(found.hottest, share, found.hottest_peak, found.resource)


def test_a_profile_is_of_all_its_days():
    raw = [RANDOM.gamma(2, 0.2, STEPS) for _ in range(5)]
    found = profile(*(samples((series(), row), day=i) for i, row in enumerate(raw)))
    pooled = np.concatenate(raw)
    exact = np.quantile(pooled, 0.98, method="inverted_cdf")
    assert exact <= percentile(found.pooled, 0.98, found.peak, "cpu") <= exact * 1.01
    assert found.pooled.samples == found.hottest.samples == 5 * STEPS
    assert found.mean == pytest.approx(pooled.mean())
    assert found.peak == pooled.max()
    assert found.daily_peaks == tuple(row.max() for row in raw)
    assert (found.days, found.coverage) == (5.0, 1.0)


def test_the_mean_is_weighted_by_samples():
    found = profile(samples((series(), flat(1.0))), samples((series(), flat(4.0, 0, 144)), day=1))
    assert found.mean == pytest.approx(2.0)


def test_the_hottest_is_each_days_hottest_pod():
    monday = samples((series("a"), flat(1.0)), (series("b"), flat(0.1)))
    tuesday = samples((series("a"), flat(0.1)), (series("b"), flat(2.0)), day=1)
    found = profile(monday, tuesday)
    assert found.hottest.samples == 2 * STEPS
    assert (hottest(found, 0.5), hottest(found, 0.51)) == (pytest.approx(1.0, rel=0.01), 2.0)


def test_a_canary_of_another_revision_does_not_count_beside_a_pod_of_six_hours():
    found = profile(samples((series("old"), flat(0.2)), (series("canary", "r2"), flat(9.0, 0, 4))))
    assert (hottest(found, 1.0), found.hottest.samples) == (0.2, STEPS)
    assert (found.peak, found.peak_pod) == (9.0, "canary")


def test_a_days_hottest_pod_is_the_hottest_of_all_node_classes():
    busy, idle = series("busy", node_class="c5/spot"), series("idle")
    found = profile(samples((busy, flat(1.0)), (idle, flat(0.1))))
    assert (found.hottest.samples, hottest(found, 0.01)) == (STEPS, 1.0)


def test_the_hottest_of_all_node_classes_is_by_peak_for_memory():
    spiky = flat(1e8)
    spiky[7] = 6e8
    found = profile(
        samples((series("a", node_class="c5/spot"), spiky), (series("b"), flat(5e8)), resource="memory"),
        resource="memory",
    )
    assert (found.hottest_peak, hottest(found, 0.5)) == (6e8, pytest.approx(1e8, rel=0.01))


def test_pods_of_minutes_are_pooled_where_none_ran_for_hours():
    found = profile(samples((series("a", "r1"), flat(1.0, 0, 4)), (series("b", "r2"), flat(2.0, 8, 12))))
    assert (found.hottest.samples, found.hottest_peak) == (8, 2.0)


@pytest.mark.parametrize("cores", [0.1, 0.212, 0.3, 1 / 3, 3.3, 3.9, 17.7])
def test_a_flat_series_is_read_back_exactly(cores):
    found = profile(*(samples((series(), flat(cores)), day=i) for i in range(3)))
    assert hottest(found) == cores


def test_the_hottest_pods_peak_is_its_own_where_another_pod_has_the_days():
    spiky = flat(0.1)
    spiky[3] = 7.0
    found = profile(samples((series("spiky"), spiky), (series("busy"), flat(0.5))))
    assert (found.peak, found.hottest_peak) == (7.0, 0.5)


def test_days_are_counted_from_the_first_half_hour_seen_to_the_last():
    found = profile(
        samples((series(), flat(1.0, 276, STEPS))),
        samples((series(), flat(1.0)), day=1),
        samples((series(), flat(1.0, 0, 12)), day=2),
    )
    assert found.days == pytest.approx(1 + 2 / 48 + 2 / 48)


def test_a_job_that_runs_for_minutes_every_night_has_been_seen_for_days():
    nights = [samples((series(f"job-{i}"), flat(1.0, 36, 38)), day=i) for i in range(8)]
    assert profile(*nights).days == pytest.approx(7, abs=0.05)


def test_days_without_any_sample_are_not_counted():
    found = profile(samples((series(), flat(1.0))), samples((series(), flat(2.0)), day=5))
    assert (found.days, found.daily_peaks) == (2.0, (1.0, 2.0))


def test_coverage_is_samples_over_samples_expected_and_at_most_one():
    assert profile(samples((series(), flat(1.0, 0, 72)))).coverage == 0.25
    brief = series(start=MIDNIGHT + 10, end=MIDNIGHT + 20)
    assert profile(samples((brief, flat(1.0, 0, 1)))).coverage == 1.0


def test_pods_that_gave_no_sample_count_as_samples_missed_and_nowhere_else():
    unseen = np.full(STEPS, np.nan)
    found = profile(
        samples((series("a"), flat(1.0)), (series("b", "r2"), unseen), (series("c", "r3"), unseen)),
        samples((series("a"), unseen), (series("other", target=API.of("other")), flat(1.0)), day=1),
    )
    assert (found.coverage, found.days, found.daily_peaks) == (0.25, 1.0, (1.0,))
    assert (found.mean, found.peak_pod, found.hottest.samples) == (1.0, "a", STEPS)


def test_a_container_without_any_sample_has_no_profile():
    other = Target("shop", "Deployment", "web", "main")
    table = usage(samples((series(), np.full(STEPS, np.nan)), (series("w", target=other), flat(2.0))))
    assert list(profiles(table)) == [(other, "cpu")]
    assert profiles(usage(samples((series(), np.full(STEPS, np.nan))))) == {}


def test_of_equal_peaks_the_first_is_told():
    found = profile(samples((series(), flat(1.0)), day=1), samples((series(), flat(1.0)), day=0))
    assert found.peak_at == MIDNIGHT + STEP


def test_the_order_of_the_rows_changes_nothing():
    days = [samples((series(f"p{p}", f"r{p}"), RANDOM.gamma(2, 0.2, STEPS)), day=d) for d in range(3) for p in range(2)]
    one, other = profile(*days), profile(*reversed(days))
    assert str(one) == str(other)


def test_containers_and_resources_have_profiles_of_their_own():
    web = Target("shop", "Deployment", "web", "main")
    table = pa.concat_tables(
        [
            usage(samples((series(), flat(1.0)), (series("w", target=web), flat(2.0)))),
            usage(samples((series(), flat(1e9)), resource="memory")),
        ]
    )
    found = profiles(table)
    assert {key: p.peak for key, p in found.items()} == {(API, "cpu"): 1.0, (API, "memory"): 1e9, (web, "cpu"): 2.0}


def test_without_rows_there_are_no_profiles():
    assert profiles(empty("usage")) == {}


def test_a_sliced_frame_is_read_at_its_own_rows():
    whole = usage(samples((series(), flat(9.0))), samples((series(), flat(1.0)), day=1))
    found = profiles(whole.slice(1))[(API, "cpu")]
    assert (found.peak, found.daily_peaks, found.hottest.samples) == (1.0, (1.0,), STEPS)
    assert whole["day"][1].as_py() == MIDNIGHT + DAY
