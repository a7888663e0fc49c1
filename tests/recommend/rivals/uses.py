"""Samples as the rivals' tests need them."""

import numpy as np

from costkit.model.trace import Use
from costkit.model.window import DAY

AT = 100.0 * DAY
"""The moment that sizes are asked for."""


def steady(values, before=AT, step=300.0):
    """Samples of one container, the last one a step before a moment."""
    values = np.asarray(values, dtype=float)
    return Use(before - step * np.arange(len(values), 0, -1), values, np.ones(len(values), np.int64))


def days(sketches, before=AT):
    """A history of sketches, the youngest day last: of each day its buckets' upper edges and their counts."""
    ages = [age for age, sketch in zip(range(len(sketches), 0, -1), sketches, strict=True) for _ in sketch]
    edges, counts = zip(*(pair for sketch in sketches for pair in sketch), strict=True)
    return Use(before - (np.array(ages) - 0.5) * DAY, np.array(edges, float), np.array(counts, np.int64))


def repeated(use):
    """The same samples, one by one."""
    at, values = (np.repeat(part, use.counts) for part in (use.at, use.values))
    return Use(at, values, np.ones(use.samples, np.int64))
