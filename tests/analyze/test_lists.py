"""Sketches of a frame as flat arrays: whatever the chunks and the order, what a merge of each row's sketch says."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from costkit.analyze import lists
from costkit.analyze.lists import Sketches, chunked
from costkit.model.sketch import Sketch, merge, percentile, upper_edge

RANDOM = np.random.default_rng(7)


def sketch():
    size = int(RANDOM.integers(0, 30))
    buckets = np.sort(RANDOM.choice(400, size, replace=False)).astype(np.int32)
    return Sketch(buckets, RANDOM.integers(1, 50, size))


def frame(sketches, *cuts):
    """In chunks that end at the cuts."""
    bounds = [0, *cuts, len(sketches)]
    columns = {}
    for name, kind in (("buckets", pa.int32()), ("counts", pa.int64())):
        values = [getattr(one, name).tolist() for one in sketches]
        chunks = [values[first:end] for first, end in pairwise(bounds)]
        columns[name] = pa.chunked_array([pa.array(chunk, pa.list_(kind)) for chunk in chunks])
    return pa.table(columns)


def rows(found):
    return [(b.tolist(), c.tolist()) for b, c in (found.merged(i, i + 1) for i in range(len(found.offsets) - 1))]


def listed(sketches):
    return [(one.buckets.tolist(), one.counts.tolist()) for one in sketches]


@pytest.mark.parametrize("cuts", [(), (40,), (1, 1, 17, 99)])
def test_rows_are_taken_in_the_order_that_is_asked_for(cuts):
    made = [sketch() for _ in range(100)]
    places = RANDOM.permutation(100)[:60]

    assert rows(Sketches.of(frame(made, *cuts), "", places)) == listed(made[place] for place in places)


def test_a_slice_of_a_frame_has_its_own_rows():
    made = [sketch() for _ in range(50)]
    part = frame(made, 20).slice(13, 30)

    assert rows(Sketches.of(part, "", np.arange(30))) == listed(made[13:43])


def test_a_null_is_an_empty_sketch():
    table = pa.table({"buckets": pa.array([[1], None, [2]]), "counts": pa.array([[3], None, [4]])})

    assert rows(Sketches.of(table, "", np.arange(3))) == [([1], [3]), ([], []), ([2], [4])]


@pytest.mark.parametrize("cells", [1, 900, 1_000_000])
def test_runs_of_rows_are_joined_as_a_merge_joins_them(cells, monkeypatch):
    """However few counters are held at once; runs may overlap, be empty, and stand in any order."""
    monkeypatch.setattr(lists, "_CELLS", cells)
    made = [sketch() for _ in range(80)]
    first = RANDOM.integers(0, 80, 40)
    end = np.minimum(first + RANDOM.integers(0, 9, 40), 80)
    found = Sketches.of(frame(made), "", np.arange(80)).joined(first, end)

    merged = [merge(made[a:b]) for a, b in zip(first, end, strict=True)]
    assert rows(found) == listed(merged)


def test_a_share_of_the_samples_is_read_as_model_sketch_reads_it():
    made = [sketch() for _ in range(60)]
    shares = (0.0, 0.5, 0.95, 1.0)
    found = Sketches.of(frame(made), "", np.arange(60)).buckets_at(shares)

    for share, buckets in zip(shares, found.tolist(), strict=True):
        for one, bucket in zip(made, buckets, strict=True):
            asked = percentile(one, share, np.inf, "cpu")
            assert (bucket == -1) if np.isnan(asked) else (upper_edge(bucket, "cpu") == asked)


def test_of_no_rows_nothing_is_joined_or_read():
    none = Sketches.empty(0)

    assert rows(none.joined(np.empty(0, int), np.empty(0, int))) == []
    assert none.buckets_at((0.5, 0.95)).shape == (2, 0)


def test_each_place_is_found_in_its_chunk():
    column = pa.chunked_array([[10, 11], [], [12], [13, 14]], pa.int64())
    places = np.array([4, 0, 3, 2, 0])
    found = np.full(5, -1)
    for chunk, mine, at in chunked(column, places):
        found[mine] = np.asarray(chunk)[at]

    assert found.tolist() == [14, 10, 13, 12, 10]
