"""When each pod of a row lived: from the row, the seed and absolute time, never from the window that is looked at.

In: rows and a span. Out: runs, without their nodes. DaemonSets are not here: their pods live as their nodes do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from costkit.demo.names import share, suffix
from costkit.demo.patterns import Moments, desired
from costkit.demo.rows import Batch, Row
from costkit.model.window import DAY, STEP

FOREVER = float("inf")
_YEAR = 365 * DAY
_RELEASE_HOUR = 14
_YOUTH = 2.0
_LEFTOVER_AGE = 5.25
"""Days before the span's last midnight."""


@dataclass(frozen=True, slots=True)
class Span:
    """What is remembered: from `start` to `at`, unix seconds."""

    start: float
    at: float

    @property
    def founded(self) -> float:
        """When what was always there was made: 200 to 565 days before `at`."""
        return self.at // _YEAR * _YEAR - 200 * DAY

    @property
    def today(self) -> float:
        return self.at // DAY * DAY


@dataclass(frozen=True, slots=True)
class Run:
    """One life of one pod; `end` is infinity while it runs."""

    ordinal: int
    start: float
    end: float
    revision: str
    pod: str
    failed: bool = False
    job: str = ""
    """Name of the Job that it was made for."""


def created(row: Row, span: Span) -> float:
    return span.today - _YOUTH * DAY if row.young else span.founded


def runs(row: Row, seed: int, span: Span) -> tuple[Run, ...]:
    """All pods of the row that lived at some time within the span."""
    made = _batches(row, seed, span) if row.batch else _standing(row, seed, span)
    left = (_left_over(row, seed, span),) if row.leftover else ()
    return tuple(run for run in (*made, *left) if run.end > span.start and run.start < span.at)


def _standing(row: Row, seed: int, span: Span) -> Iterator[Run]:
    releases = _releases(row, span)
    for ordinal in range(row.ordinals - row.leftover):
        for active_start, active_end in _active(row, ordinal, span):
            for number, start, end in releases:
                shift = 60.0 * ordinal
                first = max(active_start, start + shift)
                last = min(active_end, end + shift)
                if first < last:
                    yield _pod(row, seed, ordinal, number, (first, last))


def _releases(row: Row, span: Span) -> list[tuple[int, float, float]]:
    """Number, start and end of each revision that lived in the span; pods are replaced a minute apart."""
    if not row.release_days:
        return [(0, created(row, span), FOREVER)]
    period = row.release_days * DAY
    hour = _RELEASE_HOUR * 3600
    numbers = range(int((span.start - hour) // period), int((span.at - hour) // period) + 1)
    times = [(n, n * period + hour, (n + 1) * period + hour) for n in numbers]
    return [(n, float(start), FOREVER if end >= span.at else float(end)) for n, start, end in times]


def _active(row: Row, ordinal: int, span: Span) -> list[tuple[float, float]]:
    """When the ordinal was wanted: always, or as the autoscaler said."""
    if row.autoscale is None or ordinal < row.autoscale.minimum:
        return [(0.0, FOREVER)]
    grid = np.arange(span.start // STEP, span.at // STEP + 1) * STEP
    wanted = desired(row, Moments.at(grid, row.zone)) > ordinal
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    bounds = [float(grid[i]) if i < len(grid) else FOREVER for i in edges]
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return [(start - STEP, end - STEP) for start, end in pairs]


def _pod(row: Row, seed: int, ordinal: int, number: int, life: tuple[float, float]) -> Run:
    revision = suffix(10, seed, row.key, "revision", number)
    words = [seed, row.key, ordinal, number]
    if row.autoscale and ordinal >= row.autoscale.minimum:
        words.append(int(life[0]))
    return Run(ordinal, *life, revision, pod_name(row, revision, ordinal, suffix(5, *words)))


def pod_name(row: Row, revision: str, ordinal: int, made_up: str) -> str:
    if row.kind == "Pod":
        return row.name
    if row.kind == "StatefulSet":
        return f"{row.name}-{ordinal}"
    return f"{row.name}-{made_up}" if row.kind in ("DaemonSet", "Job") else f"{row.name}-{revision}-{made_up}"


def _batches(row: Row, seed: int, span: Span) -> Iterator[Run]:
    batch = row.batch
    if batch is None:
        return
    period = batch.every * 3600
    for number in range(int(span.start // period) - 1, int(span.at // period) + 1):
        start = number * period + batch.at * 3600
        if start < span.at:
            yield from _side_by_side(row, batch, (seed, number), start)


def _side_by_side(row: Row, batch: Batch, words: tuple[int, int], start: float) -> Iterator[Run]:
    """A run takes 0.85 to 1.1 of the usual length; one that fails, half of it."""
    seed, number = words
    failed = batch.fails > 0 and number % batch.fails == 0
    length = batch.length * 3600 * (0.85 + 0.25 * share(seed, row.key, number)) * (0.5 if failed else 1.0)
    job = f"{row.name}-{int(start // 60)}" if row.kind == "CronJob" else f"{row.name}-{suffix(5, *words, row.key)}"
    for ordinal in range(batch.pods):
        last = f"worker-{ordinal}" if row.kind == "PyTorchJob" else suffix(5, *words, row.key, ordinal)
        yield Run(ordinal, start, start + length // STEP * STEP, "", f"{job}-{last}", failed, job)


def _left_over(row: Row, seed: int, span: Span) -> Run:
    """Its last ordinal, which ran for twenty minutes and failed."""
    start = span.today - _LEFTOVER_AGE * DAY
    revision = suffix(10, seed, row.key, "revision", 0)
    name = pod_name(row, revision, row.replicas, suffix(5, seed, row.key, "left over"))
    job = row.name if row.kind == "Job" else ""
    return Run(row.replicas, start, start + 1200, revision, name, failed=True, job=job)
