"""The rows of the frame `usage` put in order and into groups, by numbers alone: no Python step is taken for a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

KEY = ["namespace", "kind", "name", "container", "api_version", "resource"]
ORDER = ["day", "revision", "node_class"]

Places = NDArray[np.int64]
"""Row numbers."""

_DENSE = 16
"""Numbers that are not more than so many times as many as their rows are told apart without sorting them."""
_MOST = 2**62


@dataclass(frozen=True, slots=True)
class Groups:
    """The rows that have samples, ordered: one group a container and resource, its days oldest first."""

    places: Places
    """Of the ordered rows in the frame."""
    firsts: Places
    """The first row of each group, and the end of the rows."""
    days: Places
    """The first row of each day of a group, and the end of the rows."""
    expected: NDArray[np.int64]
    """Of each group the samples that should be there, those of rows without any, too."""

    @property
    def first_days(self) -> Places:
        """Of each group its first place in `days`, and the end of them."""
        return np.searchsorted(self.days, self.firsts)

    def within(self, kept: NDArray[np.bool_]) -> "Groups":
        """Of the ordered rows some alone, each group by its old number; one that lost all has no row and no day."""
        before = np.append(0, np.cumsum(kept))
        return Groups(self.places[kept], before[self.firsts], np.unique(before[self.days]), self.expected)

    def each(self, reduce: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """A number a group."""
        numbers: NDArray[Any] = reduce.reduceat(values, self.firsts[:-1])
        return numbers

    def each_day(self, reduce: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """A number a day of a group."""
        numbers: NDArray[Any] = reduce.reduceat(values, self.days[:-1])
        return numbers


def grouped(usage: pa.Table) -> Groups:
    subject, row = keyed(ranks(usage[name]) for name in KEY), [ranks(usage[name]) for name in ORDER]
    day, all_of = keyed([subject, row[0]]), keyed([subject, *row])
    # equal rows stay as they stand
    order = np.argsort(all_of, kind="stable")
    group = subject[order]
    expected = np.bincount(group, weights=numbers(usage, "samples_expected")[order]).astype(np.int64)
    seen = numbers(usage, "samples")[order] > 0
    group, day = group[seen], day[order][seen]
    firsts, days, end = np.flatnonzero(_starts(group)), np.flatnonzero(_starts(day)), len(group)
    return Groups(order[seen], np.append(firsts, end), np.append(days, end), expected[group[firsts]])


def numbers(usage: pa.Table, name: str) -> NDArray[Any]:
    """A column of numbers, in the frame's order."""
    column: NDArray[Any] = usage[name].to_numpy()
    return column


def ranks(column: pa.ChunkedArray) -> Places:
    """Each row's value as its place among the different values of the column."""
    indices, values = encoded(column)
    order = np.asarray(pc.sort_indices(values))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    places: Places = rank[indices]
    return places


def encoded(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.Array]:
    """Each row's number among the different values of the column, and these as they are first seen."""
    chunks = column.dictionary_encode().chunks  # all with one dictionary
    indices = np.concatenate([np.empty(0, np.int32), *(np.asarray(chunk.indices) for chunk in chunks)])
    return indices, chunks[-1].dictionary if chunks else pa.array([], column.type)


def keyed(columns: Iterable[Places]) -> Places:
    """Rows as numbers from 0 on without a gap, in the order of the columns' numbers, the first column the foremost."""
    found = np.zeros(1, np.int64)
    for column in columns:
        size = int(column.max(initial=0)) + 1
        if (int(found.max(initial=0)) + 1) * size > _MOST:
            found = numbered(found)
        found = found * size + column
    return numbered(found)


def numbered(values: Places) -> Places:
    """Each value's place among the different ones, in their order. None is below 0."""
    size = int(values.max(initial=-1)) + 1
    if size > _DENSE * len(values):
        places: Places = np.unique(values, return_inverse=True)[1].reshape(-1).astype(np.int64)
        return places
    there = np.zeros(size, np.int32)
    there[values] = 1
    return np.cumsum(there, dtype=np.int64)[values] - 1


def _starts(keys: Places) -> NDArray[np.bool_]:
    """Whether an ordered row differs from the one before."""
    differs = np.ones(len(keys), bool)
    differs[1:] = keys[1:] != keys[:-1]
    return differs
