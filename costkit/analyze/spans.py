"""Rows of day sketches, and what many spans of days say together, by arrays alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costkit.analyze.lists import Sketches
from costkit.model.sketch import FLOORS, GROWTH
from costkit.model.weeks import LONG, RECENT, USUAL, Past

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_CELLS = 4_000_000
"""Counters that are held at once: spans are merged by counting each one's buckets."""
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Spans:
    """Of each span the first row, and the one after its last."""

    first: Places
    end: Places

    def at(self, part: slice) -> "Spans":
        return Spans(self.first[part], self.end[part])


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
        parts = [self._edges(part, resource, shares) for part in self._parts(spans)]
        edges: Floats = np.concatenate([np.empty((len(shares), 0)), *parts], axis=1)
        found: Floats = np.fmin(edges, self.peaks(spans))
        return found

    def first_days(self, count: int) -> Places:
        """Of each series the number of its first day."""
        firsts: Places = self.day[np.searchsorted(self.series, np.arange(count))]
        return firsts

    def _parts(self, spans: Spans) -> Iterator[Spans]:
        size = max(1, _CELLS // self._width)
        return (spans.at(slice(first, first + size)) for first in range(0, len(spans.first), size))

    @property
    def _least(self) -> int:
        return int(self.sketches.buckets.min(initial=0))

    @property
    def _width(self) -> int:
        return int(self.sketches.buckets.max(initial=0)) - self._least + 1

    def _edges(self, spans: Spans, resource: str, shares: Sequence[float]) -> Floats:
        offsets = self.sketches.offsets.astype(np.int64)
        begin, lengths = offsets[spans.first], offsets[spans.end] - offsets[spans.first]
        entries = runs(begin, lengths)
        span = np.repeat(np.arange(len(lengths)), lengths)
        cells = span * self._width + self.sketches.buckets[entries] - self._least
        counts = np.bincount(cells, self.sketches.counts[entries], len(lengths) * self._width)
        reached = np.cumsum(counts.reshape(len(lengths), self._width), axis=1)
        ranks = [np.maximum(1.0, np.ceil(share * reached[:, -1] - _SLACK)) for share in shares]
        buckets = np.array([(reached < rank[:, np.newaxis]).sum(axis=1) for rank in ranks]) + self._least
        return np.where(lengths > 0, FLOORS[resource] * GROWTH**buckets, np.nan)

    @staticmethod
    def _keys(series: Places, day: Places) -> Places:
        return series * 1_000_000 + day


def past(rows: DayRows, resource: str, series: Places, moment: Places, reach: int = LONG) -> Past:
    """What is known of each series before its day `moment`, from not more than the last `reach` days."""
    first_days = rows.first_days(int(rows.series.max(initial=-1)) + 1)

    def back(days: int) -> Spans:
        return rows.spans(series, moment - min(days, reach), moment)

    peak, age = rows.peaks(back(LONG)), (moment - first_days[series]).astype(float)
    days = rows.days(back(LONG)).astype(float)
    if resource == "memory":
        return Past(peak, peak, np.zeros(len(peak)), days, age)
    median, p95 = rows.percentiles(back(USUAL), resource, (0.5, 0.95))
    usual = np.fmax(rows.p95(back(RECENT), resource), p95)
    # of one that rested for two weeks only the peak before is known
    usual = np.where(np.isnan(usual), peak, usual)
    return Past(usual, np.fmax(usual, peak), np.nan_to_num(median), days, age)


def runs(begin: Places, lengths: Places) -> Places:
    """Places from each beginning on, as many as its length says, one run after the other."""
    places: Places = np.repeat(begin - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    return places
