"""A snapshot's day sketches -> traces, as if each bucket's samples had been taken at the middle of the day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.fleet import day_rows
from costkit.analyze.lists import half_hours
from costkit.analyze.spans import DayRows
from costkit.model.sketch import FLOORS, GROWTH
from costkit.model.snapshot import Snapshot
from costkit.model.target import Target
from costkit.model.trace import NO_USE, Trace, Use
from costkit.model.usage import target_of
from costkit.model.window import DAY

Floats = NDArray[np.float64]


def traces_of(snapshot: Snapshot) -> tuple[Trace, ...]:
    """One a container: of CPU its hottest pod, of memory with the day's peak of all pods. Ordered by target."""
    usage = snapshot.known_usage
    uses = {resource: dict(_uses(usage, resource)) for resource in ("cpu", "memory")}
    limits = _limits(snapshot.frames.signals)
    return tuple(
        Trace(str(target), uses["cpu"].get(target, NO_USE), uses["memory"].get(target, NO_USE), *_cap(limits, target))
        for target in sorted({*uses["cpu"], *uses["memory"]})
    )


def _uses(usage: pa.Table, resource: str) -> Iterator[tuple[Target, Use]]:
    targets, rows = day_rows(usage, resource)
    firsts = np.searchsorted(rows.series, np.arange(len(targets) + 1))
    for i, target in enumerate(targets):
        yield target, _use(rows, int(firsts[i]), int(firsts[i + 1]), resource)


def _use(rows: DayRows, first: int, end: int, resource: str) -> Use:
    begin, stop = rows.sketches.offsets[first], rows.sketches.offsets[end]
    sizes = np.diff(rows.sketches.offsets[first : end + 1])
    edges = FLOORS[resource] * GROWTH ** rows.sketches.buckets[begin:stop].astype(float)
    values = np.minimum(edges, np.repeat(rows.peak[first:end], sizes))
    if resource == "memory":
        # the highest bucket is the hottest pod's: another pod's peak of minutes counts for a limit, too
        values[np.cumsum(sizes) - 1] = rows.peak[first:end]
    at = np.repeat((rows.day[first:end] + 0.5) * DAY, sizes)
    return Use(at, values, rows.sketches.counts[begin:stop].astype(np.int64))


def _limits(signals: pa.Table) -> Mapping[Target, list[tuple[float, float]]]:
    """Container -> (day, the most that its memory limit was on it), oldest first."""
    rows = signals.filter(pc.equal(signals["signal"], "limit_memory")).sort_by("day")
    most = [np.fmax.reduce(half_hours(chunk), axis=1) for chunk in rows["half_hours"].chunks]
    found: dict[Target, list[tuple[float, float]]] = defaultdict(list)
    subjects = rows.drop_columns(["half_hours"]).to_pylist()
    for row, limit in zip(subjects, np.concatenate([np.empty(0), *most]).tolist(), strict=True):
        found[target_of(row)].append((row["day"], limit))
    return found


def _cap(limits: Mapping[Target, list[tuple[float, float]]], target: Target) -> tuple[Floats, Floats]:
    """What was in force before the first day that says so is taken to be as on it."""
    held = limits.get(target, [])
    at, caps = (np.array([pair[i] for pair in held], float) for i in (0, 1))
    if len(at):
        at[0] = -np.inf
    return at, caps
