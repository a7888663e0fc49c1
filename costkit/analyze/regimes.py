"""A regime change: the last days of a container's use lie far off the same weekdays of the weeks before.

Days are held against their own weekday, so that a weekend, or a Monday, is no change; where none was seen, against all
days before. A level that has lasted a week is held against itself, and is a change no longer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from costkit.analyze.hottest import hottest_peaks, hottest_rows
from costkit.analyze.lists import Sketches, half_hours
from costkit.analyze.ordered import Groups, Places, numbers
from costkit.model.facts import Shift
from costkit.model.window import DAY

FAR = 1.5
"""A day this many times its weekday's highest before, or its lowest over this: more than a busy week is off others."""
LEAST_DAYS = 3
"""Fewer days are an incident, or a long weekend."""
_BEFORE = 3
"""Days that one is held against of whose weekday none was seen before."""
_WEEK = 7
_WHOLE = 36
"""Half hours seen from which a day's level is known: the last one is often only begun."""
_LEAST = {"cpu": 0.02, "memory": 32 * 2.0**20, "gpu": 0.05}
"""Cores, bytes, share of a GPU: a change by less is nobody's matter, however many times it is."""

Levels = NDArray[np.float64]
"""A row a group, a column a day, the last whole one first; NaN where a day was not seen whole."""


@dataclass(frozen=True, slots=True)
class _Days:
    levels: Levels
    last: NDArray[np.float64]
    """Unix seconds: each group's last whole day, -inf where it has none."""


def shifts(usage: pa.Table, groups: Groups) -> list[Shift | None]:
    """Of each group: whether its last 3 to 6 days are a new regime. Level: CPU its mean, memory its peak.

    Days that were not seen whole neither end such days nor are some of them: 3 are to be seen.
    """
    days = _days(usage, groups)
    least = np.array([_LEAST[name] for name in _resources(usage, groups)])[:, np.newaxis]
    rose = _lasted(days.levels, np.fmax, lambda recent, top: (recent >= FAR * top) & (recent - top >= least))
    fell = _lasted(days.levels, np.fmin, lambda recent, low: (recent <= low / FAR) & (low - recent >= least))
    found: list[Shift | None] = [None] * len(days.levels)
    for group in np.flatnonzero(_is_new(rose) | _is_new(fell)).tolist():
        found[group] = _shift(days.levels[group], int(max(rose[group], fell[group])))
    return _with_recent(usage, groups, days, found)


def _lasted(levels: Levels, reduce: np.ufunc, far: Callable[[Levels, Levels], NDArray[np.bool_]]) -> Places:
    """Of each row the most days up to a week of which each that was seen is far off those before; 0 where none is.

    The days before begin where the new ones end, so each number of them is tried.
    """
    recent, seen = levels[:, :_WEEK], np.isfinite(levels[:, :_WEEK])
    same = _same_weekday(levels[:, _WEEK:], reduce)
    lasted = np.zeros(len(levels), np.int64)
    for days in range(LEAST_DAYS, _WEEK + 1):
        known = ~np.isnan(levels[:, days:])
        every = reduce.reduce(levels[:, days:], axis=1)
        every[known.sum(axis=1) < _BEFORE] = np.nan
        against = np.where(np.isnan(same), every[:, np.newaxis], same)
        holds = (far(recent, against) | ~seen)[:, :days].all(axis=1)
        lasted[holds & seen[:, days - 1] & (seen[:, :days].sum(axis=1) >= LEAST_DAYS)] = days
    return lasted


def _days(usage: pa.Table, groups: Groups) -> _Days:
    group_of_day = np.repeat(np.arange(len(groups.firsts) - 1), np.diff(groups.first_days))
    day = numbers(usage, "day")[groups.places][groups.days[:-1]]
    whole = groups.each_day(np.maximum, _seen(usage)[groups.places]) >= _WHOLE
    last = np.full(len(groups.firsts) - 1, -np.inf)
    np.maximum.at(last, group_of_day[whole], day[whole])
    back = ((last[group_of_day[whole]] - day[whole]) // DAY).astype(int)
    levels = np.full((len(last), max(int(back.max(initial=0)) + 1, 2 * _WEEK)), np.nan)
    levels[group_of_day[whole], back] = _level(usage, groups)[whole]
    return _Days(levels, last)


def _level(usage: pa.Table, groups: Groups) -> NDArray[np.float64]:
    """A number a day of a group."""
    samples = numbers(usage, "samples")[groups.places]
    used = groups.each_day(np.add, numbers(usage, "mean")[groups.places] * samples)
    means = used / groups.each_day(np.add, samples)
    peaks = groups.each_day(np.maximum, numbers(usage, "peak")[groups.places])
    is_memory = np.repeat(_resources(usage, groups) == "memory", np.diff(groups.first_days))
    return np.where(is_memory, peaks, means)


def _resources(usage: pa.Table, groups: Groups) -> NDArray[np.object_]:
    firsts = usage["resource"].take(pa.array(groups.places[groups.firsts[:-1]]))
    return np.array(firsts.to_pylist(), object)


def _seen(usage: pa.Table) -> NDArray[np.int64]:
    """A row's half hours with samples, in the frame's order."""
    chunks = [np.isfinite(half_hours(chunk)).sum(axis=1) for chunk in usage["total_means"].chunks]
    return np.concatenate([np.empty(0, np.int64), *chunks])


def _same_weekday(before: Levels, reduce: np.ufunc) -> Levels:
    """Of the days before the last week the highest or lowest, for each of that week's seven weekdays."""
    weeks = -(-before.shape[1] // _WEEK)
    padded = np.full((len(before), weeks * _WEEK), np.nan)
    padded[:, : before.shape[1]] = before
    found: Levels = reduce.reduce(padded.reshape(len(before), weeks, _WEEK), axis=1)
    return found


def _is_new(lasted: Places) -> NDArray[np.bool_]:
    return (lasted > 0) & (lasted < _WEEK)


def _shift(levels: Levels, days: int) -> Shift:
    """`days`: with those between that nobody saw, as it is that long ago."""
    seen = [day for day in range(days) if np.isfinite(levels[day])]
    same = [levels[day + _WEEK :: _WEEK] for day in seen]
    against = np.concatenate([held if np.isfinite(held).any() else levels[days:] for held in same])
    return Shift(days, float(np.nanmedian(against)), float(np.median(levels[seen])))


def _with_recent(usage: pa.Table, groups: Groups, days: _Days, found: list[Shift | None]) -> list[Shift | None]:
    """Those that rose with the hottest pods since."""
    risen = [(group, shift) for group, shift in enumerate(found) if shift is not None and shift.rose]
    if not risen:
        return found
    rows = _rows_since(usage, groups, [(group, days.last[group] - shift.days * DAY) for group, shift in risen])
    sketches = Sketches.of(usage, "hottest_", np.concatenate(rows))
    peaks, ends = hottest_peaks(usage), np.cumsum([len(of) for of in rows]).tolist()
    for (group, shift), of, end in zip(risen, rows, ends, strict=True):
        found[group] = replace(shift, recent=sketches.merged(end - len(of), end), recent_peak=float(peaks[of].max()))
    return found


def _rows_since(usage: pa.Table, groups: Groups, since: Sequence[tuple[int, float]]) -> list[Places]:
    """Of each (group, unix seconds) the rows of its hottest pods on the days after."""
    hottest, day = hottest_rows(usage, groups), numbers(usage, "day")
    bounds = np.searchsorted(hottest, groups.firsts)
    held = ((groups.places[hottest[bounds[group] : bounds[group + 1]]], at) for group, at in since)
    return [rows[day[rows] > at] for rows, at in held]
