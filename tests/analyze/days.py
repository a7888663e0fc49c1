"""One container's pods on made-up days: samples, series and the usage rows that they become."""

import numpy as np
import pyarrow as pa

from costkit.analyze.digest import digest
from costkit.model.samples import Samples, Series
from costkit.model.target import Target
from costkit.model.window import DAY, STEPS

MIDNIGHT = 1_763_596_800.0  # 2025-11-20 00:00 UTC
API = Target("shop", "Deployment", "api", "main")
FOREVER = float("inf")


def series(pod="api-1", revision="r1", *, node_class="m5/on-demand", start=0.0, end=FOREVER, target=API):
    return Series(target, pod, revision, node_class, start, end)


def flat(value, first=0, last=STEPS):
    """A day at `value` from step `first` to before step `last`."""
    row = np.full(STEPS, np.nan)
    row[first:last] = value
    return row


def samples(*pods, resource="cpu", day=0, until=1.0):
    """`pods` are pairs of series and row; `until`: share of the day that has passed."""
    midnight = MIDNIGHT + day * DAY
    matrix = np.stack([row for _, row in pods]) if pods else np.empty((0, STEPS))
    return Samples(resource, midnight, tuple(s for s, _ in pods), matrix, midnight + until * DAY)


def rows(*pods, **fields):
    return digest(samples(*pods, **fields)).to_pylist()


def usage(*days):
    return pa.concat_tables([digest(day) for day in days])
