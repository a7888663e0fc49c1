"""What one container of one pod used, over a time that is cut into weeks to try a rule on."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Use:
    """Samples of one resource, oldest first: three arrays of one length.

    From a history of sketches a day's samples stand at its middle, each bucket's at its upper edge.
    """

    at: Floats
    """Unix seconds."""
    values: Floats
    """Cores or bytes; finite."""
    counts: NDArray[np.int64]
    """How many samples each of them stands for."""

    def between(self, start: float, end: float) -> "Use":
        """The samples at `start` or later, and before `end`."""
        part = slice(*np.searchsorted(self.at, (start, end)))
        return Use(self.at[part], self.values[part], self.counts[part])

    @property
    def samples(self) -> int:
        return int(self.counts.sum())


NO_USE = Use(np.empty(0), np.empty(0), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class Trace:
    """One series, and of memory what it was allowed at each time."""

    series_id: str
    cpu: Use = NO_USE
    memory: Use = NO_USE
    memory_cap_at: Floats = field(default_factory=lambda: np.empty(0))
    """Unix seconds, ascending, from which on a cap held."""
    memory_cap: Floats = field(default_factory=lambda: np.empty(0))
    """Bytes; NaN where none did."""

    def use(self, resource: str) -> Use:
        return self.cpu if resource == "cpu" else self.memory

    def cap(self, at: float) -> float:
        """The cap that held just before a moment; infinity where none did."""
        place = int(np.searchsorted(self.memory_cap_at, at)) - 1
        held = float(self.memory_cap[place]) if place >= 0 else float("nan")
        return float("inf") if np.isnan(held) else held
