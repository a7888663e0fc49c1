"""Use over the window in one line of block characters, and the lines below it: its days, and a scale of sizes."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from costkit.model.window import DAY, HALF_HOUR, HALF_HOURS

_BLOCKS = "▁▂▃▄▅▆▇█"
_GAP = " "
_STRIDES = (1, 2, 7, 14, 28)
"""Days from one label to the next: the least that leaves room."""
_LABEL = 3
"""Columns of a label, with the space after it."""


def folded(values: Sequence[float], width: int) -> list[float]:
    """The highest of each column's values, in at most `width` columns; NaN where a column has none."""
    count = min(len(values), width)
    edges = [column * len(values) // count for column in range(count + 1)]
    parts = (values[first:end] for first, end in pairwise(edges))
    return [highest(part, math.nan) for part in parts]


def highest(values: Iterable[float], default: float = 0.0) -> float:
    """Of those that were seen; `default` where none was."""
    return max((value for value in values if math.isfinite(value)), default=default)


def sparkline(values: Sequence[float], width: int) -> str:
    """Eight heights from nothing to the highest value; a space where nobody saw."""
    top = highest(values)
    return "".join(_block(value, top) for value in folded(values, width))


def days(start: float, half_hours: int, width: int) -> str:
    """Labels at the columns in which days (UTC) begin: `May 15  16  17`, and the month again where it changes."""
    count = min(half_hours, width)
    a_day = HALF_HOURS * count / half_hours
    stride = next((s for s in _STRIDES if s * a_day >= _LABEL), _STRIDES[-1])
    line, month = "", ""
    for number in range(0, math.ceil(half_hours * HALF_HOUR / DAY), stride):
        at = datetime.fromtimestamp(start + number * DAY, UTC)
        label = f"{at:%d}" if f"{at:%b}" == month else f"{at:%b %d}"
        column = int(number * a_day)
        if (column > len(line) or not line) and column + len(label) <= count:
            line, month = line.ljust(column) + label, f"{at:%b}"
    return line


def ruler(marks: Iterable[tuple[str, float]], longest: float, width: int) -> str:
    """A line from 0 to `longest` with each symbol at its value; of those at one place the last is seen."""
    line = ["─"] * width
    for symbol, value in marks:
        line[round(value / longest * (width - 1)) if longest else 0] = symbol
    return "".join(line)


def _block(value: float, top: float) -> str:
    if not math.isfinite(value):
        return _GAP
    return _BLOCKS[min(int(value / top * len(_BLOCKS)), len(_BLOCKS) - 1)] if top else _BLOCKS[0]
