"""What is to become of one resource of one container: sized, or kept and why."""

from dataclasses import dataclass, replace

from costkit.model.facts import ContainerFacts, ResourceProfile
from costkit.model.policy import Grid, ResourceRule, RightsizeClass, RightsizePolicy
from costkit.model.recommendation import Reason
from costkit.recommend.rightsize.decline import MEMORY_ONLY
from costkit.recommend.rightsize.grid import ceil_to, step_at
from costkit.recommend.rightsize.reasons import kept_reason, request_reason
from costkit.recommend.rightsize.size import killed_at, limit_for, size

_CENSORED = 0.9
"""Use at this share of its CPU limit is held down by it: what it would have used is not known, so nothing is cut."""
_THROTTLED = 0.01
"""Share of CPU periods from which the same holds."""


@dataclass(frozen=True, slots=True)
class Part:
    request: float | None
    limit: float | None
    reasons: tuple[Reason, ...] = ()
    held: str = ""
    """Code of what forbids a change that the rule asks for; empty where nothing does."""


@dataclass(frozen=True, slots=True)
class Terms:
    """One resource's side of a container and its policy."""

    resource: str
    profile: ResourceProfile | None
    rule: ResourceRule
    grid: Grid
    killed_at: float


def terms(resource: str, facts: ContainerFacts, chosen: RightsizeClass, policy: RightsizePolicy) -> Terms:
    if resource == "cpu":
        return Terms(resource, facts.cpu, chosen.cpu, policy.cpu_grid, 0.0)
    return Terms(resource, facts.memory, chosen.memory, policy.memory_grid, killed_at(facts))


def part(facts: ContainerFacts, chosen: RightsizeClass, asked: Terms) -> Part:
    now = Part(facts.requests.get(asked.resource), facts.limits.get(asked.resource))
    if asked.profile is None:
        return now
    sized = size(asked.profile, asked.rule, asked.grid, asked.killed_at)
    if _is_small(now.request, sized.request, chosen.minimum_change, asked.grid):
        return replace(now, reasons=(kept_reason(asked.profile, "it fits"),))
    held = _held(facts, chosen, asked, cut=now.request is not None and sized.request < now.request)
    if held is not None:
        code, why = held
        return replace(now, reasons=(kept_reason(asked.profile, why),), held=code)
    peak = max(asked.profile.peak, asked.killed_at)
    limit = limit_for(sized.request, (now.request, now.limit), peak, asked.rule)
    limit = _limit_on_grid(limit, now.limit, asked.grid)
    return Part(sized.request, limit, (request_reason(asked.profile, asked.rule, sized),))


def _is_small(old: float | None, new: float, share: float, grid: Grid) -> bool:
    """Whether a change is less than the minimum share or less than one grid step: not worth a restart."""
    if old is None:
        return False
    change = abs(new - old)
    return change < max(share * old, step_at(old, grid)) * (1 - 1e-9)


Hold = tuple[str, str]
"""Code and words of what forbids a change."""


def _held(facts: ContainerFacts, chosen: RightsizeClass, asked: Terms, *, cut: bool) -> Hold | None:
    """What forbids the change; the first that does."""
    if asked.resource == "memory":
        for verdict in facts.verdicts:
            if verdict.code in MEMORY_ONLY:
                return verdict.code, verdict.detail
    if not cut or asked.profile is None:
        return None
    return _too_little(asked.profile, chosen) or _cut_off(facts, asked.resource, asked.profile.peak)


def _too_little(profile: ResourceProfile, chosen: RightsizeClass) -> Hold | None:
    if profile.days < chosen.minimum_days:
        return "too-little-data", f"{profile.days:.1f} days of use, {chosen.minimum_days:g} are wanted before a cut"
    if profile.coverage < chosen.minimum_coverage:
        return "too-little-data", f"{profile.coverage:.0%} of the samples, {chosen.minimum_coverage:.0%} are wanted"
    return None


def _cut_off(facts: ContainerFacts, resource: str, peak: float) -> Hold | None:
    """Use that a limit held down is no measure of what is needed."""
    if resource == "memory":
        unknown = any(kill.limit is None for kill in facts.oom_kills)
        return ("oom-killed", "it was OOM-killed at a limit that nobody recorded") if unknown else None
    limit = facts.limits.get(resource)
    if limit and (facts.throttled >= _THROTTLED or peak >= _CENSORED * limit):
        return "throttled", f"held down by its limit (throttled in {facts.throttled:.0%} of its periods)"
    return None


def _limit_on_grid(limit: float | None, now: float | None, grid: Grid) -> float | None:
    """Rounding up alone must not raise a limit."""
    if limit is None:
        return None
    rounded = ceil_to(limit, grid)
    return now if now is not None and limit <= now < rounded else rounded
