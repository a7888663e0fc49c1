"""List columns of a frame -> flat arrays, whatever the chunks or the slice that they come in."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from costkit.analyze.ordered import Places
from costkit.model.sketch import Sketch, merge
from costkit.model.window import HALF_HOURS


@dataclass(frozen=True, slots=True)
class Sketches:
    """Sketches of rows, one after the other."""

    buckets: NDArray[np.int32]
    counts: NDArray[np.int64]
    offsets: NDArray[np.int32]
    """Where each row begins, and where the last one ends."""

    @classmethod
    def of(cls, table: pa.Table, prefix: str, places: Places) -> "Sketches":
        """Of the columns `buckets` and `counts`, or of those with a prefix, the rows at `places` in that order."""
        buckets, counts = (
            table[f"{prefix}{name}"].take(pa.array(places)).combine_chunks() for name in ("buckets", "counts")
        )
        return cls(np.asarray(buckets.flatten()), np.asarray(counts.flatten()), _offsets(buckets))

    def merged(self, first: int, end: int) -> Sketch:
        """Of the rows from `first` to before `end`."""
        part = slice(self.offsets[first], self.offsets[end])
        return merge([Sketch(self.buckets[part], self.counts[part])])


def half_hours(chunk: pa.FixedSizeListArray) -> NDArray[np.float32]:
    """A matrix of a row a list; what a null holds is not defined."""
    values = np.asarray(chunk.values)[chunk.offset * HALF_HOURS :][: len(chunk) * HALF_HOURS]
    return values.reshape(-1, HALF_HOURS)


def _offsets(lists: pa.ListArray) -> NDArray[np.int32]:
    offsets: NDArray[np.int32] = np.asarray(lists.offsets)
    return offsets - offsets[0] if len(offsets) else np.zeros(1, np.int32)
