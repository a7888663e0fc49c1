"""The factor that keeps a promise: a quantile of what past weeks would have needed, the fleet's own and shipped ones.

Only weeks count that had ended. The shipped ones steady a fleet that is small or young, and fade as its own grow.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from costkit.model.policy import Grid
from costkit.model.scores import ScoreTable
from costkit.model.weeks import Weeks
from costkit.recommend.rightsize.promise import LEAST_AGE, band_of, scores

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TABLE_WEIGHT = {"cpu": 100.0, "memory": 30.0}
"""Own weeks that the whole table weighs as much as. Memory's is small: how spiky it is differs most between fleets."""


ACTIVE = 2.0
"""How much more often than promised a container that is not idle may be above its size: idle ones are held by the
floor, and where they are most of a fleet the few that work would pay for them."""


class Factor(NamedTuple):
    """What a size is multiplied by, and what that rests on."""

    log: float
    """NaN where neither own weeks nor a table say anything."""
    own_weeks: int


class _Own(NamedTuple):
    ends: Floats
    """Ascending."""
    scores: Floats
    active: Flags
    """Weeks that the floor alone does not hold."""


class _Shipped(NamedTuple):
    scores: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """One resource of one fleet, for any target."""

    resource: str
    weeks: Weeks | None
    """None where nothing is known of any."""
    table: ScoreTable
    floor: float
    grid: Grid
    own: bool = True
    """Whether the fleet's own weeks count: a new user has none."""
    by_hand: float = 0.0
    """Of memory, the factor that its class gives: not less while own weeks are few."""
    _kept: dict[float, _Own] = field(default_factory=dict, compare=False)
    _factors: dict[tuple[float, float], Factor] = field(default_factory=dict, compare=False)

    def factor(self, target: float, before: float = np.inf) -> Factor:
        """From the weeks that had ended by a moment (unix seconds); found once for all containers."""
        if (target, before) not in self._factors:
            self._factors[target, before] = self._factor(target, before)
        return self._factors[target, before]

    def _factor(self, target: float, before: float) -> Factor:
        own, shipped = self._own(target), self._shipped(target)
        count = int(np.searchsorted(own.ends, before, side="right"))
        values = np.concatenate([own.scores[:count], shipped.scores])
        weights = np.concatenate([np.ones(count), shipped.weights])
        active = np.concatenate([own.active[:count], shipped.scores > -np.inf])
        found = [
            _quantile(values, weights, target),
            _quantile(values[active], weights[active], min(ACTIVE * target, 0.5)),
            self._by_hand(target, count),
        ]
        return Factor(float(np.fmax.reduce(found)), count)

    def factors(self, target: float, before: Floats) -> Floats:
        """Their logarithms, one a moment."""
        moments, place = np.unique(before, return_inverse=True)
        found = np.array([self.factor(target, moment).log for moment in moments.tolist()], float)
        factors: Floats = found[place]
        return factors

    def _by_hand(self, target: float, own_weeks: int) -> float:
        """Of memory, whose tail differs most between fleets: what the class asks for by hand, until there are as many
        own weeks as a miss of the target takes to be seen once."""
        few = self.resource == "memory" and own_weeks < 1 / target
        return float(np.log(self.by_hand)) if few and self.by_hand > 0 else float("nan")

    def _own(self, target: float) -> _Own:
        """Of the weeks that say something of the rule."""
        if self.weeks is None:
            return _Own(np.empty(0), np.empty(0), np.empty(0, bool))
        if target not in self._kept:
            found = scores(self.resource, target, self.weeks, self.floor, self.grid)
            used = self.weeks.p95 if self.resource == "cpu" else self.weeks.peak
            # half a day less: a history begins within a day
            old = self.weeks.past.age >= LEAST_AGE[self.resource] - 0.5
            counts = old & ~np.isnan(found) & self.own
            self._kept[target] = _Own(self.weeks.end[counts], found[counts], used[counts] > self.floor)
        return self._kept[target]

    def _shipped(self, target: float) -> _Shipped:
        """Each set weighs the same, however many weeks it is made of."""
        sets = [one.scores(self.resource, band_of(self.resource, target)) for one in self.table.sets]
        held = [one for one in sets if len(one)]
        each = TABLE_WEIGHT[self.resource] / max(len(held), 1)
        weights = [np.full(len(one), each / len(one)) for one in held]
        return _Shipped(np.concatenate([np.empty(0), *held]), np.concatenate([np.empty(0), *weights]))


def _quantile(values: Floats, weights: Floats, target: float) -> float:
    """The least value that weeks go beyond in not more than the target's share; NaN where there is none.

    One week more than were seen is counted as beyond all of them, as split conformal prediction does, so that few weeks
    promise no more than they can; but never more than half of what the target allows.
    """
    if not len(values):
        return float("nan")
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    share = min((1 - target) * (1 + 1 / reached[-1]), 1 - target / 2)
    place = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)))
    return float(values[order[min(place, len(values) - 1)]])
