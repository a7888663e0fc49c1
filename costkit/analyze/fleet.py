"""The frame `usage` -> what the rule reads of all containers: their past up to now, and the weeks that are over."""

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.hottest import hottest_peaks, hottest_rows
from costkit.analyze.lists import Sketches, runs
from costkit.analyze.ordered import KEY, ORDER, Groups, grouped, keyed, numbers, ranks
from costkit.analyze.spans import DayRows, Spans, past, upper_edges
from costkit.model.target import Target
from costkit.model.usage import target_of
from costkit.model.weeks import Fleet, Past, Weeks
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
    kept = _among(usage, current)
    return {resource: _fleet(usage, kept, resource, until) for resource in ("cpu", "memory")}


def _fleet(usage: pa.Table, kept: NDArray[np.bool_], resource: str, until: float) -> Fleet:
    targets, groups = _ordered(usage, resource)
    rows, kept = _rows(usage, groups, resource, sketched=resource == "cpu"), kept[groups.places]
    tomorrow = -int(-until // DAY)
    now = past(rows, resource, np.arange(len(targets)), np.full(len(targets), tomorrow))
    left = np.diff(np.append(0, np.cumsum(kept))[groups.firsts])
    revised = (left > 0) & (left < np.diff(groups.firsts))
    if revised.any():
        of_new = groups.within(np.repeat(revised, np.diff(groups.firsts)) & kept)
        again, series = _rows(usage, of_new, resource, sketched=resource == "cpu"), np.flatnonzero(revised)
        now = _replaced(now, series, past(again, resource, series, np.full(len(series), tomorrow)))
    places = {target: i for i, target in enumerate(targets) if left[i]}
    return Fleet(places, now, _weeks(rows, resource, len(targets), until))


def _replaced(held: Past, places: Places, by: Past) -> Past:
    """Numbers at some places are those of another past."""
    numbers = {one.name: getattr(held, one.name).copy() for one in fields(held)}
    for name, values in numbers.items():
        values[places] = getattr(by, name)
    return Past(**numbers)


def day_rows(usage: pa.Table, resource: str) -> tuple[list[Target], DayRows]:
    """Containers, and their days: of the hottest pod; memory's peaks are of all pods."""
    targets, groups = _ordered(usage, resource)
    return targets, _rows(usage, groups, resource, sketched=True)


def _ordered(usage: pa.Table, resource: str) -> tuple[list[Target], Groups]:
    """Containers, and the rows of each; the lists are left out, for they are large."""
    where = np.flatnonzero(np.asarray(pc.equal(usage["resource"], resource)))
    part = usage.select([*KEY, *ORDER, "samples", "samples_expected"]).take(pa.array(where))
    groups = grouped(part)
    keys = part.select(KEY).take(pa.array(groups.places[groups.firsts[:-1]])).to_pylist()
    return [target_of(key) for key in keys], replace(groups, places=where[groups.places])


def _rows(usage: pa.Table, groups: Groups, resource: str, *, sketched: bool) -> DayRows:
    """`sketched`: with what each row's sketch holds, else with empty ones."""
    rows = hottest_rows(usage, groups) if resource == "cpu" else np.arange(len(groups.places))
    places = groups.places[rows]
    peaks = hottest_peaks(usage) if resource == "cpu" else numbers(usage, "peak")
    series = np.searchsorted(groups.firsts, rows, side="right") - 1
    days = (numbers(usage, "day")[places] // DAY).astype(np.int64)
    sketches = Sketches.of(usage, "hottest_", places) if sketched else Sketches.empty(len(places))
    return DayRows(series, days, peaks[places], sketches)


def _among(usage: pa.Table, some: pa.Table) -> NDArray[np.bool_]:
    """Of each row of a frame whether it is one of some of its rows."""
    count = usage.num_rows
    if some.num_rows == count:
        return np.ones(count, bool)
    both = pa.concat_tables([frame.select([*KEY, *ORDER]) for frame in (usage, some)])
    row = keyed(ranks(column) for column in both.columns)
    there = np.zeros(int(row.max(initial=-1)) + 1, bool)
    there[row[count:]] = True
    among: NDArray[np.bool_] = there[row[:count]]
    return among


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
    peak = rows.peaks(spans)
    values, counts, offsets, p95 = _of_hottest(rows, spans) if resource == "cpu" else _of_peaks(rows, spans)
    return Weeks(
        series=series,
        start=start.astype(float) * DAY,
        end=(start + _WEEK).astype(float) * DAY,
        past=past(rows, resource, series, start),
        p95=np.fmin(p95, peak),
        peak=peak,
        # a flat container's bucket ends above it: no sample is above the week's exact peak
        values=np.minimum(values, np.repeat(peak, np.diff(offsets))),
        counts=counts,
        offsets=offsets,
    )


def _of_hottest(rows: DayRows, spans: Spans) -> tuple[Floats, Places, Places, Floats]:
    """Values, counts and offsets of model.weeks.Weeks, the buckets of CPU; and each week's 95th percentile."""
    weeks = rows.sketches.joined(spans.first, spans.end)
    values = upper_edges(weeks.buckets, "cpu")
    return values, weeks.counts.astype(np.int64), weeks.offsets, upper_edges(weeks.buckets_at((0.95,))[0], "cpu")


def _of_peaks(rows: DayRows, spans: Spans) -> tuple[Floats, Places, Places, Floats]:
    """The same of memory: its days' peaks; and what no peak is above."""
    lengths = spans.end - spans.first
    held = runs(spans.first, lengths)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return rows.peak[held], np.ones(len(held), np.int64), offsets, np.full(len(lengths), np.inf)
