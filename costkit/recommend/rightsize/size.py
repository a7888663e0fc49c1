"""The rule: one resource's profile and policy -> the request and limit that it asks for, with each factor kept."""

from dataclasses import dataclass

from costkit.model.facts import ContainerFacts, ResourceProfile
from costkit.model.policy import Grid, ResourceRule
from costkit.model.sketch import percentile
from costkit.recommend.rightsize.grid import ceil_to


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
    """What decided: `use`, `floor`, `oom`, `cap` (not more off at once) or `last` (near the last run's)."""


def size(profile: ResourceProfile, rule: ResourceRule, grid: Grid, killed_at: float = 0.0) -> Sized:
    """`killed_at`: the highest limit at which the kernel killed it, 0 if it did not. The peak there is cut off."""
    base = _base(profile, rule)
    used = max(base, killed_at) * (1 + rule.margin)
    needed = max(used, rule.floor)
    by = "floor" if needed > used else "oom" if killed_at > base else "use"
    return Sized(base, needed, ceil_to(needed, grid), by)


@dataclass(frozen=True, slots=True)
class Held:
    """What is in force now, and whether use was held down by the limit, so that it may grow."""

    request: float | None
    limit: float | None
    pressed: bool


def limit_for(request: float, now: Held, peak: float, rule: ResourceRule) -> float | None:
    """The limit beside a new request; None: without one. It grows only where use pressed against it."""
    if now.limit is None or rule.limit == "none":
        return None
    if rule.limit == "equal":
        return request
    if rule.limit == "keep" or not now.request:
        return max(now.limit, request)
    kept = max(request * now.limit / now.request, peak * rule.limit_over_peak)
    return kept if now.pressed else max(min(kept, now.limit), request)


def killed_at(facts: ContainerFacts) -> float:
    """The highest limit of an OOM kill, 0 where none is known.

    A kill whose limit nobody recorded is not taken to be at today's: that limit grows with each raise, and each raise
    would bring the next. The peak of what was used speaks for it.
    """
    return max((kill.limit for kill in facts.oom_kills if kill.limit is not None), default=0.0)


def _base(profile: ResourceProfile, rule: ResourceRule) -> float:
    """The peak is of all pods, a percentile of the days' hottest pods (6 h and more)."""
    if rule.percentile >= 1:
        return profile.peak
    return percentile(profile.hottest, rule.percentile, profile.hottest_peak, profile.resource)
