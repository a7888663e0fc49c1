"""Made-up traces: samples a fixed time apart, with days left out."""

import numpy as np

from costkit.model.trace import NO_USE, Trace, Use
from costkit.model.window import DAY

HOUR = 3600.0


def use(values, start=0.0, step=HOUR, without=()):
    """`without`: days from the start on that have no sample."""
    values = np.asarray(values, float)
    at = start + step * np.arange(len(values))
    kept = ~np.isin((at - start) // DAY, without)
    return Use(at[kept], values[kept], np.ones(int(kept.sum()), np.int64))


def trace(name="a", cpu=None, memory=None, **fields):
    return Trace(name, cpu or NO_USE, memory or NO_USE, **fields)


def lognormal(random, days, level=0.2, step=HOUR, spread=0.6):
    """Samples of a container whose days wander about its level."""
    steps, days_off = int(DAY / step), np.zeros(days)
    for day in range(1, days):
        days_off[day] = 0.8 * days_off[day - 1] + random.normal(0, 0.12)
    return level * np.repeat(np.exp(days_off), steps) * random.lognormal(0, spread, days * steps)
