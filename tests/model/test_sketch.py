"""Sketches against numpy on the raw samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costkit.model.sketch import EMPTY, FLOORS, GROWTH, bucket_of, build, merge, percentile, share_at, upper_edge

CORES = st.lists(st.floats(FLOORS["cpu"], 1e4), min_size=1, max_size=60).map(np.array)
SHARES = st.sampled_from([0.01, 0.5, 0.9, 0.95, 0.98, 0.995, 1.0])
EXACT = 1 + 1e-10
"""What a value on an edge may be read too low by: the last bits of a double."""


@given(CORES, SHARES)
def test_a_percentile_is_never_below_the_sample_and_at_most_one_per_cent_above(values, share):
    exact = np.quantile(values, share, method="inverted_cdf")
    read = percentile(build(values, "cpu"), share, float(values.max()), "cpu")
    assert exact / EXACT <= read <= exact * GROWTH * EXACT


@given(st.lists(CORES, min_size=1, max_size=5))
def test_merged_sketches_are_the_sketch_of_all_samples(parts):
    merged, whole = merge([build(part, "cpu") for part in parts]), build(np.concatenate(parts), "cpu")
    assert merged.buckets.tolist() == whole.buckets.tolist()
    assert merged.counts.tolist() == whole.counts.tolist()


@given(st.floats(1e-6, 1e6), st.integers(1, 300), SHARES)
def test_every_percentile_of_a_constant_is_that_constant(value, count, share):
    read = percentile(build(np.full(count, value), "cpu"), share, value, "cpu")
    assert read == pytest.approx(value, rel=1e-10)
    assert read <= value


@settings(max_examples=50)
@given(st.integers(1, 2000), st.sampled_from(sorted(FLOORS)))
def test_a_value_on_an_edge_lies_in_the_bucket_that_the_edge_ends(bucket, resource):
    edge = upper_edge(bucket, resource)
    assert bucket_of(np.array([edge, edge * (1 + 1e-6)]), resource).tolist() == [bucket, bucket + 1]


def test_zero_and_what_lies_below_the_floor_are_in_the_first_bucket():
    sketch = build(np.array([0.0, -1e-9, 1e-9, FLOORS["cpu"]]), "cpu")
    assert (sketch.buckets.tolist(), sketch.counts.tolist()) == ([0], [4])
    assert percentile(sketch, 0.98, 0.0, "cpu") == 0.0


def test_huge_values_keep_their_relative_error():
    sketch = build(np.array([1e15]), "memory")
    assert 1e15 <= percentile(sketch, 0.5, 2e15, "memory") <= 1e15 * GROWTH


def test_what_is_not_a_number_is_dropped():
    sketch = build(np.array([[1.0, np.nan], [np.inf, 2.0]]), "cpu")
    assert sketch.samples == 2


def test_an_empty_sketch_has_no_percentile():
    assert build(np.array([np.nan]), "cpu").samples == 0
    assert merge([]) == EMPTY
    assert np.isnan(percentile(EMPTY, 0.98, 1.0, "cpu"))


@given(CORES, st.floats(FLOORS["cpu"], 1e4))
def test_the_share_at_a_value_is_that_of_the_samples_up_to_it_and_at_most_a_bucket_further(values, size):
    found = share_at(build(values, "cpu"), size, "cpu")
    assert np.mean(values <= size / EXACT) <= found <= np.mean(values <= size * GROWTH * EXACT)


@given(CORES, SHARES)
def test_the_share_at_a_percentile_is_at_least_its_own(values, share):
    sketch = build(values, "cpu")
    assert share_at(sketch, percentile(sketch, share, float(values.max()), "cpu"), "cpu") >= share - 1e-9


def test_the_share_at_the_peak_is_all_and_below_everything_none():
    sketch = build(np.array([0.1, 0.2, 0.4]), "cpu")
    assert [share_at(sketch, size, "cpu") for size in (0.05, 0.1, 0.3, 0.4)] == [0.0, 1 / 3, 2 / 3, 1.0]
    assert np.isnan(share_at(EMPTY, 1.0, "cpu"))
