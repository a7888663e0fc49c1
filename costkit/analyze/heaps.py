"""The frames `usage` and `signals` -> whose memory peaks follow its limit, told by limits that were in force.

A heap that takes a share of the limit (a JVM by default, where no flag says so) uses less after each cut, and would be
cut again every night, down to nothing.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.codes import Codes, codes, numbered
from costkit.analyze.lists import half_hours
from costkit.model.target import Target
from costkit.model.usage import target_of
from costkit.model.window import DAY, HALF_HOURS

_SUBJECT = ["api_version", "kind", "namespace", "name", "container"]
_APART = 1.2
"""A limit over another, from which peaks that stay as they are would be told from peaks that follow it."""
_ALIKE = 1.1
"""A share of the limit over another: a heap's ceiling is met within some per cent on any day."""
_LEAST, _MOST = 0.25, 0.9
"""Shares of the limit: a JVM's own default is a quarter; from nine tenths on it is the limit that ends the use."""
_DAYS = 2
"""On which a limit was in force: a heap is not full at once."""

Bytes = NDArray[np.float64]


class Under(NamedTuple):
    """Bytes."""

    limit: float
    peak: float

    @property
    def share(self) -> float:
        return self.peak / self.limit


class Heap(NamedTuple):
    """The same share of two limits."""

    before: Under
    now: Under


class _Seen(NamedTuple):
    """A place a day of one of a container's rows, or a half hour of a day on which the limit changed."""

    container: Codes
    moment: Codes
    """Half hours since 1970; of a whole day its last."""
    limit: Bytes
    peak: Bytes


class _Limits(NamedTuple):
    """A place a limit of a container."""

    container: Codes
    limit: Bytes
    peak: Bytes
    last: Codes

    @property
    def share(self) -> Bytes:
        return self.peak / self.limit


def heaps(usage: pa.Table, signals: pa.Table) -> dict[Target, Heap]:
    """Of the containers whose last limit and an earlier one, 20 % apart, were peaked at by the same share of each.

    A limit counts that was in force on 2 days. `usage`: with all revisions, as a limit is part of one.
    """
    rows = _changed(signals)
    if not rows.num_rows:
        return {}
    limits = _limits(_seen(rows, usage))
    matches, newest = _followed(limits)
    first_rows = np.unique(codes(rows, _SUBJECT), return_index=True)[1]
    names = rows.select(_SUBJECT).take(pa.array(first_rows[limits.container[matches]])).to_pylist()
    under = [Under(*of) for of in zip(limits.limit.tolist(), limits.peak.tolist(), strict=True)]
    pairs = zip(matches.tolist(), newest.tolist(), strict=True)
    return {target_of(name): Heap(under[one], under[other]) for name, (one, other) in zip(names, pairs, strict=True)}


def _changed(signals: pa.Table) -> pa.Table:
    """The days of memory limits of the containers that had two far apart: few, as a rule."""
    rows = signals.filter(pc.equal(signals["signal"], "limit_memory"))
    container, values = codes(rows, _SUBJECT), _matrix(rows["half_hours"])
    lowest = np.full(int(container.max(initial=-1)) + 1, np.inf)
    highest = np.zeros(len(lowest))
    np.fmin.at(lowest, container, np.fmin.reduce(values, axis=1))
    np.fmax.at(highest, container, np.fmax.reduce(values, axis=1))
    return rows.filter(pa.array((highest >= _APART * lowest)[container]))


def _seen(limits: pa.Table, usage: pa.Table) -> _Seen:
    """A row is one revision's: its own half hours tell which limit its pods ran under, within a rollout, too."""
    used, place = _joined(limits, usage)
    container, half_hour = codes(limits, _SUBJECT)[place], np.arange(HALF_HOURS)
    first = (used["day"].to_numpy() // DAY).astype(np.int64) * HALF_HOURS
    limit, peak = _matrix(limits["half_hours"])[place].astype(float), used["peak"].to_numpy()
    lowest, highest = (reduce.reduce(limit, axis=1) for reduce in (np.fmin, np.fmax))
    whole, parted = np.flatnonzero(lowest == highest), np.flatnonzero(lowest < highest)
    peaks = _matrix(used["hottest_peaks"])[parted].astype(float)
    seen = _Seen(
        np.concatenate([container[whole], np.repeat(container[parted], HALF_HOURS)]),
        np.concatenate([first[whole] + HALF_HOURS - 1, (first[parted, np.newaxis] + half_hour).ravel()]),
        np.concatenate([highest[whole], limit[parted].ravel()]),
        np.concatenate([peak[whole], peaks.ravel()]),
    )
    known = (seen.limit > 0) & (seen.peak > 0)
    return _Seen(seen.container[known], seen.moment[known], seen.limit[known], seen.peak[known])


def _joined(limits: pa.Table, usage: pa.Table) -> tuple[pa.Table, Codes]:
    """The rows of memory on days whose limit is known, and where it stands in `limits`."""
    key = [*_SUBJECT, "day"]
    used = usage.select([*key, "resource", "samples", "peak", "hottest_peaks"])
    used = used.filter(pc.and_(pc.equal(used["resource"], "memory"), pc.greater(used["samples"], 0)))
    day = codes(pa.concat_tables([limits.select(key), used.select(key)]), key)
    place_of_day = np.full(int(day.max()) + 1, -1)
    place_of_day[day[: limits.num_rows]] = np.arange(limits.num_rows)
    place = place_of_day[day[limits.num_rows :]]
    return used.filter(pa.array(place >= 0)), place[place >= 0]


def _limits(seen: _Seen) -> _Limits:
    """Those that were in force on days enough."""
    limit, of_limit = np.unique(seen.limit, return_inverse=True)
    group = numbered(seen.container * (len(limit) + 1) + of_limit.reshape(-1))
    first = np.unique(group, return_index=True)[1]
    peak, last = np.zeros(len(first)), np.zeros(len(first), np.int64)
    np.maximum.at(peak, group, seen.peak)
    np.maximum.at(last, group, seen.moment)
    day, spread = seen.moment // HALF_HOURS, int(seen.moment.max(initial=0)) // HALF_HOURS + 1
    enough = np.bincount(np.unique(group * spread + day) // spread, minlength=len(first)) >= _DAYS
    return _Limits(seen.container[first][enough], seen.limit[first][enough], peak[enough], last[enough])


def _followed(limits: _Limits) -> tuple[Codes, Codes]:
    """Places of earlier limits with that of their container's last one; of several the one farthest from it is last."""
    order = np.lexsort((limits.last, limits.container))
    ends = np.flatnonzero(np.diff(limits.container[order], append=-1))
    newest = np.repeat(order[ends], np.diff(ends, prepend=-1))
    apart, alike = (_times(of[order], of[newest]) for of in (limits.limit, limits.share))
    low, high = (reduce(limits.share[order], limits.share[newest]) for reduce in (np.minimum, np.maximum))
    follows = (apart >= _APART) & (alike <= _ALIKE) & (low >= _LEAST) & (high < _MOST)
    farthest = np.flatnonzero(follows)[np.argsort(apart[follows], kind="stable")]
    return order[farthest], newest[farthest]


def _times(one: Bytes, other: Bytes) -> Bytes:
    """The larger over the smaller."""
    times: Bytes = np.maximum(one, other) / np.minimum(one, other)
    return times


def _matrix(column: pa.ChunkedArray) -> NDArray[np.float32]:
    return np.concatenate([np.empty((0, HALF_HOURS), np.float32), *map(half_hours, column.chunks)])
