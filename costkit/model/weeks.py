"""Container-weeks: what was known of a container before a week, and what it used in it (ALGORITHM §1, §4)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costkit.model.target import Target

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

OFTEN = {"cpu": 0.05, "memory": 0.0}
"""Share of a week's samples above a size from which on it is violated: memory that is short once kills."""
RECENT, USUAL, LONG = 7, 14, 28
"""Days before a moment: of the recent p95, of the usual p95, and of the peak."""
MONTH = 35
"""Days that take in the end of the last month: a memory peak that comes back with it kills."""
LONGEST_PAST = MONTH
"""Days before a moment that are looked at."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the rule reads of the time before some moments: arrays of one number a moment. Cores or bytes."""

    usual: Floats
    """The higher of the 95th percentiles of the last 7 and 14 days of the hottest pod; of memory the same as `peak`."""
    peak: Floats
    """Of the last 28 days."""
    median: Floats
    """No size is below it: of CPU the median of the last 14 days, of memory the highest peak of the last 35."""
    days: Floats
    """Days with samples among these."""
    age: Floats
    """Days from the first sample to the moment."""

    def at(self, places: Places | slice) -> "Past":
        return Past(*(getattr(self, one.name)[places] for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Judged:
    """What requests would have met, one number a week."""

    above: Floats
    """Samples above the request."""
    over: Floats
    """Sum of use above the request, over the samples."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Container-weeks of one resource, those that ended first standing first: arrays of one length."""

    series: Places
    """Number of the container, in an order that whoever made them knows."""
    start: Floats
    """Unix seconds."""
    end: Floats
    past: Past
    """Before the start."""
    p95: Floats
    """Of the week's hottest pod."""
    peak: Floats
    values: Floats
    """Samples, week after week, those of traces ascending within it; a bucket of a sketch stands at its upper edge."""
    counts: Places
    """How many samples each stands for."""
    offsets: Places
    """Where each week's samples begin, and where the last one's end."""

    def __len__(self) -> int:
        return len(self.series)

    @property
    def samples(self) -> Floats:
        return self._sums(self.counts.astype(float))

    @property
    def use(self) -> Floats:
        """Sum over the samples."""
        return self._sums(self.values * self.counts)

    def judge(self, requests: Floats) -> Judged:
        """One request a week, cores or bytes; NaN: nothing was asked for, and nothing is above it."""
        asked = np.repeat(requests, np.diff(self.offsets))
        above = self.values > asked
        over = np.where(above, (self.values - asked) * self.counts, 0.0)
        return Judged(self._sums(above * self.counts), self._sums(over))

    def _sums(self, numbers: NDArray[Any]) -> Floats:
        totals = np.concatenate([[0.0], np.cumsum(numbers)])
        sums: Floats = totals[self.offsets[1:]] - totals[self.offsets[:-1]]
        return sums


@dataclass(frozen=True, slots=True)
class Fleet:
    """One resource of all containers that were seen: what is known of each now, and the weeks that are over."""

    places: Mapping[Target, int]
    """Container -> its number in `now`, and in `weeks.series`."""
    now: Past
    weeks: Weeks
