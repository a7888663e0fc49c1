"""Where a run's days are put and taken from: a history, or memory where none is named."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import pyarrow as pa

from costkit.model.cluster import Coverage
from costkit.model.day import Day, OpenDay, Wanted
from costkit.model.usage import PAST
from costkit.model.window import Window


class Shelf(Protocol):
    def lacking(self, parts: Iterable[Window], at: float) -> list[Wanted]:
        """Of the parts of days, in their order, those that must be read; `at`: the moment of the run."""

    def put(self, day: Day, answers: OpenDay | None) -> None:
        """A day that was read; with its answers if it is not over."""

    def within(self, window: Window) -> Sequence[Day]:
        """The days of the window that are there, oldest first."""

    def before(self, window: Window, days: float) -> pa.Table:
        """Use (model.usage.PAST) on the whole days, not more than so many, before the window's start, oldest first."""

    def coverage(self) -> tuple[Coverage, ...]:
        """What is to be said of the days that were there before."""


class Memory:
    """Nothing is there before, and nothing is left."""

    def __init__(self) -> None:
        self._days: dict[float, Day] = {}

    def lacking(self, parts: Iterable[Window], at: float) -> list[Wanted]:
        del at
        return [Wanted(part) for part in parts]

    def put(self, day: Day, answers: OpenDay | None) -> None:
        del answers
        self._days[day.midnight] = day

    def within(self, window: Window) -> Sequence[Day]:
        return [self._days[midnight] for midnight in window.midnights() if midnight in self._days]

    def before(self, window: Window, days: float) -> pa.Table:
        del window, days
        return PAST.empty_table()

    def coverage(self) -> tuple[Coverage, ...]:
        return ()
