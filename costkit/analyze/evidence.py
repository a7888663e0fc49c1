"""The frames `signals` and `events` -> what they say of each container: throttling, OOM kills, restarts, requests."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from costkit.model.facts import OomKill
from costkit.model.target import Target
from costkit.model.usage import target_of


@dataclass(frozen=True, slots=True)
class Evidence:
    throttled: Mapping[Target, float]
    """Container -> share of its CFS periods."""
    oom_kills: Mapping[Target, tuple[OomKill, ...]]
    restarts: Mapping[Target, int]
    in_force: Mapping[tuple[Target, str], float]
    """(container, `request_cpu`, …) -> the last value that was seen."""


def evidence(signals: pa.Table, events: pa.Table) -> Evidence:
    kills, restarts = _events(events)
    throttled, in_force = _signals(signals)
    return Evidence(throttled, kills, restarts, in_force)


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


def _signals(signals: pa.Table) -> tuple[dict[Target, float], dict[tuple[Target, str], float]]:
    periods: dict[tuple[Target, str], float] = defaultdict(float)
    in_force: dict[tuple[Target, str], tuple[float, float]] = {}
    for row in signals.to_pylist():
        signal = row["signal"]
        numbers = np.array(row["half_hours"], dtype=float)
        known = numbers[~np.isnan(numbers)]
        if not len(known):
            continue
        if signal in ("cfs_periods", "cfs_throttled"):
            periods[(target_of(row), signal)] += float(known.sum())
        elif signal.startswith(("request_", "limit_")):
            key = (target_of(row), signal)
            if key not in in_force or row["day"] >= in_force[key][0]:
                in_force[key] = (row["day"], float(known[-1]))
    throttled = {
        target: periods.get((target, "cfs_throttled"), 0.0) / total
        for (target, signal), total in periods.items()
        if signal == "cfs_periods" and total > 0
    }
    return throttled, {key: value for key, (_, value) in in_force.items()}
