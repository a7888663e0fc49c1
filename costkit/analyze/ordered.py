"""The rows of the frame `usage` put in order and into groups, by numbers alone: no Python step is taken for a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

KEY = ["namespace", "kind", "name", "container", "api_version", "resource"]
_ORDER = ["day", "revision", "node_class"]

Places = NDArray[np.int64]
"""Row numbers."""


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

    def each(self, reduce: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """A number a group."""
        numbers: NDArray[Any] = reduce.reduceat(values, self.firsts[:-1])
        return numbers

    def each_day(self, reduce: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """A number a day of a group."""
        numbers: NDArray[Any] = reduce.reduceat(values, self.days[:-1])
        return numbers


def grouped(usage: pa.Table) -> Groups:
    columns = [_ranks(usage[name]) for name in (*KEY, *_ORDER)]
    # the first column is the foremost; equal rows stay as they stand
    order = np.lexsort(columns[::-1])
    key_and_day = [column[order] for column in columns[: len(KEY) + 1]]
    group = np.cumsum(_starts(key_and_day[:-1])) - 1
    expected = np.bincount(group, weights=numbers(usage, "samples_expected")[order]).astype(np.int64)
    seen = numbers(usage, "samples")[order] > 0
    kept = [column[seen] for column in key_and_day]
    firsts, days = (np.flatnonzero(_starts(of)) for of in (kept[:-1], kept))
    end = int(seen.sum())
    return Groups(order[seen], np.append(firsts, end), np.append(days, end), expected[group[seen][firsts]])


def numbers(usage: pa.Table, name: str) -> NDArray[Any]:
    """A column of numbers, in the frame's order."""
    column: NDArray[Any] = usage[name].to_numpy()
    return column


def _ranks(column: pa.ChunkedArray) -> Places:
    """Each row's value as its place among the different values of the column."""
    encoded = pa.array(column.combine_chunks()).dictionary_encode()
    order = np.asarray(pc.sort_indices(encoded.dictionary))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    places: Places = rank[np.asarray(encoded.indices)]
    return places


def _starts(columns: Sequence[Places]) -> NDArray[np.bool_]:
    """Whether an ordered row differs in any of the columns from the one before."""
    differs = np.ones(len(columns[0]), bool)
    differs[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return differs
