"""The frame `usage` -> the course of one workload's use over the window, by half hours, to be drawn."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from costkit.model.explained import Curve
from costkit.model.target import Target
from costkit.model.usage import target_of
from costkit.model.window import DAY, HALF_HOUR, HALF_HOURS, Window

_RESOURCES = ("cpu", "memory", "gpu")

_Rows = Sequence[Mapping[str, Any]]


def curves(usage: pa.Table, window: Window, workload: Target) -> Mapping[Target, tuple[Curve, ...]]:
    """Container -> a curve for each resource that has use, CPU first. Rows of other workloads are passed over."""
    rows: dict[tuple[Target, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in _of(usage, workload).to_pylist():
        rows[target_of(row), row["resource"]].append(row)
    return {
        target: tuple(_curve(name, rows[target, name], window) for name in _RESOURCES if (target, name) in rows)
        for target in {target for target, _ in rows}
    }


def _of(usage: pa.Table, workload: Target) -> pa.Table:
    wanted = {"namespace": workload.namespace, "kind": workload.kind, "name": workload.name}
    wanted["api_version"] = workload.api_version
    return usage.filter(reduce(pc.and_, (pc.equal(usage[column], value) for column, value in wanted.items())))


def _curve(resource: str, rows: _Rows, window: Window) -> Curve:
    hottest = Counter(pod for _, pod in {(row["day"], row["hottest_pod"]) for row in rows} if pod)
    pod, days = min(hottest.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    return Curve(
        resource=resource,
        start=window.start,
        means=_joined(rows, "hottest_means", window),
        peaks=_joined(rows, "hottest_peaks", window),
        days=len({row["day"] for row in rows}),
        hottest_pod=pod,
        hottest_days=days,
    )


def _joined(rows: _Rows, column: str, window: Window) -> tuple[float, ...]:
    """A column's days laid end to end; of several rows of one day (revisions, node classes) the highest."""
    days = np.full((len(list(window.midnights())), HALF_HOURS), np.nan)
    for row in rows:
        day = days[int((row["day"] - window.start) // DAY)]
        np.fmax(day, np.asarray(row[column], float), out=day)
    return tuple(days.ravel()[: round((window.end - window.start) / HALF_HOUR)].tolist())
