"""What is known of a day besides usage, by half hour: what was asked for, how many replicas, how throttled.

In: a day, its lives and their use. Out: the frame `signals`. A half hour in which nothing was there is NaN.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pyarrow as pa

from costkit.demo.patterns import Array, Moments, day_moments, desired, load, per_pod
from costkit.demo.place import Life
from costkit.demo.rows import Autoscale, Row, pair
from costkit.demo.specs import in_force, limit
from costkit.demo.usage import Day, Use
from costkit.demo.workloads import WORKLOADS
from costkit.model.target import Target
from costkit.model.usage import SIGNALS, subject
from costkit.model.window import HALF_HOUR, HALF_HOURS

SCALED_KINDS = ("Deployment", "StatefulSet", "Rollout")
"""Kinds that have a number of replicas."""
LAG = 2000.0
"""Messages a replica that the autoscaler on consumer lag allows."""
_BYTES_IN, _BYTES_OUT = 180_000.0, 420_000.0
"""Network of one pod at load 1, a second."""
_PERIODS = HALF_HOUR * 10
"""CFS periods of 100 ms in a half hour."""
_THROTTLED_FROM = 0.8
_THROTTLED_MOST = 0.6
"""Share of the limit from which on periods are throttled, and the share of them that are, at the limit."""


@dataclass(frozen=True, slots=True)
class Signal:
    target: Target
    name: str
    half_hours: Array
    detail: str = ""


def signals(day: Day, uses: tuple[Use, ...]) -> pa.Table:
    by_row = {row.key: tuple(found) for row, found in groupby(day.lives, key=lambda life: life.row)}
    found: list[Signal] = []
    for row in WORKLOADS:
        lives = by_row.get(row.key, ())
        found += [*_asked(row, day, lives), *_replicas(row, day, lives), *_autoscaler(row, day), *_network(row, day)]
    return _table(day, [*found, *_throttling(uses)])


def _table(day: Day, found: list[Signal]) -> pa.Table:
    subjects = [subject(signal.target) for signal in found]
    flat = np.concatenate([signal.half_hours for signal in found]).astype(np.float32)
    columns = {
        "day": [day.midnight] * len(found),
        **{name: [row[name] for row in subjects] for name in ("api_version", "kind", "namespace", "name", "container")},
        "signal": [signal.name for signal in found],
        "detail": [signal.detail for signal in found],
        "half_hours": pa.FixedSizeListArray.from_arrays(pa.array(flat), HALF_HOURS),
    }
    return pa.table(columns, schema=SIGNALS)


def half_hours(values: Array) -> Array:
    """The most of each half hour's six steps, NaN where none is known."""
    most: Array = np.fmax.reduce(values.reshape(HALF_HOURS, -1), axis=1)
    return most


def _observed(day: Day, moments: Moments, values: Array) -> Array:
    """NaN outside what was observed of the day."""
    inside = (moments.seconds > day.part.start) & (moments.seconds <= day.part.end)
    return np.where(inside, values, np.nan)


def _alive(day: Day, lives: Iterable[Life]) -> Array:
    """How many of the pods are there at each step; NaN where nothing was observed."""
    moments = day_moments(day.midnight, "UTC")
    count = np.zeros_like(moments.seconds)
    for life in lives:
        count += (moments.seconds > life.run.start) & (moments.seconds <= life.run.end)
    return _observed(day, moments, count)


def _asked(row: Row, day: Day, lives: tuple[Life, ...]) -> Iterator[Signal]:
    """Requests and limits while there was a pod."""
    if not lives:
        return
    there = half_hours(_alive(day, lives)) > 0
    for box in row.boxes:
        for prefix, text in zip(("request", "limit"), in_force(box), strict=True):
            amounts = dict(zip(("cpu", "memory"), pair(text), strict=True))
            for resource, value in amounts.items():
                if value is not None:
                    target = row.target.of(box.name)
                    yield Signal(target, f"{prefix}_{resource}", np.where(there, value, np.nan))
        if box.gpus:
            yield Signal(row.target.of(box.name), "request_gpu", np.where(there, float(box.gpus), np.nan))


def _replicas(row: Row, day: Day, lives: tuple[Life, ...]) -> Iterator[Signal]:
    if row.kind in SCALED_KINDS:
        wanted = half_hours(_alive(day, [life for life in lives if not life.run.failed]))
        yield Signal(row.target, "replicas_desired", wanted)
        yield Signal(row.target, "replicas_ready", wanted * (not row.broken))


def _autoscaler(row: Row, day: Day) -> Iterator[Signal]:
    scale = row.autoscale
    if scale is None:
        return
    moments = day_moments(day.midnight, row.zone)
    wanted = desired(row, moments)
    ceiling = np.ceil(load(row.shape, moments) * scale.maximum - 1e-9)
    numbers = {
        "hpa_desired": wanted,
        "hpa_minimum": np.full_like(wanted, float(scale.minimum)),
        "hpa_maximum": np.full_like(wanted, float(scale.maximum)),
        "hpa_limited": (ceiling < scale.minimum).astype(np.float64),
    }
    for name, values in numbers.items():
        yield Signal(row.target, name, half_hours(_observed(day, moments, values)))
    level = current(row, scale, per_pod(row, row.shape, moments))
    yield Signal(row.target, "hpa_current", half_hours(_observed(day, moments, level)), scale.metric)
    goal = np.full_like(level, target_value(row, scale))
    yield Signal(row.target, "hpa_target", half_hours(_observed(day, moments, goal)), scale.metric)


def target_value(row: Row, scale: Autoscale) -> float:
    """What an autoscaler aims at: per cent of the request for CPU and memory, messages a replica for lag."""
    return float(np.round(current(row, scale, np.ones(1))[0]))


def current(row: Row, scale: Autoscale, share: Array) -> Array:
    """What the metric shows where a pod has `share` of the busiest load."""
    if scale.metric not in ("cpu", "memory"):
        return LAG * share
    place = 0 if scale.metric == "cpu" else 1
    idle, busy, request = (pair(text)[place] or 0.0 for text in _main(row))
    return np.asarray((idle + (busy - idle) * share) / request * 100)


def _main(row: Row) -> tuple[str, str, str]:
    box = row.boxes[0]
    return box.idle, box.busy, box.requests


def _network(row: Row, day: Day) -> Iterator[Signal]:
    """Of the whole workload; nearly nothing where nobody works with it."""
    if row.kind in SCALED_KINDS and row.replicas and not row.broken:
        moments = day_moments(day.midnight, row.zone)
        pods = float(row.autoscale.maximum if row.autoscale else row.replicas)
        traffic = _observed(day, moments, (0.01 + 0.99 * load(row.shape, moments)) * pods)
        means = traffic.reshape(HALF_HOURS, -1).mean(axis=1)
        yield Signal(row.target, "network_in", means * _BYTES_IN)
        yield Signal(row.target, "network_out", means * _BYTES_OUT)


def _throttling(uses: tuple[Use, ...]) -> Iterator[Signal]:
    """CFS periods of all pods of a container that has a CPU limit, and those in which it was held back."""
    limited = [use for use in uses if use.resource == "cpu" and np.isfinite(limit(use.box, "cpu"))]
    for (target, box), found in groupby(limited, key=lambda use: (use.target, use.box)):
        used = np.stack([use.values for use in found])
        held = np.clip((used / limit(box, "cpu") - _THROTTLED_FROM) / (1 - _THROTTLED_FROM), 0, 1) * _THROTTLED_MOST
        yield Signal(target, "cfs_periods", _sum(np.where(np.isnan(used), np.nan, 1.0)))
        yield Signal(target, "cfs_throttled", _sum(held))


def _sum(shares: Array) -> Array:
    """Periods of all pods by half hour, from shares of each step's."""
    steps = np.where(np.isnan(shares).all(axis=0), np.nan, np.nansum(shares, axis=0))
    grouped = steps.reshape(HALF_HOURS, -1)
    total = np.nansum(grouped, axis=1) * _PERIODS / grouped.shape[1]
    return np.where(np.isnan(grouped).all(axis=1), np.nan, total)
