"""Each column of the frame `usage` against plain numpy on the raw matrix."""

import numpy as np
import pytest

from costkit.model.sketch import build, percentile
from costkit.model.usage import USAGE
from costkit.model.window import DAY, STEP, STEPS
from tests.analyze.days import MIDNIGHT, flat, rows, samples, series, usage

HOUR = 12
"""Steps."""
RANDOM = np.random.default_rng(7)


def test_the_columns_are_what_numpy_says_of_the_raw_matrix():
    values = RANDOM.gamma(2, 0.2, (3, STEPS))
    values[0, 40:60] = np.nan
    values[1, :100] = np.nan
    (row,) = rows(*((series(f"api-{i}"), values[i]) for i in range(3)))
    step = np.nanargmax(np.nanmax(values, axis=0))
    assert row["peak"] == np.nanmax(values)
    assert row["peak_at"] == MIDNIGHT + (step + 1) * STEP
    assert row["peak_pod"] == f"api-{np.nanargmax(values[:, step])}"
    assert row["mean"] == pytest.approx(np.nanmean(values), rel=1e-12)
    assert row["samples"] == np.isfinite(values).sum()
    assert row["counts"] == build(values, "cpu").counts.tolist()
    hottest = int(np.argmax(np.nanquantile(values, 0.95, axis=1, method="inverted_cdf")))
    halves = values[hottest].reshape(48, 6)
    assert row["hottest_pod"] == f"api-{hottest}"
    assert row["hottest_counts"] == build(values[hottest], "cpu").counts.tolist()
    assert np.array(row["hottest_peaks"]) == pytest.approx(np.nanmax(halves, axis=1), rel=1e-6)
    total = np.nansum(values, axis=0).reshape(48, 6)
    assert np.array(row["total_means"]) == pytest.approx(total.mean(axis=1), rel=1e-6)
    assert np.array(row["total_peaks"]) == pytest.approx(total.max(axis=1), rel=1e-6)


def test_the_hottest_pod_for_cpu_has_the_highest_p95_not_the_highest_peak():
    spiky = flat(0.1)
    spiky[10] = 5.0
    (row,) = rows((series("spiky"), spiky), (series("busy"), flat(0.5)))
    assert (row["hottest_pod"], row["peak_pod"], row["peak"]) == ("busy", "spiky", 5.0)


def test_the_hottest_pod_for_memory_has_the_highest_peak():
    spiky = flat(1e8)
    spiky[10] = 5e8
    (row,) = rows((series("spiky"), spiky), (series("busy"), flat(4e8)), resource="memory")
    assert row["hottest_pod"] == "spiky"


def test_a_pod_with_less_than_six_hours_is_not_the_hottest():
    (row,) = rows((series("canary"), flat(9.0, 0, 6 * HOUR - 1)), (series("old"), flat(0.5)))
    assert row["hottest_pod"] == "old"
    (row,) = rows((series("canary"), flat(9.0, 0, 6 * HOUR)), (series("old"), flat(0.5)))
    assert row["hottest_pod"] == "canary"


def test_six_hours_are_counted_in_samples_not_in_time():
    gappy = flat(9.0)
    gappy[::2] = np.nan
    gappy[140:] = np.nan
    (row,) = rows((series("gappy"), gappy), (series("old"), flat(0.5)))
    assert row["hottest_pod"] == "old"


def test_where_no_pod_has_six_hours_all_are_pooled():
    (row,) = rows((series("a"), flat(1.0, 0, 10)), (series("b"), flat(2.0, 20, 30)))
    assert row["hottest_pod"] == ""
    assert row["hottest_counts"] == row["counts"] == [10, 10]
    assert row["hottest_peaks"][0] == 1.0
    assert row["hottest_peaks"][4] == 2.0


def test_the_total_is_the_sum_of_the_pods_that_were_seen():
    (row,) = rows((series("a"), flat(1.0)), (series("b"), flat(2.0, 0, 144)))
    assert row["total_means"][:24] == [3.0] * 24
    assert row["total_means"][24:] == [1.0] * 24


def test_a_half_hour_that_nobody_saw_is_nan():
    (row,) = rows((series(), flat(1.0, 6, 282)))
    for column in ("hottest_means", "hottest_peaks", "total_means", "total_peaks"):
        unseen = np.isnan(row[column])
        assert unseen[[0, -1]].all()
        assert not unseen[1:-1].any()


def test_the_start_peak_is_of_the_first_ten_minutes_of_a_pod():
    use = flat(0.1)
    use[100:104] = [1.0, 3.0, 2.0, 9.0]
    start = MIDNIGHT + 100 * STEP
    (row,) = rows((series(start=start), use))
    assert row["start_peak"] == 3.0
    (row,) = rows((series(start=start - 1), use))
    assert row["start_peak"] == 3.0
    (row,) = rows((series(start=start + 299), use))
    assert row["start_peak"] == 3.0
    (row,) = rows((series(start=start + 301), use))
    assert row["start_peak"] == 9.0


def test_without_a_start_on_the_day_there_is_no_start_peak():
    (row,) = rows((series(start=MIDNIGHT - DAY), flat(1.0)))
    assert np.isnan(row["start_peak"])


def test_a_whole_day_expects_every_step_of_every_pod():
    (row,) = rows((series("a"), flat(1.0)), (series("b"), flat(1.0)))
    assert (row["samples_expected"], row["pods"], row["pod_hours"]) == (2 * STEPS, 2, 48.0)


def test_a_pod_that_starts_and_ends_within_the_day_is_expected_in_its_whole_steps():
    start, end = MIDNIGHT + 100 * STEP + 1, MIDNIGHT + 200 * STEP - 1
    (row,) = rows((series(start=start, end=end), flat(1.0, 101, 199)))
    assert row["samples_expected"] == row["samples"] == 98
    assert row["pod_hours"] == pytest.approx((end - start) / 3600)


def test_hours_come_from_start_and_end_where_samples_lack():
    (row,) = rows((series(), flat(1.0, 0, 1)))
    assert (row["samples"], row["samples_expected"], row["pod_hours"]) == (1, STEPS, 24.0)


def test_of_a_day_in_part_only_the_part_is_expected():
    (row,) = rows((series(), flat(1.0, 0, 72)), until=0.25)
    assert (row["samples_expected"], row["pod_hours"]) == (72, 6.0)


def test_a_pod_that_ended_before_its_first_whole_step_expects_nothing():
    (row,) = rows((series(start=MIDNIGHT + 10, end=MIDNIGHT + 20), flat(1.0, 0, 1)))
    assert (row["samples_expected"], row["pod_hours"]) == (0, pytest.approx(10 / 3600))


def test_revisions_and_node_classes_have_rows_of_their_own():
    made = rows(
        (series("a", "r2"), flat(1.0)),
        (series("b", node_class="c5/spot"), flat(2.0)),
        (series("c", "r1"), flat(3.0)),
    )
    assert [(r["revision"], r["node_class"], r["mean"]) for r in made] == [
        ("r1", "c5/spot", 2.0),
        ("r1", "m5/on-demand", 3.0),
        ("r2", "m5/on-demand", 1.0),
    ]


NOTHING = np.full(STEPS, np.nan)


def test_pods_without_samples_count_in_the_row_of_the_others():
    (row,) = rows((series("a"), flat(1.0)), *((series(name), NOTHING) for name in "bcd"))
    assert (row["samples"], row["samples_expected"], row["pods"], row["pod_hours"]) == (STEPS, 4 * STEPS, 4, 96.0)
    assert (row["mean"], row["hottest_pod"], row["total_means"][0]) == (1.0, "a", 1.0)


def test_a_class_of_nodes_without_any_sample_has_a_row_of_hours():
    sampled, row = rows((series("a"), flat(1.0)), (series("b", node_class="z1/spot"), NOTHING))
    assert (sampled["samples_expected"], sampled["pod_hours"]) == (STEPS, 24.0)
    assert (row["node_class"], row["samples"], row["samples_expected"]) == ("z1/spot", 0, STEPS)
    assert (row["pods"], row["pod_hours"]) == (1, 24.0)
    assert (row["buckets"], row["hottest_counts"], row["hottest_pod"], row["peak_pod"]) == ([], [], "", "")
    for column in ("peak", "peak_at", "mean", "start_peak", "total_means", "hottest_peaks"):
        assert np.isnan(row[column]).all()


def test_what_was_not_sampled_was_to_be_expected_all_the_same():
    (row,) = rows((series(), NOTHING))
    assert (row["samples"], row["samples_expected"], row["pod_hours"]) == (0, STEPS, 24.0)
    assert rows() == []


def test_the_order_of_the_series_changes_nothing():
    pods = [(series(f"api-{i}"), RANDOM.gamma(2, 0.2, STEPS)) for i in range(4)] + [(series("twin"), flat(0.3))]
    assert str(rows(*pods)) == str(rows(*reversed(pods)))


def test_the_frame_has_its_schema():
    assert usage(samples((series(), flat(1.0)))).schema.equals(USAGE)


def test_a_flat_series_is_read_back_exactly():
    (row,) = rows((series(), flat(0.2)))
    sketch = build(flat(0.2), "cpu")
    assert percentile(sketch, 0.98, row["peak"], "cpu") == 0.2


def test_a_matrix_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="need a matrix of 288 steps"):
        samples((series(), np.zeros(10)))
