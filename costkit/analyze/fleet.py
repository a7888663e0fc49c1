"""The frame `usage` -> what the rule reads of all containers: their past up to now, and the weeks that are over."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.hottest import hottest_peaks, hottest_rows
from costkit.analyze.lists import Sketches
from costkit.analyze.ordered import KEY, grouped, numbers
from costkit.analyze.spans import DayRows, Spans, past, runs
from costkit.model.sketch import FLOORS, GROWTH
from costkit.model.target import Target
from costkit.model.usage import target_of
from costkit.model.weeks import Fleet, Weeks
from costkit.model.window import DAY

Places = NDArray[np.int64]
Floats = NDArray[np.float64]

_WEEK = 7
_LEAST_DAYS = 5
"""Days with samples that a week must have to say something."""


def fleets(usage: pa.Table, current: pa.Table, until: float) -> Mapping[str, Fleet]:
    """CPU and memory. `usage`: all days that are known; `current`: those of it that speak of what runs now.

    `until`: unix seconds at which what is known ends; the day that it lies in is not over.
    """
    return {resource: _fleet(usage, current, resource, until) for resource in ("cpu", "memory")}


def _fleet(usage: pa.Table, current: pa.Table, resource: str, until: float) -> Fleet:
    targets, rows = day_rows(usage, resource)
    now_targets, now_rows = (targets, rows) if current is usage else day_rows(current, resource)
    tomorrow = np.full(len(now_targets), -int(-until // DAY), np.int64)
    now = past(now_rows, resource, np.arange(len(now_targets)), tomorrow)
    return Fleet({target: i for i, target in enumerate(now_targets)}, now, _weeks(rows, resource, len(targets), until))


def day_rows(usage: pa.Table, resource: str) -> tuple[list[Target], DayRows]:
    """Containers, and their days: of the hottest pod; memory's peaks are of all pods."""
    part = usage.filter(pc.equal(usage["resource"], resource))
    groups = grouped(part)
    rows = hottest_rows(part, groups) if resource == "cpu" else np.arange(len(groups.places))
    places = groups.places[rows]
    keys = part.select(KEY).take(pa.array(groups.places[groups.firsts[:-1]])).to_pylist()
    peaks = hottest_peaks(part) if resource == "cpu" else numbers(part, "peak")
    series = np.searchsorted(groups.firsts, rows, side="right") - 1
    days = (numbers(part, "day")[places] // DAY).astype(np.int64)
    return [target_of(key) for key in keys], DayRows(series, days, peaks[places], Sketches.of(part, "hottest_", places))


def _weeks(rows: DayRows, resource: str, count: int, until: float) -> Weeks:
    """Whole weeks back from the last midnight, with at least a week before them."""
    first, end = rows.first_days(count), int(until // DAY)
    starts = np.arange(end - _WEEK, int(first.min(initial=end)) + _WEEK - 1, -_WEEK)[::-1]
    start, series = (grid.ravel() for grid in np.meshgrid(starts, np.arange(count), indexing="ij"))
    known = start - first[series] >= _WEEK
    start, series = start[known], series[known]
    spans = rows.spans(series, start, start + _WEEK)
    full = rows.days(spans) >= _LEAST_DAYS
    return _made(rows, resource, series[full], start[full], Spans(spans.first[full], spans.end[full]))


def _made(rows: DayRows, resource: str, series: Places, start: Places, spans: Spans) -> Weeks:
    values, counts, offsets = _samples(rows, resource, spans)
    peak = rows.peaks(spans)
    return Weeks(
        series=series,
        start=start.astype(float) * DAY,
        end=(start + _WEEK).astype(float) * DAY,
        past=past(rows, resource, series, start),
        p95=rows.p95(spans, resource) if resource == "cpu" else peak,
        peak=peak,
        values=values,
        counts=counts,
        offsets=offsets,
    )


def _samples(rows: DayRows, resource: str, spans: Spans) -> tuple[Floats, Places, Places]:
    """Of CPU the buckets of each week's days, one after the other; of memory the days' peaks."""
    if resource == "memory":
        lengths = spans.end - spans.first
        held = runs(spans.first, lengths)
        return rows.peak[held], np.ones(len(held), np.int64), np.concatenate([[0], np.cumsum(lengths)])
    offsets = rows.sketches.offsets.astype(np.int64)
    lengths = offsets[spans.end] - offsets[spans.first]
    held = runs(offsets[spans.first], lengths)
    values = FLOORS[resource] * GROWTH ** rows.sketches.buckets[held].astype(float)
    return values, rows.sketches.counts[held].astype(np.int64), np.concatenate([[0], np.cumsum(lengths)])
