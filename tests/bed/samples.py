"""Samples on a grid of times: rows go in, a file that `backfill` turns into a block of Prometheus comes out.

A row is a line of JSON and, unless one value holds all the time, the values as little-endian doubles: see
`backfill/main.go`. Rows are written as they come and never all held in memory.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bed.scene import Changes, Times

Values = float | NDArray[np.floating[Any]] | NDArray[np.int64]


class Grid:
    """Times at which samples are taken, a step apart."""

    def __init__(self, start: int, end: int, step: int) -> None:
        self.step = step
        self.times: Times = np.arange(start, end + 1, step, dtype=np.int64)

    def span(self, start: float, end: float) -> slice:
        """The samples from `start` on and before `end`."""
        low, high = np.searchsorted(self.times, [start, end])
        return slice(int(low), int(high))


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of one series: a value for each time of the grid's span, or one for them all."""

    name: str
    labels: Mapping[str, str]
    grid: Grid
    span: slice
    values: Values

    def encoded(self) -> bytes:
        """Nothing, if the object lived between two samples."""
        start, stop = self.span.start, self.span.stop
        if start >= stop:
            return b""
        labels = {name: value for name, value in self.labels.items() if value}  # an empty label is none to Prometheus
        head = {"labels": {"__name__": self.name, **labels}, "start": int(self.grid.times[start])}
        head |= {"step": self.grid.step, "count": stop - start}
        if isinstance(self.values, float | int):
            return json.dumps({**head, "constant": self.values}).encode() + b"\n"
        return json.dumps(head).encode() + b"\n" + self.values.astype("<f8").tobytes()


def over_time(changes: Changes, times: Times) -> Values:
    """The value that holds at each time; before the first change, the first."""
    if not isinstance(changes, tuple):
        return float(changes)
    begins, values = (np.array(column, dtype=np.float64) for column in zip(*changes, strict=True))
    places = np.searchsorted(begins, times, side="right") - 1
    return np.asarray(values[np.maximum(places, 0)])


def write(rows: Iterable[Row], path: Path) -> Path:
    with path.open("wb", buffering=1 << 20) as file:
        file.writelines(row.encoded() for row in rows)
    return path
