"""Peaks of pods' first minutes told from those of their steady use."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from costkit.analyze.ordered import Groups, numbers


def start_peaks(usage: pa.Table, groups: Groups) -> dict[str, list[float | None]]:
    """Of each group `start_peak`, and `steady_peak`: the peak of the rows that no start reached.

    A row keeps one peak alone: where a start made it, what came after is known to be no more, and no better.
    """
    start, peak = (numbers(usage, name)[groups.places] for name in ("start_peak", "peak"))
    steady = np.where(start >= peak, np.nan, peak)
    return {"start_peak": _highest(groups, start), "steady_peak": _highest(groups, steady)}


def _highest(groups: Groups, peaks: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(peak) else peak for peak in groups.each(np.fmax, peaks).tolist()]
