"""A rollout inside the window: once the new revision has days enough, the use of earlier ones says nothing of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.codes import Codes, codes, numbered
from costkit.model.facts import Revised
from costkit.model.target import Target
from costkit.model.usage import target_of
from costkit.model.window import DAY

ENOUGH_DAYS = 7
"""Days with samples that a revision needs to be sized by itself: a whole week, its weekend in it."""
_GONE = 2 * DAY
"""From the last day of an earlier revision to the newest's: one whole day without it. A canary's older pods run on."""

_SUBJECT = ["api_version", "kind", "namespace", "name", "container"]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """A container's revisions, one after the other: arrays with a place for each."""

    of_row: Codes
    """A row of the frame -> its place."""
    container: Codes
    first_row: Codes
    first_day: NDArray[np.float64]
    last_day: NDArray[np.float64]
    days: Codes
    """With samples."""
    named: NDArray[np.bool_]
    """False where no series told the revision."""


def current(usage: pa.Table) -> tuple[pa.Table, Mapping[Target, Revised]]:
    """The frame `usage` without the rows of earlier revisions, where the newest has 7 days; and what was found.

    The newest is the one that was there last, of several the one that began last. Nothing is dropped while an earlier
    one still runs, or ran the day before: that is a canary, or a rollout on its way. Rows of no known revision stay.
    Hours and money count the earlier revisions, too: they need the whole frame.
    """
    pairs = _pairs(usage)
    newest = _newest(pairs)
    rolled = _rolled_out(pairs, newest)
    is_newest = np.arange(len(pairs.container)) == newest[pairs.container]
    enough = rolled & (pairs.days[newest] >= ENOUGH_DAYS)
    kept = (~enough[pairs.container] | is_newest | ~pairs.named)[pairs.of_row]
    found = _told(usage, pairs, newest, np.flatnonzero(rolled), kept)
    return (usage if kept.all() else usage.filter(pa.array(kept))), found


def _pairs(usage: pa.Table) -> _Pairs:
    container, revision = codes(usage, _SUBJECT), codes(usage, ["revision"])
    of_row = numbered(container * (int(revision.max(initial=0)) + 1) + revision)
    first_row = np.unique(of_row, return_index=True)[1].astype(np.int64)
    day = usage["day"].to_numpy()
    first_day, last_day = np.full(len(first_row), np.inf), np.full(len(first_row), -np.inf)
    np.minimum.at(first_day, of_row, day)
    np.maximum.at(last_day, of_row, day)
    named = np.asarray(pc.not_equal(usage["revision"], ""))[first_row]
    every = np.ones(len(of_row), bool)
    return _Pairs(of_row, container[first_row], first_row, first_day, last_day, _days(usage, of_row, every), named)


def _days(usage: pa.Table, group: Codes, rows: NDArray[np.bool_]) -> Codes:
    """Of each group the days on which one of the rows was sampled, whatever its resource and class of nodes."""
    sampled = rows & (usage["samples"].to_numpy() > 0)
    day = (usage["day"].to_numpy() // DAY).astype(np.int64)
    spread = int(day.max(initial=0)) + 1
    seen = np.unique(group[sampled] * spread + day[sampled]) // spread
    days: Codes = np.bincount(seen, minlength=int(group.max(initial=-1)) + 1)
    return days


def _newest(pairs: _Pairs) -> Codes:
    """A container -> the place of its newest revision."""
    order = np.lexsort((pairs.first_day, pairs.last_day, pairs.container))
    ends = np.flatnonzero(np.diff(pairs.container[order], append=-1))
    places: Codes = order[ends].astype(np.int64)
    return places


def _rolled_out(pairs: _Pairs, newest: Codes) -> NDArray[np.bool_]:
    """Of each container whether it has earlier revisions, and all of them are gone."""
    earlier = (np.arange(len(pairs.container)) != newest[pairs.container]) & pairs.named
    last = np.full(len(newest), -np.inf)
    np.maximum.at(last, pairs.container[earlier], pairs.last_day[earlier])
    gone: NDArray[np.bool_] = (pairs.last_day[newest] - last >= _GONE) & np.isfinite(last) & pairs.named[newest]
    return gone


def _told(
    usage: pa.Table, pairs: _Pairs, newest: Codes, containers: Codes, kept: NDArray[np.bool_]
) -> dict[Target, Revised]:
    container = pairs.container[pairs.of_row]
    dropped = _days(usage, container, np.ones(len(kept), bool)) - _days(usage, container, kept)
    places = newest[containers]
    names = usage.select([*_SUBJECT, "revision"]).take(pa.array(pairs.first_row[places])).to_pylist()
    days, off = pairs.days[places].tolist(), dropped[containers].tolist()
    return {
        target_of(name): Revised(name["revision"], seen, gone, enough=seen >= ENOUGH_DAYS)
        for name, seen, gone in zip(names, days, off, strict=True)
    }
