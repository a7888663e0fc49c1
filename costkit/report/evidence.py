"""One container's sizes and use side by side, as bars to be drawn: positions in percent, and the same in words.

What the reasons `cpu-use`, `memory-use`, `cpu-kept` and `memory-kept` say is read from their params: `value` (what was
used at `percentile`, a share 0..1) and `peak`, in cores or bytes. A reason without them adds nothing.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from costkit.model.recommendation import Reason
from costkit.report.cells import Row, readable_cpu, readable_memory


@dataclass(frozen=True, slots=True)
class Mark:
    """One length of a bar: `role` is `before`, `after`, `usage` or `peak`."""

    role: str
    share: float
    """Percent of the bar's width."""
    words: str
    """`p98 1900m`."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One resource; its marks from request to peak."""

    resource: str
    marks: tuple[Mark, ...]

    @property
    def words(self) -> str:
        return " · ".join(mark.words for mark in self.marks)


def bars(row: Row) -> tuple[Bar, ...]:
    """A bar for each resource with a request before or after."""
    before, after = row.change.before, row.change.after
    sizes = {
        "cpu": (before.cpu_request, after.cpu_request),
        "memory": (before.memory_request, after.memory_request),
    }
    why = row.item.recommendation.why if row.first else ()
    drawn = (_bar(resource, size, _uses(resource, why)) for resource, size in sizes.items() if any(size))
    return tuple(drawn)


def _bar(resource: str, size: tuple[float | None, float | None], uses: dict[str, float]) -> Bar:
    lengths = {"before": size[0], "after": size[1], "usage": uses.get("value"), "peak": uses.get("peak")}
    known = {role: length for role, length in lengths.items() if length is not None}
    words = {"before": "now", "after": "then", "usage": _percentile(uses), "peak": "peak"}
    form = readable_cpu if resource == "cpu" else readable_memory
    longest = max(known.values())
    marks = (Mark(r, round(100 * length / longest, 2), f"{words[r]} {form(length)}") for r, length in known.items())
    return Bar(resource, tuple(marks))


def _uses(resource: str, why: tuple[Reason, ...]) -> dict[str, float]:
    """`value`, `percentile` and `peak` of one resource, those that are known."""
    reasons = [reason for reason in why if reason.code in (f"{resource}-use", f"{resource}-kept")]
    return {key: value for reason in reasons for key, value in _numbers(reason)}


def _numbers(reason: Reason) -> Iterator[tuple[str, float]]:
    for key in ("value", "percentile", "peak"):
        value = reason.params.get(key)
        if isinstance(value, int | float) and math.isfinite(value):
            yield key, float(value)


def _percentile(uses: dict[str, float]) -> str:
    return f"p{100 * uses['percentile']:g}" if "percentile" in uses else "used"
