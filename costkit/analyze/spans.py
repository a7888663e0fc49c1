"""Rows of day sketches, and what many spans of days say together, by arrays alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costkit.analyze.lists import Sketches
from costkit.model.sketch import FLOORS, GROWTH
from costkit.model.weeks import LONG, LONGEST_PAST, MONTH, RECENT, USUAL, Past

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spans:
    """Of each span the first row, and the one after its last."""

    first: Places
    end: Places


@dataclass(frozen=True, slots=True)
class DayRows:
    """Rows ordered by series, then day; a day may have several."""

    series: Places
    day: Places
    """Number of the day, from any day on."""
    peak: Floats
    sketches: Sketches

    def spans(self, series: Places, first: Places, end: Places) -> Spans:
        """The rows of each series from its day `first` to before its day `end`."""
        keys = self._keys(self.series, self.day)
        return Spans(*(np.searchsorted(keys, self._keys(series, days)) for days in (first, end)))

    def peaks(self, spans: Spans) -> Floats:
        """NaN for a span without rows."""
        bounds = np.column_stack([spans.first, spans.end]).ravel()
        held = np.append(self.peak, np.nan)
        found = np.fmax.reduceat(held, bounds)[::2] if len(bounds) else np.empty(0)
        return np.where(spans.first < spans.end, found, np.nan)

    def days(self, spans: Spans) -> Places:
        """Days that have a row."""
        keys = self._keys(self.series, self.day)
        begun = np.concatenate([[0], np.cumsum(np.append(1, np.diff(keys)) != 0)]) if len(keys) else np.zeros(1, int)
        days: Places = begun[spans.end] - begun[spans.first]
        return days

    def p95(self, spans: Spans, resource: str) -> Floats:
        """The 95th percentile of all samples of each span; NaN for a span without rows."""
        found: Floats = self.percentiles(spans, resource, (0.95,))[0]
        return found

    def percentiles(self, spans: Spans, resource: str, shares: Sequence[float]) -> Floats:
        """A row a share (0..1), a column a span: at the bucket's upper edge, but not above the peak."""
        parts = self.sketches.parts(spans.first, spans.end)
        buckets = np.concatenate([part.buckets_at(shares) for part in parts], axis=1)
        found: Floats = np.fmin(upper_edges(buckets, resource), self.peaks(spans))
        return found

    def first_days(self, count: int) -> Places:
        """Of each series the number of its first day."""
        firsts: Places = self.day[np.searchsorted(self.series, np.arange(count))]
        return firsts

    @staticmethod
    def _keys(series: Places, day: Places) -> Places:
        return series * 1_000_000 + day


def upper_edges(buckets: NDArray[np.integer], resource: str) -> Floats:
    """Cores or bytes; NaN for the bucket -1, which is none."""
    return np.where(buckets >= 0, FLOORS[resource] * GROWTH ** buckets.astype(float), np.nan)


def past(rows: DayRows, resource: str, series: Places, moment: Places, reach: int = LONGEST_PAST) -> Past:
    """What is known of each series before its day `moment`, from not more than the last `reach` days."""
    first_days = rows.first_days(int(rows.series.max(initial=-1)) + 1)

    def back(days: int) -> Spans:
        return rows.spans(series, moment - min(days, reach), moment)

    peak, age = rows.peaks(back(LONG)), (moment - first_days[series]).astype(float)
    days = rows.days(back(LONG)).astype(float)
    if resource == "memory":
        return Past(peak, peak, rows.peaks(back(MONTH)), days, age)
    median, p95 = rows.percentiles(back(USUAL), resource, (0.5, 0.95))
    usual = np.fmax(rows.p95(back(RECENT), resource), p95)
    # of one that rested for two weeks only the peak before is known
    usual = np.where(np.isnan(usual), peak, usual)
    return Past(usual, np.fmax(usual, peak), np.nan_to_num(median), days, age)
