"""What the rule with a promise asks for, container by container, and how it has kept its word on past weeks."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from costkit.model.facts import Facts, ResourceProfile
from costkit.model.policy import Grid, Policies, ResourceRule
from costkit.model.recommendation import Score
from costkit.model.sketch import percentile
from costkit.model.target import Target
from costkit.model.weeks import OFTEN, USUAL, Fleet, Past
from costkit.recommend.rightsize.calibrate import Calibration
from costkit.recommend.rightsize.promise import addition, base, on_grid, sizes

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Promise:
    """One container's size by the rule. Cores or bytes."""

    needed: float
    base: float
    usual: float
    """The usual 95th percentile; of memory the peak."""
    peak: float
    """Of up to 28 days."""
    median: float
    """That no size is below: of memory the highest peak of 35 days."""
    factor: float
    """With what a short history adds."""
    addition: float
    """That part of the factor: 1 where the history is long."""
    own_weeks: int
    """Container-weeks of this cluster that the factor rests on."""

    @property
    def by(self) -> str:
        """What decided: `median`, or `use`."""
        return "median" if self.median > self.base * self.factor else "use"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the rule would have met in the weeks that are over, for one resource and target."""

    series: NDArray[np.int64]
    violated: NDArray[np.bool_]
    over: Floats
    use: Floats
    idle: NDArray[np.bool_]
    """Weeks that the floor alone holds."""

    @property
    def active_violated(self) -> float:
        """Share of the weeks that were not idle; NaN where all were."""
        active = self.violated[~self.idle]
        return float(active.mean()) if len(active) else float("nan")

    def score(self, number: int | None, resource: str) -> Score | None:
        """Of one container's own weeks; of all of them where it has none, None where no week is over."""
        own = self.series == number if number is not None else np.zeros(len(self.series), bool)
        chosen = own if own.any() else np.ones(len(self.series), bool)
        if not chosen.any():
            return None
        use = float(self.use[chosen].sum())
        over = float(self.over[chosen].sum()) / use if use else 0.0
        return Score(int(chosen.sum()), float(self.violated[chosen].mean()), over, bool(own.any()), resource)


@dataclass(frozen=True, slots=True)
class Promises:
    """The rule for all containers of one cluster: what is the same for many of them is made once."""

    facts: Facts
    policies: Policies
    _calibrations: dict[tuple[str, ResourceRule], Calibration] = field(default_factory=dict)
    _kept: dict[tuple[str, ResourceRule], Kept] = field(default_factory=dict)

    def of(self, target: Target, profile: ResourceProfile, rule: ResourceRule, peak: float) -> Promise | None:
        """`target`: whose use `profile` is. `peak`: the highest that counts, where that of all samples does not.

        None where nothing was seen that a factor can be put to.
        """
        resource = profile.resource
        past = self._past(target, profile, peak)
        factor = self._calibration(resource, rule).factor(rule.target)
        needed = float(sizes(resource, rule.target, past, np.array([factor.log]), rule.floor)[0])
        if not np.isfinite(needed):
            return None
        more = float(addition(resource, rule.target, past)[0])
        return Promise(
            needed=needed,
            base=float(base(resource, rule.target, past, rule.floor)[0]),
            usual=float(past.usual[0]),
            peak=float(past.peak[0]),
            median=float(past.median[0]),
            factor=float(np.exp(factor.log + more)),
            addition=float(np.exp(more)),
            own_weeks=factor.own_weeks,
        )

    def score(self, target: Target, resource: str, rule: ResourceRule) -> Score | None:
        """How the rule kept its word on this container's past weeks, or on the fleet's where it is new."""
        fleet = self.facts.fleets.get(resource)
        return None if fleet is None else self._judged(fleet, resource, rule).score(fleet.places.get(target), resource)

    def kept(self, resource: str, rule: ResourceRule) -> Kept | None:
        """The same for all weeks of the fleet; None where there is none."""
        fleet = self.facts.fleets.get(resource)
        found = None if fleet is None else self._judged(fleet, resource, rule)
        return found if found is not None and len(found.series) else None

    def _past(self, target: Target, profile: ResourceProfile, peak: float) -> Past:
        """From all days that are known; without them from the window's profile."""
        fleet = self.facts.fleets.get(profile.resource)
        place = None if fleet is None else fleet.places.get(target)
        found = _of_profile(profile) if fleet is None or place is None else fleet.now.at(slice(place, place + 1))
        if peak >= profile.peak or found.peak[0] > profile.peak:
            return found  # no start made it, or days before the window had a higher one
        return replace(found, peak=np.maximum(found.usual, np.minimum(found.peak, peak)))

    def _calibration(self, resource: str, rule: ResourceRule) -> Calibration:
        key = (resource, rule)
        if key not in self._calibrations:
            fleet = self.facts.fleets.get(resource)
            weeks = None if fleet is None else fleet.weeks
            made = Calibration(
                *(resource, weeks, self.policies.scores, rule.floor, self._grid(resource)),
                by_hand=rule.limit_over_peak,
            )
            self._calibrations[key] = made
        return self._calibrations[key]

    def _judged(self, fleet: Fleet, resource: str, rule: ResourceRule) -> Kept:
        key = (resource, rule)
        if key not in self._kept:
            weeks = fleet.weeks
            factors = self._calibration(resource, rule).factors(rule.target, weeks.start)
            needed = sizes(resource, rule.target, weeks.past, factors, rule.floor)
            judged = weeks.judge(on_grid(needed, rule.floor, self._grid(resource)))
            counts = (weeks.past.age >= USUAL) & np.isfinite(needed)
            violated = judged.above > OFTEN[resource] * weeks.samples
            idle = (weeks.p95 if resource == "cpu" else weeks.peak) <= rule.floor
            self._kept[key] = Kept(
                weeks.series[counts], violated[counts], judged.over[counts], weeks.use[counts], idle[counts]
            )
        return self._kept[key]

    def _grid(self, resource: str) -> Grid:
        policy = self.policies.rightsize
        return policy.cpu_grid if resource == "cpu" else policy.memory_grid


def _of_profile(profile: ResourceProfile) -> Past:
    usual, median, peak = profile.peak, 0.0, profile.peak
    if profile.resource == "cpu":
        peak = profile.hottest_peak
        usual, median = (percentile(profile.hottest, share, peak, profile.resource) for share in (0.95, 0.5))
    return Past(*(np.array([number]) for number in (usual, max(usual, peak), median, profile.days, profile.days)))
