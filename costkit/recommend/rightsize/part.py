"""What is to become of one resource of one container: sized, or kept and why."""

from dataclasses import dataclass, replace

from costkit.model.change import Resources
from costkit.model.facts import ContainerFacts, ResourceProfile
from costkit.model.policy import Grid, ResourceRule, RightsizeClass, RightsizePolicy
from costkit.model.recommendation import Reason
from costkit.recommend.rightsize.grid import ceil_to, step_at
from costkit.recommend.rightsize.hold import Hold, censored, cut_forbidden, forbidden, outgrown, pressed
from costkit.recommend.rightsize.last import Last
from costkit.recommend.rightsize.paired import sizing_profile
from costkit.recommend.rightsize.promise_reasons import limit_sum, promised_reason
from costkit.recommend.rightsize.promises import Promise, Promises
from costkit.recommend.rightsize.reasons import kept_reason, request_reason, unseen_reason
from costkit.recommend.rightsize.size import Held, Sized, killed_at, least_limit, limit_for, promised, size
from costkit.recommend.rightsize.starts import sizing_peak
from costkit.recommend.rightsize.throttled import freed, unthrottled


@dataclass(frozen=True, slots=True)
class Part:
    request: float | None
    limit: float | None
    reasons: tuple[Reason, ...] = ()
    held: str = ""
    """Code of what forbids a change that the rule asks for, or of what is left where bounds forbid it; else empty."""
    promise: Promise | None = None
    """What it is to keep, where a class goes by that and it was sized anew."""
    least: str = ""
    """What its limit is at the least, where a promise says so."""


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
    promise: Promise | None = None
    """What the rule with a promise asks for, where its class goes by that."""


def terms(
    resource: str, facts: ContainerFacts, chosen: RightsizeClass, policy: RightsizePolicy, last: Resources
) -> Terms:
    profile = sizing_profile(facts, resource)
    if resource == "cpu":
        said = Last(last.cpu_request, last.cpu_limit, chosen.hysteresis, may_lag=chosen.method != "risk")
        return Terms(resource, profile, chosen.cpu, policy.cpu_grid, 0.0, said)
    said = Last(last.memory_request, last.memory_limit, chosen.hysteresis, may_lag=False)
    return Terms(resource, profile, chosen.memory, policy.memory_grid, killed_at(facts), said)


def with_promise(asked: Terms, facts: ContainerFacts, promises: Promises) -> Terms:
    """The terms of a class whose method is `risk`."""
    profile = asked.profile
    if profile is None:
        return asked
    whose = facts.twin.target if facts.twin and profile is not getattr(facts, asked.resource) else facts.target
    return replace(asked, promise=promises.of(whose, profile, asked.rule, sizing_peak(profile)))


def part(facts: ContainerFacts, chosen: RightsizeClass, asked: Terms) -> Part:
    now = Part(facts.requests.get(asked.resource), facts.limits.get(asked.resource))
    profile = asked.profile
    if profile is None and now == Part(None, None):
        return now
    if profile is None:
        return replace(now, reasons=(unseen_reason(asked.resource),), held="no-usage")
    sized = _sized(facts, chosen, asked, profile)
    small = is_small(now.request, sized.request, chosen.minimum_change, asked.grid)
    kept = now.request if small and now.request is not None else sized.request
    out = freed(facts, asked.rule, asked.grid, kept) if asked.resource == "cpu" else None
    if out is not None:
        return Part(out.request, out.limit, (out.reason, _reason(asked, profile, sized)), held="throttled")
    held = _held(facts, chosen, profile, cut=now.request is not None and sized.request < now.request, small=small)
    if held is not None:
        code, why = held
        return replace(now, reasons=(kept_reason(profile, why),), held=code)
    if small:
        fits = now.request is None or sized.request <= now.request
        kept_for = "it fits" if fits else "it lacks less than the minimum change"
        fine = replace(now, reasons=(kept_reason(profile, kept_for),))
        return _with_room(facts, asked, profile, fine) if asked.resource == "memory" else fine
    return _resized(facts, asked, profile, sized)


def _with_room(facts: ContainerFacts, asked: Terms, profile: ResourceProfile, now: Part) -> Part:
    """A memory limit near which a peak came grows though its request stays."""
    held = _in_force(facts, profile)
    if now.limit is None or not held.outgrown or asked.rule.limit != "keep-ratio" or forbidden(facts, "memory"):
        return now
    needed = least_limit(profile.peak, asked.rule, held, asked.killed_at, asked.promise)
    raised = ceil_to(needed, asked.grid)
    if raised < now.limit + step_at(now.limit, asked.grid):
        return now
    reason = kept_reason(profile, "its limit alone has no room")
    return Part(now.request, raised, (reason,), promise=asked.promise, least=_least_words(asked, held))


def _least_words(asked: Terms, now: Held) -> str:
    """Where a promise makes a memory limit."""
    if asked.promise is None or asked.resource != "memory" or asked.rule.limit != "keep-ratio":
        return ""
    return limit_sum(asked.promise, pressed=now.pressed)


def _sized(facts: ContainerFacts, chosen: RightsizeClass, asked: Terms, profile: ResourceProfile) -> Sized:
    """By the rule, then not more off at once than the class allows, and steadied by the last run."""
    old = facts.requests.get(asked.resource)
    sized = _capped(_size(asked, profile), old, chosen.most_off, asked.grid)
    one = asked.rule.limit == "equal" or (old is not None and old == facts.limits.get(asked.resource))
    held = ceil_to(unthrottled(facts), asked.grid) if one and asked.resource == "cpu" else 0.0
    if sized.request < held:
        return replace(sized, request=held, by="held")
    steady = asked.last.steadied(sized.request, sized.needed, asked.last.request, asked.grid)
    return sized if steady == sized.request else replace(sized, request=steady, by="last")


def _size(asked: Terms, profile: ResourceProfile) -> Sized:
    """Memory's request follows its peak by either method: a promise is about its limit."""
    if asked.promise is not None and asked.resource == "cpu":
        return promised(profile, asked.rule, asked.grid, asked.promise)
    known = asked.promise.median if asked.promise is not None else 0.0
    return size(profile, asked.rule, asked.grid, asked.killed_at, known)


def _resized(facts: ContainerFacts, asked: Terms, profile: ResourceProfile, sized: Sized) -> Part:
    now = _in_force(facts, profile)
    promise = asked.promise if asked.resource == "memory" else None
    least = least_limit(profile.peak, asked.rule, now, asked.killed_at, promise)
    if asked.resource == "cpu":
        least = max(least, unthrottled(facts))
    limit = limit_for(sized.request, now, least, _rule(facts, asked))
    on_grid = _limit_on_grid(limit, now.limit, asked.grid)
    steady = None if on_grid is None else asked.last.steadied(on_grid, limit or 0.0, asked.last.limit, asked.grid)
    is_kept = asked.resource == "cpu" or (limit is not None and asked.rule.limit == "keep-ratio")
    made = Part(sized.request, steady, (_reason(asked, profile, sized),), least=_least_words(asked, now))
    return replace(made, promise=asked.promise) if is_kept else made


def _in_force(facts: ContainerFacts, profile: ResourceProfile) -> Held:
    resource = profile.resource
    sizes = (facts.requests.get(resource), facts.limits.get(resource))
    return Held(*sizes, pressed(facts, resource), outgrown(facts, profile))


def _reason(asked: Terms, profile: ResourceProfile, sized: Sized) -> Reason:
    if sized.promise is not None:
        return promised_reason(profile, asked.rule, sized.promise, sized.request, sized.by)
    return request_reason(profile, asked.rule, sized)


def _rule(facts: ContainerFacts, asked: Terms) -> ResourceRule:
    """A runtime that sizes itself by its limits would take the whole node without one."""
    return replace(asked.rule, limit="keep") if facts.limit_reader and asked.rule.limit == "none" else asked.rule


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
