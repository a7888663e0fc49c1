"""The frames `signals` and `events` -> what they say of each container: throttling, OOM kills, restarts, requests."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.lists import half_hours as half_hours_of
from costkit.analyze.throttling import Throttling, throttling
from costkit.model.facts import OomKill
from costkit.model.target import Target
from costkit.model.usage import target_of
from costkit.model.window import HALF_HOURS

_SUBJECT = ["api_version", "kind", "namespace", "name", "container"]
_IN_FORCE = ("request_cpu", "request_memory", "request_gpu", "limit_cpu", "limit_memory")

HalfHours = NDArray[np.float32]
"""A row a day of one signal, 48 columns; NaN where nobody saw."""


@dataclass(frozen=True, slots=True)
class Evidence:
    throttling: Mapping[Target, Throttling]
    oom_kills: Mapping[Target, tuple[OomKill, ...]]
    restarts: Mapping[Target, int]
    in_force: Mapping[tuple[Target, str], float]
    """(container, `request_cpu`, …) -> the last value that was seen."""


def evidence(signals: pa.Table, events: pa.Table) -> Evidence:
    kills, restarts = _events(events)
    in_force = {(target, name): value for name in _IN_FORCE for target, value in _last_seen(signals, name).items()}
    return Evidence(throttling(signals), kills, restarts, in_force)


def _events(events: pa.Table) -> tuple[dict[Target, tuple[OomKill, ...]], dict[Target, int]]:
    kills: dict[Target, list[OomKill]] = defaultdict(list)
    restarts: dict[Target, int] = defaultdict(int)
    for row in events.to_pylist():
        if row["event"] == "oom_kill":
            limit = row["value"]
            kills[target_of(row)].append(
                OomKill(row["at"], row["pod"], None if limit is None or np.isnan(limit) else limit)
            )
        elif row["event"] == "restart":
            restarts[target_of(row)] += 1
    return {target: tuple(sorted(k, key=lambda kill: (kill.at, kill.pod))) for target, k in kills.items()}, restarts


def _last_seen(signals: pa.Table, signal: str) -> dict[Target, float]:
    """Container -> the last number of one signal.

    One signal at a time, and never as Python objects: the frame has a row for each signal, container and day.
    """
    days = signals.filter(pc.equal(signals["signal"], signal))
    half_hours = np.concatenate([np.empty((0, HALF_HOURS), np.float32), *map(half_hours_of, days["half_hours"].chunks)])
    rows = days.select([*_SUBJECT, "day"]).append_column("number", pa.array(_last(half_hours)))
    rows = rows.filter(pc.is_finite(rows["number"])).sort_by("day")
    found = rows.group_by(_SUBJECT, use_threads=False).aggregate([("number", "last")])
    return {target_of(row): row["number_last"] for row in found.to_pylist()}


def _last(half_hours: HalfHours) -> NDArray[np.float64]:
    """Of each row the last number, NaN where it has none."""
    last = HALF_HOURS - 1 - (~np.isnan(half_hours))[:, ::-1].argmax(axis=1)
    numbers: NDArray[np.float64] = half_hours[np.arange(len(half_hours)), last].astype(float)
    return numbers
