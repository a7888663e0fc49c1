"""The Vertical Pod Autoscaler's target (recommender 1.8.0 at its defaults, one container a pod).

A histogram whose buckets grow by 5 %, samples that lose half their weight each 24 h, the end of the bucket in which
the 90th percentile lies, 15 % on top. The recommender samples each minute; here whatever samples a trace has stand
for them. It starts from what 8 days hold. A bucket counts for it as empty below a weight of 0.0001: a CPU sample
weighs 0.1, and after 8 half-lives 0.0004, so none here ever does.
"""

from dataclasses import dataclass
from math import ceil, log, nan

import numpy as np
from numpy.typing import NDArray

from costkit.model.quantities import MEBIBYTE
from costkit.model.trace import Floats, Use
from costkit.model.window import DAY

_WINDOW = 8 * DAY
_HALF_LIFE = DAY
_PEAK_INTERVAL = DAY
_RATIO = 1.05
_PERCENTILE = 0.9
_MARGIN = 0.15
_CPU_FLOOR, _MEMORY_FLOOR = 25, 250 * MEBIBYTE
_MILLI = 1000


@dataclass(frozen=True, slots=True)
class _Buckets:
    first: float
    """Width of the first one."""
    largest: float

    @property
    def last(self) -> int:
        """Its number; it has no end."""
        return ceil(log(self.largest * (_RATIO - 1) / self.first + 1) / log(_RATIO))

    def find(self, values: Floats) -> NDArray[np.int64]:
        found = np.log(values * (_RATIO - 1) / self.first + 1) / log(_RATIO)
        return np.where(values < self.first, 0, np.minimum(found, self.last)).astype(np.int64)

    def start(self, bucket: int) -> float:
        return self.first * (_RATIO**bucket - 1) / (_RATIO - 1)


_CORES, _BYTES = _Buckets(first=0.01, largest=1000.0), _Buckets(first=1e7, largest=1e12)


def cpu(use: Use, at: float) -> float:
    """Cores to request, from the samples of 8 days before `at`; NaN without any. Both steps cut to whole millicores."""
    seen = use.between(at - _WINDOW, at)
    if not seen.samples:
        return nan
    # metrics are read in millicores, rounded up; what a float32 lost on its way is not a millicore
    used = np.ceil(np.round(seen.values * _MILLI, 3)) / _MILLI
    base = int(_percentile(_CORES, used, _weights(seen.at, at) * seen.counts) * _MILLI)
    return max(base + int(base * _MARGIN), _CPU_FLOOR) / _MILLI


def memory(use: Use, at: float) -> float:
    """Bytes to request, from the peaks of each 24 h, counted from the first sample of 8 days before `at`."""
    seen = use.between(at - _WINDOW, at)
    if not seen.samples:
        return nan
    interval = (seen.at - seen.at[0]) // _PEAK_INTERVAL
    starts = np.flatnonzero(np.diff(interval, prepend=-1.0))
    peaks = np.maximum.reduceat(seen.values, starts)
    ends = seen.at[0] + (interval[starts] + 1) * _PEAK_INTERVAL  # a peak is as old as the end of its interval
    base = int(_percentile(_BYTES, peaks, _weights(ends, at)))
    return float(max(base + int(base * _MARGIN), _MEMORY_FLOOR))


def _weights(moments: Floats, now: float) -> Floats:
    weights: Floats = np.exp2((moments - now) / _HALF_LIFE)
    return weights


def _percentile(buckets: _Buckets, values: Floats, weights: Floats) -> float:
    """The end of the first bucket up to which the share lies; the last has none, there it is the start."""
    until = np.cumsum(np.bincount(buckets.find(values), weights))
    bucket = min(int(np.searchsorted(until, _PERCENTILE * weights.sum())), len(until) - 1)
    return buckets.start(min(bucket + 1, buckets.last))
