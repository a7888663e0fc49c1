"""Which of a day's rows tell of its hottest pod, and what that pod's peak was (DESIGN §3, Sketch)."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.lists import Sketches, half_hours
from costkit.analyze.ordered import Groups, Places, numbers
from costkit.model.sketch import percentile


def hottest_rows(usage: pa.Table, groups: Groups) -> Places:
    """Each day's row with the hottest pod; all of a day's rows where no pod of any has 6 h.

    A day has several rows where pods of several revisions or node classes ran: a canary of minutes must not count
    beside a pod that ran for hours.
    """
    long = np.asarray(pc.not_equal(usage["hottest_pod"], ""))[groups.places]
    longs = groups.each_day(np.add, long.astype(int))
    chosen = long | np.repeat(longs == 0, np.diff(groups.days))
    rivals = np.flatnonzero(long & np.repeat(longs > 1, np.diff(groups.days)))
    chosen[rivals] = False
    heat = np.array(_heat(usage, groups.places[rivals]))
    bounds = np.searchsorted(rivals, groups.days)
    for first, end in pairwise(bounds):
        if first < end:
            chosen[rivals[first + np.argmax(heat[first:end])]] = True
    return np.flatnonzero(chosen)


def hottest_peaks(usage: pa.Table) -> NDArray[np.float64]:
    """A row's highest half hour of its hottest pod; the exact peak where that is this pod's, too. In the frame's order.

    A row that has no samples may have any number.
    """
    chunks = usage["hottest_peaks"].chunks
    tops = np.concatenate([np.empty(0), *(np.fmax.reduce(half_hours(chunk), axis=1) for chunk in chunks)])
    own = pc.or_(pc.equal(usage["hottest_pod"], ""), pc.equal(usage["hottest_pod"], usage["peak_pod"]))
    return np.where(np.asarray(own), numbers(usage, "peak"), tops)


def _heat(usage: pa.Table, places: Places) -> list[float]:
    """As analyze.digest has it: the peak for memory, else the 95th percentile."""
    sketches = Sketches.of(usage, "hottest_", places)
    resources = usage["resource"].take(pa.array(places)).to_pylist()
    rows = enumerate(zip(resources, hottest_peaks(usage)[places].tolist(), strict=True))
    return [
        peak if resource == "memory" else percentile(sketches.merged(row, row + 1), 0.95, peak, resource)
        for row, (resource, peak) in rows
    ]
