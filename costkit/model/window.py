"""The span of time that a run looks at, in whole UTC days and half hours."""

from collections.abc import Iterator
from dataclasses import dataclass

DAY = 86_400
HALF_HOUR = 1_800
HALF_HOURS = 48
STEP = 300
"""Seconds between samples: usage is read at five minutes."""
STEPS = DAY // STEP
MONTH_HOURS = 730
LONGEST = 56
"""Days that a window may have, and that a history is filled with."""


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` (a UTC midnight) to `end` (on a half hour), unix seconds; the sample at t is about (t - 300, t]."""

    start: float
    end: float

    @classmethod
    def back_from(cls, at: float, days: float) -> "Window":
        """Whole days from the midnight (UTC) at or before `days` ago, up to the last full half hour before `at`."""
        end = at // HALF_HOUR * HALF_HOUR
        return cls(start=(end - days * DAY) // DAY * DAY, end=end)

    @property
    def days(self) -> float:
        return (self.end - self.start) / DAY

    @property
    def hours(self) -> float:
        return (self.end - self.start) / 3600

    def midnights(self) -> Iterator[float]:
        """Midnight (UTC, unix seconds) of each day that the window touches, oldest first."""
        day = self.start // DAY * DAY
        while day < self.end:
            yield day
            day += DAY

    def within(self, midnight: float) -> "Window":
        """The part of the window that lies in the day that starts at `midnight`."""
        return Window(start=max(self.start, midnight), end=min(self.end, midnight + DAY))

    def half_hours(self, midnight: float) -> int:
        """The half hours (48 bits) of the day that starts at `midnight` which lie in the window."""
        first, end = (int((at - midnight) // HALF_HOUR) for at in (self.start, self.end))
        return (1 << min(max(end, 0), HALF_HOURS)) - 1 & ~((1 << min(max(first, 0), HALF_HOURS)) - 1)
