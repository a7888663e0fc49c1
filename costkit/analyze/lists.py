"""List columns of a frame -> flat arrays, whatever the chunks or the slice that they come in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.ordered import Places
from costkit.model.sketch import Sketch, merge
from costkit.model.window import HALF_HOURS

_CELLS = 1_000_000
"""Counters and entries that are held at once: sketches are merged by counting each one's buckets."""
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Sketches:
    """Sketches of rows, one after the other."""

    buckets: NDArray[np.int32]
    counts: NDArray[np.integer]
    offsets: NDArray[np.int64]
    """Where each row begins, and where the last one ends."""

    @classmethod
    def of(cls, table: pa.Table, prefix: str, places: Places) -> "Sketches":
        """Of the columns `buckets` and `counts`, or of those with a prefix, the rows at `places` in that order."""
        buckets, counts = (table[f"{prefix}{name}"] for name in ("buckets", "counts"))
        lengths = np.asarray(pc.fill_null(pc.list_value_length(buckets), 0)).astype(np.int64)[places]
        offsets = _ends(lengths)
        # a day's samples are far fewer than 32 bits can count, and of all days they are a large part of memory
        return cls(_taken(buckets, places, offsets), _taken(counts, places, offsets), offsets)

    @classmethod
    def empty(cls, rows: int) -> "Sketches":
        return cls(np.empty(0, np.int32), np.empty(0, np.int64), np.zeros(rows + 1, np.int64))

    def merged(self, first: int, end: int) -> Sketch:
        """Of the rows from `first` to before `end`."""
        part = slice(self.offsets[first], self.offsets[end])
        return merge([Sketch(self.buckets[part], self.counts[part].astype(np.int64))])

    def joined(self, first: Places, end: Places) -> "Sketches":
        """A sketch for the rows from each `first` to before its `end`; its buckets ascend."""
        return _end_to_end(list(self.parts(first, end)))

    def parts(self, first: Places, end: Places) -> Iterator["Sketches"]:
        """The same bit by bit: of many days they are large."""
        begin, lengths = self.offsets[first], self.offsets[end] - self.offsets[first]
        widest = int(self.buckets.max(initial=0)) - int(self.buckets.min(initial=0)) + 1
        held = np.cumsum(lengths + widest) // _CELLS
        for part in np.split(np.arange(len(begin)), np.flatnonzero(np.diff(held)) + 1):
            yield self._joined(begin[part], lengths[part])

    def _joined(self, begin: Places, lengths: Places) -> "Sketches":
        entries, there = runs(begin, lengths), lengths > 0
        if not len(entries):
            return Sketches.empty(len(begin))
        buckets, starts = self.buckets[entries], _ends(lengths[there])[:-1]
        least = np.minimum.reduceat(buckets, starts).astype(np.int64)
        widths = np.zeros(len(begin), np.int64)
        widths[there] = np.maximum.reduceat(buckets, starts) - least + 1
        cells = _ends(widths)
        shift = cells[:-1][there] - least
        counted = np.bincount(buckets + np.repeat(shift, lengths[there]), self.counts[entries], int(cells[-1]))
        held = np.flatnonzero(counted)
        offsets = np.searchsorted(held, cells)
        found = held - np.repeat(shift, np.diff(offsets)[there])
        return Sketches(found.astype(np.int32), counted[held].astype(np.int64), offsets)

    def buckets_at(self, shares: Sequence[float]) -> NDArray[np.int64]:
        """The bucket of each share (0..1): a row a share, a column a sketch with ascending buckets. -1: it is empty."""
        reached = _ends(self.counts)
        before, total = reached[self.offsets[:-1]], np.diff(reached[self.offsets])
        found = np.full((len(shares), len(total)), -1)
        there = total > 0
        for row, share in zip(found, shares, strict=True):
            rank = np.maximum(1.0, np.ceil(share * total - _SLACK)).astype(np.int64)
            row[there] = self.buckets[np.searchsorted(reached, (before + rank)[there]) - 1]
        return found


def _end_to_end(parts: Sequence[Sketches]) -> Sketches:
    buckets, counts = (np.concatenate([getattr(part, name) for part in parts]) for name in ("buckets", "counts"))
    return Sketches(buckets, counts, _ends(np.concatenate([np.diff(part.offsets) for part in parts])))


def half_hours(chunk: pa.FixedSizeListArray) -> NDArray[np.float32]:
    """A matrix of a row a list; what a null holds is not defined."""
    values = np.asarray(chunk.values)[chunk.offset * HALF_HOURS :][: len(chunk) * HALF_HOURS]
    return values.reshape(-1, HALF_HOURS)


def runs(begin: Places, lengths: Places) -> Places:
    """Places from each beginning on, as many as its length says, one run after the other."""
    places: Places = np.repeat(begin - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    return places


def chunked(column: pa.ChunkedArray, places: Places) -> Iterator[tuple[pa.Array, Places, Places]]:
    """Each chunk of a column with which of the `places` lie in it, and where in it."""
    ends = np.cumsum([len(chunk) for chunk in column.chunks])
    number = np.searchsorted(ends, places, side="right")
    order = np.argsort(number, kind="stable")
    bounds = np.searchsorted(number[order], np.arange(column.num_chunks + 1))
    for i, chunk in enumerate(column.chunks):
        mine = order[bounds[i] : bounds[i + 1]]
        yield chunk, mine, places[mine] - (ends[i] - len(chunk))


def _taken(lists: pa.ChunkedArray, places: Places, offsets: Places) -> NDArray[np.int32]:
    """The values of the rows at `places`, laid where the offsets say. Arrow's `take` would copy all chunks first."""
    found = np.empty(offsets[-1], np.int32)
    for chunk, mine, rows in chunked(lists, places):
        lengths = offsets[mine + 1] - offsets[mine]
        begin = np.asarray(chunk.offsets)[rows].astype(np.int64)
        found[runs(offsets[mine], lengths)] = np.asarray(chunk.values)[runs(begin, lengths)]
    return found


def _ends(lengths: NDArray[Any]) -> Places:
    """Where each of some runs begins that lie one after the other, and where the last one ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
