"""What forbids a change that the rule asks for: too little data, use that was held down, a heap that follows limits."""

from costkit.model.facts import THROTTLED, ContainerFacts, ResourceProfile
from costkit.model.policy import RightsizeClass
from costkit.model.quantities import short_cpu
from costkit.recommend.rightsize.decline import MEMORY_ONLY
from costkit.recommend.rightsize.shifted import fall_to_wait_for

_PRESSED = 0.9
"""Use at this share of its limit is held down by it: what it would have used is not known."""

Hold = tuple[str, str]
"""Code and words."""


def forbidden(facts: ContainerFacts, resource: str) -> Hold | None:
    """What forbids any change of the resource."""
    if resource == "memory":
        for verdict in facts.verdicts:
            if verdict.code in MEMORY_ONLY:
                return verdict.code, verdict.detail
    return None


def cut_forbidden(facts: ContainerFacts, chosen: RightsizeClass, profile: ResourceProfile) -> Hold | None:
    """What forbids to take anything away, or to call it a fit."""
    if profile.days < chosen.minimum_days:
        return "too-little-data", f"{profile.days:.1f} days of use, {chosen.minimum_days:g} are wanted before a cut"
    if profile.coverage < chosen.minimum_coverage:
        return "too-little-data", f"{profile.coverage:.0%} of the samples, {chosen.minimum_coverage:.0%} are wanted"
    falling = fall_to_wait_for(profile)
    if falling:
        return "regime-change", falling
    return censored(facts, profile)


def censored(facts: ContainerFacts, profile: ResourceProfile) -> Hold | None:
    """Use that a limit held down is no measure of what is needed."""
    if profile.resource == "memory":
        unknown = any(kill.limit is None for kill in facts.oom_kills)
        return ("oom-killed", "it was OOM-killed at a limit that nobody recorded") if unknown else None
    if pressed(facts, profile.resource):
        return "throttled", f"held down by its limit ({_how(facts)})"
    if _was_throttled(facts):
        return "throttled", f"held down in part of the window (throttled at a limit of {short_cpu(facts.throttled_at)})"
    return None


def _was_throttled(facts: ContainerFacts) -> bool:
    """By a limit of before, in days that count: not those of revisions that are left out."""
    return facts.throttled_at > 0 and not (facts.revised is not None and facts.revised.enough)


def _how(facts: ContainerFacts) -> str:
    if facts.cpu is None or facts.throttled >= THROTTLED:
        return f"throttled in {facts.throttled:.0%} of its periods"
    return f"its peak is {facts.cpu.peak / facts.limits['cpu']:.0%} of it"


def pressed(facts: ContainerFacts, resource: str) -> bool:
    """Whether its own use pressed against its limit: near it, throttled by it, or killed at it."""
    limit = facts.limits.get(resource)
    if not limit:
        return False
    by_kernel = bool(facts.oom_kills) if resource == "memory" else facts.throttled >= THROTTLED
    return by_kernel or _is_near(getattr(facts, resource), limit)


def outgrown(facts: ContainerFacts, profile: ResourceProfile) -> bool:
    """Whether the limit has no room for what the container is sized by: its own use, or its twin's."""
    limit = facts.limits.get(profile.resource, 0.0)
    return pressed(facts, profile.resource) or (limit > 0 and _is_near(profile, limit))


def _is_near(profile: ResourceProfile | None, limit: float) -> bool:
    return profile is not None and profile.peak >= _PRESSED * limit
