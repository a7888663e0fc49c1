"""KRR's strategy `simple` at its defaults: the 95th percentile of 14 days, and their peak with 15 % on top.

KRR samples each 75 s; here whatever samples a trace has stand for them. One trace is one pod, so that its "highest
of all pods" is the trace itself.
"""

from math import ceil, floor, nan

import numpy as np

from costkit.model.quantities import MEBIBYTE
from costkit.model.trace import Use
from costkit.model.window import DAY

_WINDOW = 14 * DAY
_LEAST_POINTS = 100
_QUANTILE = 0.95
_MEMORY_FACTOR = 1.15
_CPU_FLOOR, _MEMORY_FLOOR = 0.010, 100.0 * MEBIBYTE


def cpu(use: Use, at: float) -> float:
    """Cores to request, in whole millicores, from the samples of 14 days before `at`; NaN under 100 of them."""
    seen = use.between(at - _WINDOW, at)
    if seen.samples < _LEAST_POINTS:
        return nan
    return max(ceil(_quantile(seen, _QUANTILE) * 1000) / 1000, _CPU_FLOOR)


def memory(use: Use, at: float) -> float:
    """Bytes for request and limit, in whole mebibytes; NaN under 100 samples in the 14 days before `at`."""
    seen = use.between(at - _WINDOW, at)
    if seen.samples < _LEAST_POINTS:
        return nan
    return max(ceil(float(seen.values.max()) * _MEMORY_FACTOR / MEBIBYTE) * MEBIBYTE, _MEMORY_FLOOR)


def _quantile(use: Use, share: float) -> float:
    """As Prometheus' quantile_over_time reads it: between two samples in proportion."""
    order = np.argsort(use.values)
    until = np.cumsum(use.counts[order])
    rank = share * (float(until[-1]) - 1)
    low, high = use.values[order[np.searchsorted(until, (floor(rank), ceil(rank)), side="right")]]
    weight = rank - floor(rank)
    return float(low * (1 - weight) + high * weight)
