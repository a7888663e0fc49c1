"""The frame `nodes` and a window -> the half hours in which any node was seen: what pods and nodes are charged by.

What ran while nobody looked (Prometheus down, no history yet) is left out of pod-hours as it is out of node-hours: else
pods would claim more hours than there are of nodes to pay for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from costkit.model.window import DAY, Window


@dataclass(frozen=True, slots=True)
class Clock:
    window: Window
    hours: float
    """Hours of the window in which any node was seen; 0 without history."""
    shares: Mapping[float, float]
    """Midnight of each day of the window -> its seen hours over those that the window has of it; 1 without history."""

    @classmethod
    def of(cls, nodes: pa.Table, window: Window) -> "Clock":
        there_are = {day: window.half_hours(day) for day in window.midnights()}
        seen = dict.fromkeys(there_are, 0)
        for row in nodes.select(["day", "half_hours"]).to_pylist():
            seen[row["day"]] = seen.get(row["day"], 0) | int(row["half_hours"] or 0) & there_are.get(row["day"], 0)
        counts = {day: half_hours.bit_count() for day, half_hours in seen.items()}
        hours = sum(counts.values()) / 2
        shares = {day: counts[day] / bits.bit_count() if hours else 1.0 for day, bits in there_are.items() if bits}
        return cls(window, hours, shares)

    def hours_between(self, start: float, end: float) -> float:
        """Seen hours of the window's part of a span: of each day its share."""
        first, last = max(start, self.window.start), min(end, self.window.end)
        within = ((min(last, day + DAY) - max(first, day), share) for day, share in self.shares.items())
        return sum(seconds / 3600 * share for seconds, share in within if seconds > 0)
