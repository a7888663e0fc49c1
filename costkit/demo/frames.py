"""The frames `events`, `nodes` and `volumes` of one UTC day.

In: a day, its use and its machines. Out: Arrow tables of model.usage. Signals have a module of their own.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from costkit.demo.incidents import OOM_KILLED, incidents
from costkit.demo.names import share
from costkit.demo.patterns import Array, day_moments
from costkit.demo.place import Life, Machine
from costkit.demo.pools import REGION
from costkit.demo.rows import GPU
from costkit.demo.signals import half_hours
from costkit.demo.specs import limit, reserved
from costkit.demo.usage import Day, Use
from costkit.model.quantities import parse
from costkit.model.target import Target
from costkit.model.usage import frame, subject
from costkit.model.window import HALF_HOUR, HALF_HOURS, STEPS

_HOURS = 24


def events(day: Day) -> pa.Table:
    return frame("events", (row for life in day.lives for row in (*_of_pod(life, day), *_of_containers(life, day))))


def _of_pod(life: Life, day: Day) -> Iterator[dict[str, Any]]:
    """It became ready, or its Job began and ended."""
    run, target = life.run, life.row.target
    if life.row.batch is None and not life.row.broken and not run.failed:
        waited = 8 + 30 * share(day.seed, run.pod)
        yield from _within(day, target, (run.pod, run.start + waited), ("ready", waited, ""))
    if run.job and run.ordinal == 0:
        outcome = "failed" if run.failed else "complete"
        yield from _within(day, target, ("", run.start), ("job_start", 0.0, run.job))
        yield from _within(day, target, ("", run.end), ("job_end", run.end - run.start, outcome))


def _of_containers(life: Life, day: Day) -> Iterator[dict[str, Any]]:
    """Restarts with the reasons of the exits before them, and exits for good."""
    for incident in incidents(life, day.part.start, day.part.end):
        target, when = life.row.target.of(incident.box.name), (life.run.pod, incident.at)
        yield from _within(day, target, when, ("restart", 1.0, ""))
        yield from _within(day, target, when, ("exit", 0.0, incident.reason))
        if incident.reason == OOM_KILLED:
            yield from _within(day, target, when, ("oom_kill", limit(incident.box, "memory"), ""))
    if life.row.batch is not None or life.run.failed:
        target = life.row.target.of(life.row.boxes[0].name)
        reason = "Error" if life.run.failed else "Completed"
        yield from _within(day, target, (life.run.pod, life.run.end), ("exit", 0.0, reason))


def _within(
    day: Day, target: Target, when: tuple[str, float], what: tuple[str, float, str]
) -> Iterator[dict[str, Any]]:
    """A row, if it falls on the observed part of the day."""
    (pod, at), (event, value, detail) = when, what
    if day.part.start < at <= day.part.end:
        row = {"pod": pod, "at": at, "event": event, "value": value, "detail": detail}
        yield {"day": day.midnight, **subject(target), **row}


def nodes(day: Day, uses: Iterable[Use], machines: Iterable[Machine]) -> pa.Table:
    used: dict[tuple[Machine, str], Array] = {}
    for use in uses:
        held = used.setdefault((use.life.machine, use.resource), np.zeros(STEPS))
        np.add(held, use.values, out=held, where=~np.isnan(use.values))
    lives: dict[Machine, list[Life]] = {}
    for life in day.lives:
        lives.setdefault(life.machine, []).append(life)
    seen = (m for m in machines if m.start < day.part.end and m.end > day.part.start)
    return frame("nodes", (_node(day, m, lives.get(m, []), used) for m in seen))


def _node(day: Day, machine: Machine, lives: list[Life], used: dict[tuple[Machine, str], Array]) -> dict[str, Any]:
    pool = machine.slot.pool
    offer = pool.type.allocatable
    there = _presence(day, machine)
    return {
        "day": day.midnight,
        "name": machine.name,
        "half_hours": sum(1 << i for i in range(HALF_HOURS) if there[i]),
        "instance_type": pool.type.name,
        "capacity_type": pool.capacity_type,
        "region": REGION,
        "zone": machine.slot.zone,
        "pool": pool.name,
        "allocatable_cpu": offer["cpu"],
        "allocatable_memory": offer["memory"],
        "allocatable_gpu": offer.get(GPU),
        "allocatable_pods": offer["pods"],
        "price": machine.slot.price,
        "requested_cpu": _requested(day, lives, "cpu", there),
        "requested_memory": _requested(day, lives, "memory", there),
        "cpu_p95": _hourly(np.percentile(_by_hour(used, machine, "cpu"), 95, axis=1), there),
        "memory_peak": _hourly(_by_hour(used, machine, "memory").max(axis=1), there),
    }


def _presence(day: Day, machine: Machine) -> list[bool]:
    """Half hours of the observed part in which the node was there at some moment."""
    starts = [day.midnight + HALF_HOUR * i for i in range(HALF_HOURS)]
    first, last = max(machine.start, day.part.start), min(machine.end, day.part.end)
    return [start < last and start + HALF_HOUR > first for start in starts]


def _requested(day: Day, lives: list[Life], resource: str, there: list[bool]) -> Array:
    moments = day_moments(day.midnight, "UTC")
    held = np.zeros(STEPS)
    for life in lives:
        inside = (moments.seconds > life.run.start) & (moments.seconds <= life.run.end)
        held += inside * reserved(life.row).get(resource, 0.0)
    return np.where(there, half_hours(held), np.nan).astype(np.float32)


def _by_hour(used: dict[tuple[Machine, str], Array], machine: Machine, resource: str) -> Array:
    return used.get((machine, resource), np.zeros(STEPS)).reshape(_HOURS, -1)


def _hourly(values: Array, there: list[bool]) -> Array:
    seen = np.array(there).reshape(_HOURS, 2).any(axis=1)
    return np.where(seen, values, np.nan).astype(np.float32)


def volumes(day: Day) -> pa.Table:
    """Claims that were mounted at some time of the day."""
    return frame("volumes", (row for life in day.lives for row in _volume(life, day)))


def _volume(life: Life, day: Day) -> Iterator[dict[str, Any]]:
    disk = life.row.disk
    if disk is not None:
        last = min(day.part.end, life.run.end)
        name = f"data-{life.run.pod}"
        used = parse(disk.size) * disk.used
        yield {"day": day.midnight, "namespace": life.row.namespace, "claim": name, "used": used, "mounted": last}
