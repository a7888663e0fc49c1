"""Which pod stands on which node: every pod that can ever be has a home, so the same time gives the same places.

In: the tables, the seed and a span. Out: machines (nodes with their lives) and lives (pods with their machines).
Homes are given by first fit within the row's pool, for all pods together: what runs at one time always fits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from costkit.demo.lives import FOREVER, Run, Span, pod_name, runs
from costkit.demo.names import host, suffix
from costkit.demo.pools import Slot, slots
from costkit.demo.rows import Row
from costkit.demo.specs import reserved
from costkit.demo.workloads import WORKLOADS
from costkit.model.window import DAY

_LOOKBACK = 8 * DAY
"""Before the span: nodes and replicas that come and go have gone within a week."""
_BEFORE_PODS = 180.0
_AFTER_PODS = 600.0
"""Seconds that a node stands before its first pod and after its last."""

Home = tuple[str, int]
"""Key of a row and ordinal of a pod."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One life of one node."""

    slot: Slot
    name: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Life:
    """One life of one pod on one machine."""

    row: Row
    run: Run
    machine: Machine

    def during(self, start: float, end: float) -> bool:
        return self.run.start < end and self.run.end > start


@dataclass(frozen=True, slots=True)
class Places:
    """All nodes and pods of a span, gone ones too; a pod that ends after the span runs for ever."""

    machines: tuple[Machine, ...]
    lives: tuple[Life, ...]


def place(seed: int, span: Span) -> Places:
    early = Span(span.start - _LOOKBACK, span.at)
    found = [(row, run) for row in WORKLOADS if row.kind != "DaemonSet" for run in runs(row, seed, early)]
    machines = _machines(found, seed, span)
    lives = [Life(row, run, _machine_of(machines[homes()[row.key, run.ordinal]], run)) for row, run in found]
    lives += _daemons(machines, seed)
    seen = tuple(_cut(life, span) for life in lives if life.during(span.start, span.at))
    stood = tuple(m for group in machines.values() for m in group if m.end > span.start and m.start < span.at)
    return Places(stood, seen)


@cache
def homes() -> Mapping[Home, int]:
    """Slot number of every ordinal of every row but DaemonSets'. LookupError where the tables do not fit the pools."""
    free = {slot.number: _offered(slot) for slot in slots()}
    found: dict[Home, int] = {}
    for row in WORKLOADS:
        siblings: list[int] = []
        for ordinal in range(row.ordinals):
            siblings.append(_first_fit(row, _preferred(row, ordinal, siblings), free))
        found.update({(row.key, ordinal): number for ordinal, number in enumerate(siblings)})
    return found


def _preferred(row: Row, ordinal: int, siblings: list[int]) -> list[Slot]:
    """Its pool's slots: replicas that an autoscaler adds first on nodes that come and go, all spread out."""
    passing = row.autoscale is not None and ordinal >= row.autoscale.minimum
    places = [slot for slot in slots() if slot.pool.name == row.pool]
    return sorted(places, key=lambda slot: (slot.standing == passing, siblings.count(slot.number)))


def _offered(slot: Slot) -> dict[str, float]:
    """Allocatable less what DaemonSets take."""
    offer = dict(slot.pool.type.allocatable)
    for row in WORKLOADS:
        if row.kind == "DaemonSet" and _is_on(row, slot):
            _take(offer, row)
    return offer


def _is_on(row: Row, slot: Slot) -> bool:
    return row.pool != "gpu" or slot.pool.type.gpus > 0


def _take(offer: dict[str, float], row: Row) -> None:
    offer["pods"] -= 1
    for resource, amount in reserved(row).items():
        offer[resource] = offer.get(resource, 0.0) - amount


def _first_fit(row: Row, places: Iterable[Slot], free: Mapping[int, dict[str, float]]) -> int:
    needs = {**reserved(row), "pods": 1.0}
    for slot in places:
        if all(free[slot.number].get(resource, 0.0) >= amount for resource, amount in needs.items()):
            _take(free[slot.number], row)
            return slot.number
    raise LookupError(f"no node of the pool {row.pool} has room for {row.key}")


def _machines(found: Iterable[tuple[Row, Run]], seed: int, span: Span) -> dict[int, list[Machine]]:
    """By slot: one node for ever, or one for each stretch of time in which the slot has pods."""
    times: dict[int, list[tuple[float, float]]] = {}
    for row, run in found:
        times.setdefault(homes()[row.key, run.ordinal], []).append((run.start - _BEFORE_PODS, run.end + _AFTER_PODS))
    made: dict[int, list[Machine]] = {}
    for slot in slots():
        stretches = [(span.founded, FOREVER)] if slot.standing else _merged(times.get(slot.number, []))
        made[slot.number] = [Machine(slot, _node_name(slot, seed, start), start, end) for start, end in stretches]
    return made


def _node_name(slot: Slot, seed: int, start: float) -> str:
    return host(seed, slot.number, "" if slot.standing else int(start))


def _merged(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _machine_of(machines: list[Machine], run: Run) -> Machine:
    return next(m for m in machines if m.start <= run.start < m.end)


def _daemons(machines: Mapping[int, list[Machine]], seed: int) -> list[Life]:
    found = []
    for row in (row for row in WORKLOADS if row.kind == "DaemonSet"):
        revision = suffix(10, seed, row.key, "revision", 0)
        for machine in (m for group in machines.values() for m in group if _is_on(row, m.slot)):
            name = pod_name(row, revision, 0, suffix(5, seed, row.key, machine.name, int(machine.start)))
            found.append(Life(row, Run(machine.slot.number, machine.start + 20, machine.end, revision, name), machine))
    return found


def _cut(life: Life, span: Span) -> Life:
    """What will end is not known at the end of the span."""
    return life if life.run.end <= span.at else replace(life, run=replace(life.run, end=FOREVER))
