"""Which of a day's rows tell of its hottest pod, and what that pod's peak was (DESIGN §3, Sketch)."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costkit.analyze.lists import Sketches, chunked, half_hours
from costkit.analyze.ordered import Groups, Places, numbers
from costkit.analyze.spans import upper_edges
from costkit.model.sketch import FLOORS


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
    if len(rivals):
        of_day = np.searchsorted(groups.days, rivals, side="right")
        chosen[rivals[_first_highest(_heat(usage, groups.places[rivals]), of_day)]] = True
    return np.flatnonzero(chosen)


def hottest_peaks(usage: pa.Table) -> NDArray[np.float64]:
    """A row's highest half hour of its hottest pod; the exact peak where that is this pod's, too. In the frame's order.

    A row that has no samples may have any number.
    """
    peaks = numbers(usage, "peak").copy()
    own = pc.or_(pc.equal(usage["hottest_pod"], ""), pc.equal(usage["hottest_pod"], usage["peak_pod"]))
    others = np.flatnonzero(~np.asarray(own))
    for chunk, mine, rows in chunked(usage["hottest_peaks"], others):
        peaks[others[mine]] = np.fmax.reduce(half_hours(chunk)[rows], axis=1)
    return peaks


def _first_highest(values: NDArray[np.float64], group: Places) -> Places:
    """Of each group of values that stand side by side the place of the highest, of equal ones the first."""
    begins = np.flatnonzero(np.diff(group, prepend=-1))
    highest = np.repeat(np.maximum.reduceat(values, begins), np.diff(begins, append=len(values)))
    tops = np.flatnonzero(values == highest)
    found: Places = tops[np.searchsorted(tops, begins)]
    return found


def _heat(usage: pa.Table, places: Places) -> NDArray[np.float64]:
    """As analyze.digest has it: the peak for memory, else the 95th percentile."""
    heat = hottest_peaks(usage)[places]
    resources = usage["resource"].take(pa.array(places))
    for resource in FLOORS.keys() - {"memory"}:
        rows = np.flatnonzero(np.asarray(pc.equal(resources, resource)))
        (buckets,) = Sketches.of(usage, "hottest_", places[rows]).buckets_at((0.95,))
        heat[rows] = np.fmin(upper_edges(buckets, resource), heat[rows])
    return heat
