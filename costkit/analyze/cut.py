"""Traces -> container-weeks: each week of each series with what was known before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from costkit.analyze.lists import Sketches
from costkit.analyze.spans import DayRows, Spans, past
from costkit.model.sketch import bucket_of
from costkit.model.trace import Trace, Use
from costkit.model.weeks import LONGEST_PAST, USUAL, Weeks
from costkit.model.window import DAY

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

WEEK = 7
LEARNED = 1
"""Weeks before the first that is judged: with seven days of history, they say something of the rule all the same."""
_LEAST = 5
"""Days that a last week must have."""


class _Week(NamedTuple):
    series: int
    day: int
    """Days from the series' first sample to its start."""
    use: Use


@dataclass(frozen=True, slots=True)
class Cut:
    """Weeks from each series' first sample + 14 days on, and the one before; those that ended first stand first."""

    resource: str
    weeks: Weeks
    before: Spans
    """The 14 days before each week, or what of them may be looked at."""
    rows: DayRows

    def percentiles(self, shares: Sequence[float]) -> Floats:
        """Of what was used before each week: a row a share (0..1), a column a week. Cores or bytes."""
        return self.rows.percentiles(self.before, self.resource, shares)


def cut(traces: Sequence[Trace], resource: str, reach: int = LONGEST_PAST) -> Cut:
    """`reach`: days before a week that are looked at."""
    uses = [trace.use(resource) for trace in traces]
    weeks = sorted((week for i, use in enumerate(uses) for week in _weeks(i, use)), key=lambda w: _end(w, uses))
    rows = _rows(uses, resource)
    series, day = (np.array([getattr(week, name) for week in weeks], np.int64) for name in ("series", "day"))
    spans = rows.spans(series, day, day + WEEK)
    values, counts, offsets = _laid_out([week.use for week in weeks])
    made = Weeks(
        series=series,
        start=np.array([uses[week.series].at[0] + week.day * DAY for week in weeks], float),
        end=np.array([_end(week, uses) for week in weeks], float),
        past=past(rows, resource, series, day, reach),
        p95=rows.p95(spans, resource),
        peak=rows.peaks(spans),
        values=values,
        counts=counts,
        offsets=offsets,
    )
    return Cut(resource, made, rows.spans(series, day - min(reach, USUAL), day), rows)


def _weeks(series: int, use: Use) -> Iterator[_Week]:
    if not len(use.at):
        return
    first, last, step = float(use.at[0]), float(use.at[-1]), _step(use)
    for day in range(USUAL - WEEK * LEARNED, int((last - first) // DAY) + 1, WEEK):
        start = first + day * DAY
        held = use.between(start, start + WEEK * DAY)
        if held.samples and last + step - start >= _LEAST * DAY:
            yield _Week(series, day, held)


def _step(use: Use) -> float:
    """Seconds that a sample speaks of: those of day sketches stand a day apart."""
    apart = np.diff(use.at)
    return float(np.median(apart[apart > 0])) if apart.any() else 0.0


def _end(week: _Week, uses: Sequence[Use]) -> float:
    use = uses[week.series]
    return float(min(use.at[0] + (week.day + WEEK) * DAY, use.at[-1]))


def _laid_out(uses: Sequence[Use]) -> tuple[Floats, Places, Places]:
    """Values, counts and offsets of model.weeks.Weeks."""
    orders = [np.argsort(use.values, kind="stable") for use in uses]
    values = [use.values[order] for use, order in zip(uses, orders, strict=True)]
    counts = [use.counts[order] for use, order in zip(uses, orders, strict=True)]
    offsets = np.cumsum([0, *(len(use.at) for use in uses)])
    return np.concatenate([np.empty(0), *values]), np.concatenate([np.empty(0, np.int64), *counts]), offsets


def _rows(uses: Sequence[Use], resource: str) -> DayRows:
    """Sketches of days of 24 hours from each series' first sample on."""
    series = np.repeat(np.arange(len(uses)), [len(use.at) for use in uses])
    day = np.concatenate([np.empty(0, np.int64), *(_days(use) for use in uses if len(use.at))])
    values = np.concatenate([np.empty(0), *(use.values for use in uses)])
    counts = np.concatenate([np.empty(0, np.int64), *(use.counts for use in uses)])
    cell = np.stack([series, day, bucket_of(values, resource).astype(np.int64)])
    return _sketched(cell, counts, values)


def _days(use: Use) -> Places:
    days: Places = ((use.at - use.at[0]) // DAY).astype(np.int64)
    return days


def _sketched(cell: Places, counts: Places, values: Floats) -> DayRows:
    """`cell`: series, day and bucket of each sample."""
    order = np.lexsort(cell[::-1])
    cell, counts, values = cell[:, order], counts[order], values[order]
    new_row = np.append(True, np.diff(cell[:2]).any(axis=0))[: cell.shape[1]]
    new_cell = np.append(True, np.diff(cell).any(axis=0))[: cell.shape[1]]
    rows, cells = np.flatnonzero(new_row), np.flatnonzero(new_cell)
    offsets = np.append(np.searchsorted(cells, rows), len(cells))
    if not len(rows):
        return DayRows(cell[0], cell[1], values, Sketches(np.empty(0, np.int32), counts, np.zeros(1, np.int32)))
    sketches = Sketches(cell[2, cells].astype(np.int32), np.add.reduceat(counts, cells), offsets.astype(np.int32))
    return DayRows(cell[0, rows], cell[1, rows], np.maximum.reduceat(values, rows), sketches)
