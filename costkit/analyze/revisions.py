"""A rollout inside the window: once the new revision has days enough, the use of earlier ones says nothing of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.codes import Codes
from costkit.analyze.ordered import encoded, keyed, numbered
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
    Hours and money count the earlier revisions, too: they need the whole frame. A canary that was given up and a
    revision that was rolled back are dropped as well, but then there is no rollout to tell of.
    """
    pairs = _pairs(usage)
    newest = _newest(pairs)
    gone = _gone(pairs, newest)
    enough = pairs.days[newest] >= ENOUGH_DAYS
    kept = ~(gone & enough[pairs.container])[pairs.of_row]
    found = _told(usage, pairs, newest, gone)
    return (usage if kept.all() else usage.filter(pa.array(kept))), found


def _pairs(usage: pa.Table) -> _Pairs:
    subject, revision = keyed(_seen_first(usage[name]) for name in _SUBJECT), _seen_first(usage["revision"])
    of_row = keyed([subject, revision])
    first_row = np.empty(int(of_row.max(initial=-1)) + 1, np.int64)
    first_row[of_row[::-1]] = np.arange(len(of_row))[::-1]
    day = usage["day"].to_numpy()
    first_day, last_day = np.full(len(first_row), np.inf), np.full(len(first_row), -np.inf)
    np.minimum.at(first_day, of_row, day)
    np.maximum.at(last_day, of_row, day)
    named = np.asarray(pc.not_equal(usage["revision"], ""))[first_row]
    every = np.ones(len(of_row), bool)
    return _Pairs(of_row, subject[first_row], first_row, first_day, last_day, _days(usage, of_row, every), named)


def _seen_first(column: pa.ChunkedArray) -> Codes:
    """Each row's value as a number: values that are seen first have the lower ones."""
    return encoded(column)[0].astype(np.int64)


def _days(usage: pa.Table, group: Codes, rows: NDArray[np.bool_]) -> Codes:
    """Of each group the days on which one of the rows was sampled, whatever its resource and class of nodes."""
    sampled = rows & (usage["samples"].to_numpy() > 0)
    day = numbered((usage["day"].to_numpy() // DAY).astype(np.int64))
    seen = np.zeros((int(group.max(initial=-1)) + 1, int(day.max(initial=-1)) + 1), bool)
    seen[group[sampled], day[sampled]] = True
    days: Codes = seen.sum(axis=1)
    return days


def _newest(pairs: _Pairs) -> Codes:
    """A container -> the place of its newest revision."""
    order = np.lexsort((pairs.first_day, pairs.last_day, pairs.container))
    ends = np.flatnonzero(np.diff(pairs.container[order], append=-1))
    places: Codes = order[ends].astype(np.int64)
    return places


def _gone(pairs: _Pairs, newest: Codes) -> NDArray[np.bool_]:
    """Of each revision whether it is an earlier one, of a container whose earlier ones are all gone."""
    older = (np.arange(len(pairs.container)) != newest[pairs.container]) & pairs.named
    since = pairs.last_day[newest] - _latest(pairs, older, pairs.last_day)
    gone: NDArray[np.bool_] = older & ((since >= _GONE) & pairs.named[newest])[pairs.container]
    return gone


def _latest(pairs: _Pairs, which: NDArray[np.bool_], days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each container the last of some revisions' days, -inf where it has none of them."""
    latest = np.full(int(pairs.container.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(latest, pairs.container[which], days[which])
    return latest


def _told(usage: pa.Table, pairs: _Pairs, newest: Codes, gone: NDArray[np.bool_]) -> dict[Target, Revised]:
    """Of the containers whose newest revision began after the others, which had days to themselves."""
    container, every = pairs.container[pairs.of_row], np.ones(len(pairs.of_row), bool)
    left = _days(usage, container, every) - _days(usage, container, ~gone[pairs.of_row])
    began = pairs.first_day[newest] > _latest(pairs, gone, pairs.first_day)
    places, off = newest[(left > 0) & began], left[(left > 0) & began]
    names = usage.select([*_SUBJECT, "revision"]).take(pa.array(pairs.first_row[places])).to_pylist()
    days, enough = pairs.days[places], pairs.days[places] >= ENOUGH_DAYS
    columns = (days.tolist(), np.where(enough, off, 0).tolist(), enough.tolist())
    return {
        target_of(name): Revised(name["revision"], *of)
        for name, of in zip(names, zip(*columns, strict=True), strict=True)
    }
