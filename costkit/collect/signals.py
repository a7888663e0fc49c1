"""Answers about everything but usage -> the frames `signals` and `events`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costkit.collect.lived import Lived, PodKey
from costkit.collect.matrix import Matrix, Span
from costkit.collect.owners import Owners
from costkit.model.target import Target
from costkit.model.usage import subject
from costkit.model.window import HALF_HOURS

Row = dict[str, Any]
HalfHours = NDArray[np.float64]
Gathered = dict[tuple[Target, str], list[HalfHours]]
"""Subject and signal -> what its pods contribute."""

_RESOURCES = {"cpu": "cpu", "memory": "memory", "nvidia_com_gpu": "gpu"}


@dataclass(frozen=True, slots=True)
class Day:
    """What the rows of one day and shard are made from."""

    span: Span
    answers: Mapping[str, Matrix]
    pods: Mapping[PodKey, Lived]
    owners: Owners
    autoscaled: Mapping[tuple[str, str], Target]
    """Namespace and name of each HPA -> what it scales."""


def container_signals(day: Day) -> list[Row]:
    """Requests and limits: the most of any pod. CFS periods: of all pods together."""
    found: Gathered = {}
    for answer, prefix in (("requests", "request"), ("limits", "limit")):
        for (namespace, pod, container, resource), row in day.answers[answer].rows():
            _gather(found, day.pods.get((namespace, pod)), container, f"{prefix}_{_RESOURCES[resource]}", row)
    rows = [_row(day, target, signal, most(parts)) for (target, signal), parts in sorted(found.items())]
    periods: Gathered = {}
    for signal in ("cfs_periods", "cfs_throttled"):
        for (namespace, pod, container), row in day.answers[signal].rows():
            _gather(periods, day.pods.get((namespace, pod)), container, signal, row)
    return rows + [_row(day, target, signal, total(parts)) for (target, signal), parts in sorted(periods.items())]


def pod_signals(day: Day, names: Iterable[str]) -> list[Row]:
    """Signals that come by pod, summed over the pods of a workload."""
    found: Gathered = {}
    for signal in names:
        for (namespace, pod), row in day.answers[signal].rows():
            _gather(found, day.pods.get((namespace, pod)), "", signal, row)
    return [_row(day, target, signal, total(parts)) for (target, signal), parts in sorted(found.items())]


def replica_signals(day: Day, kind: str, answers: Mapping[str, Matrix]) -> list[Row]:
    """Replicas wanted and ready. A controller that another controls counts for its top one."""
    found: Gathered = {}
    for signal, matrix in answers.items():
        for (namespace, name), row in matrix.rows():
            direct = Target(namespace, kind, name, "", day.owners.api_version(kind))
            if kind == "ReplicaSet" and day.owners.top(direct).kind == "Deployment":
                continue
            found.setdefault((day.owners.top(direct), signal), []).append(row)
    return [_row(day, target, signal, total(parts)) for (target, signal), parts in sorted(found.items())]


def autoscaler_signals(day: Day, names: Iterable[str]) -> list[Row]:
    """HPA numbers under the workload that they scale; `detail` is the metric's name."""
    rows = []
    for signal in names:
        for (namespace, hpa, *metric), row in day.answers[signal].rows():
            target = day.autoscaled.get((namespace, hpa))
            if target is not None:
                rows.append(_row(day, target, signal, row) | {"detail": "/".join(metric)})
    return rows


def unsplit_signals(day: Day, memory: Matrix) -> list[Row]:
    """Memory of pods of several containers that nothing tells apart: half-hourly peaks, summed over the pods."""
    found: Gathered = {}
    for (namespace, pod), row in memory.rows():
        peaks = most(list(row.reshape(HALF_HOURS, -1).T))
        _gather(found, day.pods.get((namespace, pod)), "", "unsplit_memory", peaks)
    return [_row(day, target, signal, total(parts)) for (target, signal), parts in sorted(found.items())]


def _gather(found: Gathered, lived: Lived | None, container: str, signal: str, row: HalfHours) -> None:
    if lived is not None:
        found.setdefault((lived.workload.of(container), signal), []).append(row)


def _row(day: Day, target: Target, signal: str, half_hours: HalfHours) -> Row:
    return {
        "day": day.span.midnight,
        **subject(target),
        "signal": signal,
        "detail": "",
        "half_hours": half_hours.astype(np.float32),
    }


def most(parts: list[HalfHours]) -> HalfHours:
    """Element-wise maximum, NaN where no part knows."""
    highest: HalfHours = np.fmax.reduce(np.stack(parts))
    return highest


def total(parts: list[HalfHours]) -> HalfHours:
    """Element-wise sum of what is known, NaN where no part knows."""
    stacked = np.stack(parts)
    return np.where(np.isnan(stacked).all(axis=0), np.nan, np.nansum(stacked, axis=0))
