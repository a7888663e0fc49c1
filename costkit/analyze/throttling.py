"""The frame `signals` -> how much each container was throttled, under the CPU limit it has now and under earlier ones.

Periods under an earlier limit say nothing of the one in force: a limit that was raised would be raised again every
night, until the window has passed. But a limit that throttled is remembered, or the next night would bring it back.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.codes import Codes, codes, numbered
from costkit.analyze.lists import half_hours
from costkit.model.facts import THROTTLED
from costkit.model.target import Target
from costkit.model.usage import target_of
from costkit.model.window import DAY, HALF_HOURS

_SUBJECT = ["api_version", "kind", "namespace", "name", "container"]
_LIMIT, _PERIODS, _THROTTLED = "limit_cpu", "cfs_periods", "cfs_throttled"
_MILLI = 1000
"""Limits are told apart by millicores, as manifests write them: half hours are kept in single precision."""
_UNKNOWN = -1

Amounts = NDArray[np.float64]
Millicores = NDArray[np.int32]


class Throttling(NamedTuple):
    share: float
    """Of the periods under the last limit; where no series tells limits, of all."""
    at: float
    """Cores: the highest limit under which it was throttled in 1 % of the periods, 0 where none is known."""


class _Signal(NamedTuple):
    """A place a container's day, or a half hour of a day on which its limit changed."""

    container: Codes
    limit: Millicores
    """Or unknown."""
    amount: Amounts


class _Limits(NamedTuple):
    day_of_row: Codes
    """Of each row of the frame its container's day."""
    half_hours: Millicores
    """A row a container's day, or unknown."""
    last: Millicores
    """Of each container, or unknown."""


def throttling(signals: pa.Table) -> dict[Target, Throttling]:
    """Of the containers that have periods under their last limit, or were throttled by an earlier one."""
    rows = signals.filter(pc.is_in(signals["signal"], pa.array([_LIMIT, _PERIODS, _THROTTLED])))
    if not rows.num_rows:
        return {}
    container, values = codes(rows, _SUBJECT), np.concatenate([half_hours(c) for c in rows["half_hours"].chunks])
    limits = _limits(rows, container, values)
    throttled, periods = (_signal(_places(rows, name), container, values, limits) for name in (_THROTTLED, _PERIODS))
    share, at = _under_last(throttled, periods, limits.last), _highest(throttled, periods, len(limits.last))
    told = np.flatnonzero(np.isfinite(share) | (at > 0))
    first_rows = np.unique(container, return_index=True)[1][told]
    names = rows.select(_SUBJECT).take(pa.array(first_rows)).to_pylist()
    numbers = zip(np.nan_to_num(share[told]).tolist(), at[told].tolist(), strict=True)
    return {target_of(name): Throttling(*of) for name, of in zip(names, numbers, strict=True)}


def _limits(rows: pa.Table, container: Codes, values: NDArray[np.float32]) -> _Limits:
    day = (rows["day"].to_numpy() // DAY).astype(np.int64)
    day_of_row = numbered(container * (int(day.max()) + 1) + day)
    places = _places(rows, _LIMIT)
    known = np.where(np.isfinite(values[places]), np.rint(values[places] * _MILLI), _UNKNOWN).astype(np.int32)
    by_day = np.full((int(day_of_row.max()) + 1, HALF_HOURS), _UNKNOWN, np.int32)
    by_day[day_of_row[places]] = known
    last = np.full(int(container.max()) + 1, _UNKNOWN, np.int32)
    ordered = np.argsort(day[places], kind="stable")
    ordered = ordered[(known[ordered] != _UNKNOWN).any(axis=1)]
    half_hour = HALF_HOURS - 1 - (known[ordered] != _UNKNOWN)[:, ::-1].argmax(axis=1)
    # of a container's places the one of its last day is written last
    last[container[places[ordered]]] = known[ordered, half_hour]
    return _Limits(day_of_row, by_day, last)


def _signal(places: Codes, container: Codes, values: NDArray[np.float32], limits: _Limits) -> _Signal:
    of_day = limits.half_hours[limits.day_of_row[places]]
    highest = of_day.max(axis=1)
    lowest = np.where(of_day == _UNKNOWN, highest[:, np.newaxis], of_day).min(axis=1)
    whole, changed = places[lowest == highest], places[lowest != highest]
    amounts = np.nan_to_num(values)
    return _Signal(
        np.concatenate([container[whole], np.repeat(container[changed], HALF_HOURS)]),
        np.concatenate([highest[lowest == highest], of_day[lowest != highest].ravel()]),
        np.concatenate([amounts[whole].sum(axis=1, dtype=float), amounts[changed].ravel().astype(float)]),
    )


def _under_last(throttled: _Signal, periods: _Signal, last: Millicores) -> Amounts:
    """Of each container the share, NaN where it has no periods."""
    held, whole = (
        np.bincount(of.container[counted], of.amount[counted], len(last)).astype(float)
        for of in (throttled, periods)
        for counted in [(of.limit == _UNKNOWN) | (of.limit == last[of.container])]
    )
    return _ratio(held, whole)


def _highest(throttled: _Signal, periods: _Signal, containers: int) -> Amounts:
    """Of each container the highest limit that throttled it, cores; 0 where none is known."""
    container, limit = (
        np.concatenate([getattr(of, name) for of in (throttled, periods)]) for name in _Signal._fields[:2]
    )
    pair = numbered(container * (int(limit.max(initial=0)) + 2) + limit + 1)
    split, pairs = len(throttled.limit), int(pair.max(initial=-1)) + 1
    held = np.bincount(pair[:split], throttled.amount, pairs).astype(float)
    whole = np.bincount(pair[split:], periods.amount, pairs).astype(float)
    found = (_ratio(held, whole)[pair] >= THROTTLED) & (limit != _UNKNOWN)
    at = np.zeros(containers)
    np.maximum.at(at, container[found], limit[found] / _MILLI)
    return at


def _ratio(part: Amounts, whole: Amounts) -> Amounts:
    ratio: Amounts = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return ratio


def _places(rows: pa.Table, signal: str) -> Codes:
    return np.flatnonzero(np.asarray(pc.equal(rows["signal"], signal)))
