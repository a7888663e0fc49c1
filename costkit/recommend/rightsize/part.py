"""What is to become of one resource of one container: sized, or kept and why."""

from dataclasses import dataclass, replace

from costkit.model.change import Resources
from costkit.model.facts import ContainerFacts, ResourceProfile
from costkit.model.policy import Grid, ResourceRule, RightsizeClass, RightsizePolicy
from costkit.model.recommendation import Reason
from costkit.recommend.rightsize.grid import ceil_to, step_at
from costkit.recommend.rightsize.hold import Hold, censored, cut_forbidden, forbidden, pressed
from costkit.recommend.rightsize.last import Last
from costkit.recommend.rightsize.reasons import kept_reason, request_reason, unseen_reason
from costkit.recommend.rightsize.size import Held, Sized, killed_at, limit_for, size


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
    last: Last
    """What the last run recommended."""


def terms(
    resource: str, facts: ContainerFacts, chosen: RightsizeClass, policy: RightsizePolicy, last: Resources
) -> Terms:
    if resource == "cpu":
        said = Last(last.cpu_request, last.cpu_limit, chosen.hysteresis, may_lag=True)
        return Terms(resource, facts.cpu, chosen.cpu, policy.cpu_grid, 0.0, said)
    said = Last(last.memory_request, last.memory_limit, chosen.hysteresis, may_lag=False)
    return Terms(resource, facts.memory, chosen.memory, policy.memory_grid, killed_at(facts), said)


def part(facts: ContainerFacts, chosen: RightsizeClass, asked: Terms) -> Part:
    now = Part(facts.requests.get(asked.resource), facts.limits.get(asked.resource))
    profile = asked.profile
    if profile is None and now == Part(None, None):
        return now
    if profile is None:
        return replace(now, reasons=(unseen_reason(asked.resource),), held="no-usage")
    sized = _capped(size(profile, asked.rule, asked.grid, asked.killed_at), now.request, chosen.most_off, asked.grid)
    steady = asked.last.steadied(sized.request, sized.needed, asked.last.request, asked.grid)
    if steady != sized.request:
        sized = replace(sized, request=steady, by="last")
    small = is_small(now.request, sized.request, chosen.minimum_change, asked.grid)
    held = _held(facts, chosen, profile, cut=now.request is not None and sized.request < now.request, small=small)
    if held is not None:
        code, why = held
        return replace(now, reasons=(kept_reason(profile, why),), held=code)
    if small:
        return replace(now, reasons=(kept_reason(profile, "it fits"),))
    return _resized(facts, asked, profile, sized)


def _resized(facts: ContainerFacts, asked: Terms, profile: ResourceProfile, sized: Sized) -> Part:
    now = Held(facts.requests.get(asked.resource), facts.limits.get(asked.resource), pressed(facts, profile))
    limit = limit_for(sized.request, now, max(profile.peak, asked.killed_at), _rule(facts, asked))
    on_grid = _limit_on_grid(limit, now.limit, asked.grid)
    steady = None if on_grid is None else asked.last.steadied(on_grid, limit or 0.0, asked.last.limit, asked.grid)
    return Part(sized.request, steady, (request_reason(profile, asked.rule, sized),))


def _rule(facts: ContainerFacts, asked: Terms) -> ResourceRule:
    """A runtime that sizes itself by its limits would take the whole node without one."""
    reads = any(verdict.code == "heap-bound" for verdict in facts.verdicts)
    return replace(asked.rule, limit="keep") if reads and asked.rule.limit == "none" else asked.rule


def _capped(sized: Sized, old: float | None, most_off: float, grid: Grid) -> Sized:
    """Not more off at once than the class allows."""
    least = 0.0 if old is None else ceil_to(old * (1 - most_off), grid)
    return replace(sized, request=least, by="cap") if sized.request < least else sized


def _held(
    facts: ContainerFacts, chosen: RightsizeClass, profile: ResourceProfile, *, cut: bool, small: bool
) -> Hold | None:
    """The first thing that forbids the change; use that is held down by a limit is not called a fit either."""
    never = forbidden(facts, profile.resource)
    if never is not None:
        return None if small else never
    if cut and not small:
        return cut_forbidden(facts, chosen, profile)
    return censored(facts, profile) if small and profile.resource == "cpu" else None


def is_small(old: float | None, new: float, share: float, grid: Grid) -> bool:
    """Whether a change is less than the minimum share or less than one grid step: not worth a restart."""
    if old is None:
        return False
    change = abs(new - old)
    return change < max(share * old, step_at(old, grid)) * (1 - 1e-9)


def _limit_on_grid(limit: float | None, now: float | None, grid: Grid) -> float | None:
    """Rounding up alone must not raise a limit."""
    if limit is None:
        return None
    rounded = ceil_to(limit, grid)
    return now if now is not None and limit <= now < rounded else rounded
