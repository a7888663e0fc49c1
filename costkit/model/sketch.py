"""Mergeable log-bucket histograms (sketches): buckets 1 % wide, read at their upper edge.

Bucket i > 0 holds values in (FLOOR x 1.01^(i-1), FLOOR x 1.01^i]; bucket 0 holds all at or below FLOOR of the unit.
Reading a percentile as min(upper edge, exact peak) is never below the sample and at most 1 % above it
(ALGORITHM: flat containers sit exactly on their own p95, a mid-bucket reading counts them as violated).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

GROWTH = 1.01
FLOORS = {"cpu": 1e-4, "memory": 2.0**16, "gpu": 1e-3}
"""Cores, bytes, share of a GPU: the values that bucket 0 ends at."""

_LOG_GROWTH = np.log(GROWTH)
_EDGE_SLACK = 1e-9
"""A value that sits on an edge stays below it, whatever its last bit says."""


class Sketch(NamedTuple):
    """Bucket numbers, ascending, and how many samples each holds."""

    buckets: NDArray[np.int32]
    counts: NDArray[np.int64]

    @property
    def samples(self) -> int:
        return int(self.counts.sum())


EMPTY = Sketch(np.empty(0, np.int32), np.empty(0, np.int64))


def bucket_of(values: NDArray[np.float64], resource: str) -> NDArray[np.int32]:
    """Bucket number of each value; NaN is not allowed."""
    ratio = np.maximum(values, FLOORS[resource]) / FLOORS[resource]
    numbers: NDArray[np.int32] = np.ceil(np.log(ratio) / _LOG_GROWTH - _EDGE_SLACK).astype(np.int32)
    return numbers


def upper_edge(bucket: int, resource: str) -> float:
    return float(FLOORS[resource] * GROWTH**bucket)


def build(values: NDArray[np.float64], resource: str) -> Sketch:
    """Sketch of all finite values of an array of any shape."""
    buckets, counts = np.unique(bucket_of(values[np.isfinite(values)], resource), return_counts=True)
    return Sketch(buckets, counts.astype(np.int64))


def merge(sketches: list[Sketch]) -> Sketch:
    """The sketch of all samples of all of them; they may be laid end to end in one, their buckets in no order."""
    buckets = np.concatenate([EMPTY.buckets, *(s.buckets for s in sketches)])
    if not len(buckets):
        return EMPTY
    least = buckets.min()
    counts = np.bincount(buckets - least, weights=np.concatenate([s.counts for s in sketches])).astype(np.int64)
    merged = np.flatnonzero(counts)
    return Sketch((merged + least).astype(np.int32), counts[merged])


def percentile(sketch: Sketch, share: float, peak: float, resource: str) -> float:
    """Least bucket edge with at least `share` (0..1) of the samples at or below it, never above the exact `peak`.

    The same rank as numpy.quantile(..., method="inverted_cdf"). NaN for an empty sketch.
    """
    if not len(sketch.counts):
        return float("nan")
    ranks = np.cumsum(sketch.counts)
    rank = max(1.0, np.ceil(share * ranks[-1] - _EDGE_SLACK))
    return min(upper_edge(int(sketch.buckets[int(np.searchsorted(ranks, rank))]), resource), peak)


def share_at(sketch: Sketch, value: float, resource: str) -> float:
    """Share (0..1) of the samples whose bucket begins below a value; NaN for an empty sketch."""
    if not len(sketch.counts):
        return float("nan")
    edges = FLOORS[resource] * GROWTH ** sketch.buckets.astype(float)
    # its first bucket may hold the value itself: a sample in it is not above by more than the sketch's own error
    below = edges / GROWTH < value
    return float(sketch.counts[below].sum() / sketch.samples)
