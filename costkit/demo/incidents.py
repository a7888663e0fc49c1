"""When containers were ended and started again: once a leak is full, once a kill is due, over and over in a crash loop.

In: a life and a span of time. Out: moments with their reasons. The usage that leads to them is in `patterns`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from costkit.demo.patterns import CRUNCH_HOUR, LEAK_PERIOD, day_moments
from costkit.demo.place import Life
from costkit.demo.rows import Box
from costkit.model.window import DAY

OOM_KILLED = "OOMKilled"
_CRASH_PERIOD = 600
"""Seconds between restarts in a crash loop: the back-off of five minutes, and the time it takes to fail."""


@dataclass(frozen=True, slots=True)
class Incident:
    at: float
    box: Box
    reason: str


def incidents(life: Life, start: float, end: float) -> tuple[Incident, ...]:
    """In (start, end], as far as the pod lived, oldest first. They befall the first container."""
    first, last = max(start, life.run.start), min(end, life.run.end)
    box = life.row.boxes[0]
    if life.row.broken:
        return tuple(Incident(at, box, "Error") for at in _multiples(_CRASH_PERIOD, first, last))
    if box.memory_shape == "leak":
        return tuple(Incident(at, box, "Error") for at in _multiples(LEAK_PERIOD, first, last))
    if life.row.killed:
        return tuple(Incident(at, box, OOM_KILLED) for at in _kills(life, first, last))
    return ()


def _multiples(period: int, start: float, end: float) -> Iterator[float]:
    return (float(n * period) for n in range(int(start // period) + 1, int(end // period) + 1))


def _kills(life: Life, start: float, end: float) -> Iterator[float]:
    """On weekdays, as the crunch begins, one of the replicas in turn."""
    for number in range(int(start // DAY), int(end // DAY) + 1):
        moments = day_moments(float(number * DAY), life.row.zone)
        due = (moments.hour >= CRUNCH_HOUR) & (moments.hour < CRUNCH_HOUR + 0.05) & ~moments.weekend
        for at in moments.seconds[np.flatnonzero(due)]:
            if start < at <= end and number % life.row.replicas == life.run.ordinal:
                yield float(at)
