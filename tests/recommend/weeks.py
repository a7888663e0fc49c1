"""Container-weeks made by hand, for rules that are calibrated on them."""

import numpy as np

from costkit.model.weeks import Past, Weeks
from costkit.model.window import DAY


def past(usual, peak=None, median=0.0, days=28.0, age=28.0):
    """One number or several of each; `peak`: None where it is the usual."""
    numbers = np.broadcast_arrays(*np.atleast_1d(usual, usual if peak is None else peak, median, days, age))
    return Past(*(np.array(one, float) for one in numbers))


def weeks(used, before=None, *, end=None, peak=None, samples=None, series=None):
    """`used`: the 95th percentile of each week; `before`: what was known, 1 core of 28 days unless it is given.

    `end`: days at which they ended, ascending; `samples`: of each week, else the one that is `used`.
    """
    used = np.asarray(used, float)
    held = [[value] for value in used] if samples is None else samples
    end = np.full(len(used), 35.0) if end is None else np.asarray(end, float)
    return Weeks(
        series=np.arange(len(used)) if series is None else np.asarray(series),
        start=(end - 7) * DAY,
        end=end * DAY,
        past=past(np.ones(len(used))) if before is None else before,
        p95=used,
        peak=used if peak is None else np.asarray(peak, float),
        values=np.concatenate([np.empty(0), *map(np.asarray, held)]),
        counts=np.ones(sum(map(len, held)), np.int64),
        offsets=np.cumsum([0, *map(len, held)]),
    )
