"""The rule whose risk is the policy's word: base x factor, and how far a week went beyond it (ALGORITHM §1, §4).

CPU     request = factor x usual^(1 - w) x peak^w: the usual 95th percentile, moved a part of the way to the peak
memory  limit   = factor x peak
`factor` is calibrated (recommend.rightsize.calibrate) so that the promised share of weeks goes beyond the size.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from costkit.model.policy import Grid
from costkit.model.sketch import FLOORS
from costkit.model.weeks import Past, Weeks
from costkit.recommend.rightsize.grid import ceil_all, next_below

Floats = NDArray[np.float64]

_TINY = 1e-12
"""Below every grid there is nothing, of which no logarithm is."""
_ABOVE = 1 + 1e-4
"""A size above a grid value by more than the slack that it is rounded with goes up to the next one."""
_DAYS = np.log([3.0, 7.0, 14.0, 28.0])
"""Days of history that the additions are given for; between them they are linear in the logarithm."""


class Band(NamedTuple):
    """Targets that share what was fitted for them on the traces of ALGORITHM."""

    up_to: float
    """Targets up to this share of weeks."""
    peak_weight: float
    """w: a promise that is broken more rarely leans more on the peak."""
    additions: tuple[float, float, float, float]
    """On the logarithm, for 3, 7, 14 and 28 days of history."""


CPU = (
    Band(0.07, 0.15, (0.18, 0.12, 0.03, 0.0)),
    Band(0.15, 0.10, (0.09, 0.055, 0.01, 0.0)),
    Band(1.0, 0.05, (0.06, 0.04, 0.007, 0.0)),
)
MEMORY = Band(1.0, 1.0, (0.12, 0.08, 0.03, 0.0))
"""Most of what ALGORITHM gives for a short history is in the fleet's own weeks already: a quarter is left for those
that are new in an old fleet."""

PRESSED = 0.9
"""A peak at this share of the limit was held down by it."""
RAISE = 1.15
"""Of such a peak: it is not known how far it would have gone, and the next night sees how far it goes then."""

LEAST_AGE = {"cpu": 14.0, "memory": 7.0}
"""Days before a week from which on it says something of the rule. Memory's is short: its tail needs many weeks."""


def band_of(resource: str, target: float) -> int:
    """Number of the band in CPU; memory has one."""
    return 0 if resource == "memory" else next(i for i, band in enumerate(CPU) if target <= band.up_to)


def weight_of(target: float) -> float:
    """How far from the usual p95 to the peak CPU's base lies, on the logarithm; 0..1."""
    return CPU[band_of("cpu", target)].peak_weight


def base(resource: str, target: float, past: Past, floor: float) -> Floats:
    """What is multiplied by the factor: cores or bytes, NaN where nothing was seen.

    Memory below the floor is taken to be at it: a few megabytes that double say nothing of those that matter.
    """
    weight, least = _band(resource, target).peak_weight, floor if resource == "memory" else FLOORS[resource]
    usual, peak = np.log(np.maximum(past.usual, least)), np.log(np.maximum(past.peak, least))
    found: Floats = np.exp((1 - weight) * usual + weight * peak)
    return found


def addition(resource: str, target: float, past: Past) -> Floats:
    """On the logarithm of the factor: a short history has not seen the worst yet."""
    days = np.log(np.clip(past.days, 3.0, 28.0))
    found: Floats = np.interp(days, _DAYS, _band(resource, target).additions)
    return found


def scores(resource: str, target: float, weeks: Weeks, floor: float, grid: Grid = ()) -> Floats:
    """Logarithm of the least factor with which the size, rounded up, holds the week; -inf where the floor or the
    median does.

    Rounding up to a grid is part of what holds: all above the grid's next value below what a week used is enough.
    Without one the scores are of use for other grids and fleets.
    """
    used = weeks.p95 if resource == "cpu" else weeks.peak
    needed = np.maximum(next_below(used, grid) * _ABOVE if grid else used, _TINY)
    found = np.log(needed / base(resource, target, weeks.past, floor)) - addition(resource, target, weeks.past)
    return np.where((used <= floor) | (needed < weeks.past.median), -np.inf, found)


def sizes(resource: str, target: float, past: Past, log_factor: Floats, floor: float) -> Floats:
    """base x factor, more for a short history, but not less than the median: a flat container is above any size below
    it all the time. Not yet on the floor or the grid."""
    found = base(resource, target, past, floor) * np.exp(log_factor + addition(resource, target, past))
    return np.maximum(found, past.median)


def on_grid(needed: Floats, floor: float, grid: Grid) -> Floats:
    return ceil_all(np.maximum(needed, floor), grid)


def capped(needed: Floats, past: Past, cap: Floats) -> Floats:
    """Memory limits, not above what is in force, but for a peak near it: then 15 % above that peak."""
    held = np.minimum(needed, cap)
    return np.where(past.peak > PRESSED * cap, np.maximum(held, np.minimum(needed, past.peak * RAISE)), held)


def _band(resource: str, target: float) -> Band:
    return MEMORY if resource == "memory" else CPU[band_of(resource, target)]
