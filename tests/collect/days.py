"""Answers of a made-up Prometheus for one day."""

import numpy as np

from costkit.collect.matrix import Matrix, Span
from costkit.collect.owners import Owners
from costkit.model.pods import Meta, Pod
from costkit.model.target import Target
from costkit.model.window import DAY, STEPS

MIDNIGHT = 1_763_596_800.0  # 2025-11-20 00:00 UTC
TODAY = Span(MIDNIGHT, MIDNIGHT + DAY)
API = Target("shop", "Deployment", "api")
API_RS = Target("shop", "ReplicaSet", "api-7d764666f9")
OWNERS = Owners({API_RS: API}, frozenset({API, API_RS}))
POD = ("shop", "api-7d764666f9-x7k2p")
PODS = (
    *("pod_seen", "pod_running", "pod_start", "pod_end"),
    *("pod_owner", "pod_labels", "replicaset_owner", "job_owner"),
)


def matrix(rows=None, columns=1):
    """`rows`: key -> number, or a list of numbers from the day's beginning on."""
    rows = rows or {}
    values = np.full((len(rows), columns), np.nan)
    for place, told in zip(values, rows.values(), strict=True):
        known = np.atleast_1d(np.array(told, float))
        place[: len(known)] = known
    return Matrix(tuple(rows), values)


def steps(**told):
    """A day's row: step -> value; NaN elsewhere."""
    row = np.full(STEPS, np.nan)
    for place, value in told.items():
        row[int(place[1:])] = value
    return row


def answers(names, **told):
    return {name: told.get(name, matrix()) for name in names}


def living(name=POD[1], workload=API, **fields):
    return Pod(Meta(name, "shop"), workload, (), **{"start": MIDNIGHT - DAY, "node": "n1", "revision": "h", **fields})
