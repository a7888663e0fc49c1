"""What every pod used on one UTC day: levels from patterns, noise from (seed, workload, day).

In: the lives of a day. Out: one array of 288 steps a container and resource, NaN where the pod was not there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from zlib import crc32

import numpy as np

from costkit.demo.patterns import Array, Moments, day_moments, per_pod
from costkit.demo.place import Life
from costkit.demo.pools import slots
from costkit.demo.rows import Box, Row, pair
from costkit.demo.specs import limit
from costkit.model.samples import Samples, Series
from costkit.model.target import Target
from costkit.model.window import DAY, STEPS, Window

_STANDARD_CORES = 8
_MEMORY_NOISE = 0.25
"""Of the noise of CPU."""
_LEAST = 0.2
"""Share of the level that noise leaves."""


@dataclass(frozen=True, slots=True)
class Use:
    """What one container of one pod used of one resource on one day: cores, bytes, share of a GPU."""

    target: Target
    life: Life
    box: Box
    resource: str
    values: Array


@dataclass(frozen=True, slots=True)
class Day:
    """One UTC day as far as it was observed: half-hour bounds, and the pods of the time."""

    seed: int
    midnight: float
    part: Window
    lives: tuple[Life, ...]


def day_usage(day: Day) -> tuple[Use, ...]:
    return tuple(use for row, lives in groupby(day.lives, key=lambda life: life.row) for use in _row(row, lives, day))


def samples(day: Day, uses: Iterable[Use]) -> tuple[Samples, ...]:
    """A matrix a resource; `gpu` only where a pod has one."""
    by_resource: dict[str, list[Use]] = {"cpu": [], "memory": []}
    for use in uses:
        by_resource.setdefault(use.resource, []).append(use)
    return tuple(
        Samples(
            resource=resource,
            day=day.midnight,
            series=tuple(_series(use) for use in found),
            values=np.array([use.values for use in found]).reshape(len(found), STEPS),
            until=day.part.end,
        )
        for resource, found in by_resource.items()
    )


def _series(use: Use) -> Series:
    run = use.life.run
    pool = use.life.machine.slot.pool
    return Series(use.target, run.pod, run.revision, pool.node_class, run.start, run.end)


def _row(row: Row, lives: Iterable[Life], day: Day) -> Iterator[Use]:
    moments = day_moments(day.midnight, row.zone)
    observed = (moments.seconds > day.part.start) & (moments.seconds <= day.part.end)
    found = list(lives)
    for number, box in enumerate(row.running):
        noise = _noise(day.seed, row, int(day.midnight // DAY), number)
        levels = _levels(row, box, moments)
        target = row.target.of(box.name)
        for life in found:
            there = observed & (moments.seconds > life.run.start) & (moments.seconds <= life.run.end)
            for place, (resource, level) in enumerate(levels.items()):
                used = level * _size(row, life, resource) * _spread(box, resource, noise[life.run.ordinal, place])
                used = np.minimum(used, limit(box, resource) if resource != "gpu" else 1.0)
                yield Use(target, life, box, resource, np.where(there, used, np.nan))


def _levels(row: Row, box: Box, moments: Moments) -> dict[str, Array]:
    """Use without noise, by resource."""
    load = per_pod(row, row.shape, moments)
    filled = per_pod(row, box.memory_shape or row.shape, moments)
    (idle_cpu, idle_memory), (busy_cpu, busy_memory) = _known(box.idle), _known(box.busy)
    levels = {
        "cpu": idle_cpu + (busy_cpu - idle_cpu) * load,
        "memory": idle_memory + (busy_memory - idle_memory) * filled,
    }
    return {**levels, "gpu": box.gpu_use * load} if box.gpus else levels


def _known(text: str) -> tuple[float, float]:
    cpu, memory = pair(text)
    return cpu or 0.0, memory or 0.0


def _size(row: Row, life: Life, resource: str) -> float:
    """A DaemonSet that works for what runs beside it does more on a larger node."""
    if not row.by_node_size or resource == "gpu":
        return 1.0
    return life.machine.slot.pool.type.cores / _STANDARD_CORES


def _spread(box: Box, resource: str, noise: Array) -> Array:
    """Factors around 1: the pod's own, the same all day, and each moment's."""
    scale = box.noise * (_MEMORY_NOISE if resource == "memory" else 1.0)
    return np.maximum(1 + scale * noise, _LEAST)


def _noise(seed: int, row: Row, day: int, box: int) -> Array:
    """By ordinal, resource and step: each moment's draw, and what tells the pod from its siblings at all times."""
    words = [seed, crc32(row.key.encode())]
    pods = row.ordinals or len(slots())
    drawn = np.random.default_rng([*words, day, box]).standard_normal((pods, 3, STEPS))
    return np.asarray(drawn + np.random.default_rng(words).uniform(-1.5, 1.5, (pods, 1, 1)))
