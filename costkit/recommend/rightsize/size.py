"""The rule: one resource's profile and policy -> the request and limit that it asks for, with each factor kept."""

from dataclasses import dataclass

from costkit.model.facts import ContainerFacts, ResourceProfile
from costkit.model.policy import Grid, ResourceRule
from costkit.model.sketch import percentile
from costkit.recommend.rightsize.grid import ceil_to
from costkit.recommend.rightsize.promise import RAISE
from costkit.recommend.rightsize.promises import Promise
from costkit.recommend.rightsize.shifted import risen_to
from costkit.recommend.rightsize.starts import sizing_peak


@dataclass(frozen=True, slots=True)
class Sized:
    """A request on its way from what was used; cores or bytes."""

    base: float
    """The percentile of the hottest pod, or the peak of all pods."""
    needed: float
    """base x (1 + margin), or the floor, or what an OOM kill says."""
    request: float
    """On the grid."""
    by: str
    """What decided: `use`, `floor`, `oom`, `median`, `risen` (a new level), `cap` (not more off at once), `held` (a
    limit that throttled) or `last` (near the last run's)."""
    promise: Promise | None = None
    """Where it was sized by one."""


def size(
    profile: ResourceProfile, rule: ResourceRule, grid: Grid, killed_at: float = 0.0, known_peak: float = 0.0
) -> Sized:
    """By a percentile. `killed_at`: the highest limit at which the kernel killed it, 0 if it did not: there its peak
    is cut off. `known_peak`: one from before the window that is to have room."""
    base = max(_base(profile, rule), risen_to(profile, rule.percentile), known_peak)
    used = max(base, killed_at) * (1 + rule.margin)
    needed = max(used, rule.floor)
    by = "floor" if needed > used else "oom" if killed_at > base else "use"
    return Sized(base, needed, ceil_to(needed, grid), by)


def promised(profile: ResourceProfile, rule: ResourceRule, grid: Grid, promise: Promise) -> Sized:
    """By the rule with a promise; after a rise not below the new level's 95th percentile."""
    risen = risen_to(profile, 0.95)
    needed = max(promise.needed, risen, rule.floor)
    by = "floor" if needed == rule.floor else "risen" if risen > promise.needed else promise.by
    return Sized(promise.base, needed, ceil_to(needed, grid), by, promise)


@dataclass(frozen=True, slots=True)
class Held:
    """What is in force now, whether use was held down by the limit, and whether that has no room and may grow."""

    request: float | None
    limit: float | None
    pressed: bool
    outgrown: bool


def limit_for(request: float, now: Held, least: float, rule: ResourceRule) -> float | None:
    """The limit beside a new request; None: without one. It grows only where it is outgrown.

    `least`: what a limit that follows the request is at the least.
    """
    if now.limit is None or rule.limit == "none":
        return None
    if rule.limit == "equal":
        return request
    if rule.limit == "keep":
        return max(now.limit, request)
    kept = max(request * now.limit / now.request if now.request else now.limit, least)
    return max(kept if now.outgrown else min(kept, now.limit), request)


def least_limit(peak: float, rule: ResourceRule, now: Held, killed_at: float, promise: Promise | None) -> float:
    """What a limit is at the least: of a promise what it asks for, and not more than a step above a peak that today's
    limit held down."""
    if promise is None:
        return max(peak, killed_at) * rule.limit_over_peak
    asked = min(promise.needed, peak * RAISE) if now.pressed else promise.needed
    return max(asked, killed_at * RAISE)


def killed_at(facts: ContainerFacts) -> float:
    """The highest limit of an OOM kill, 0 where none is known.

    A kill whose limit nobody recorded is not taken to be at today's: that limit grows with each raise, and each raise
    would bring the next. The peak of what was used speaks for it.
    """
    return max((kill.limit for kill in facts.oom_kills if kill.limit is not None), default=0.0)


def _base(profile: ResourceProfile, rule: ResourceRule) -> float:
    """The peak is of all pods, a percentile of the days' hottest pods (6 h and more)."""
    if rule.percentile >= 1:
        return sizing_peak(profile)
    return percentile(profile.hottest, rule.percentile, profile.hottest_peak, profile.resource)
