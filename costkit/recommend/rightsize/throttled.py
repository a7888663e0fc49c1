"""CPU that its limit throttles: the limit goes up, or goes, as the class's rule for limits has it."""

from dataclasses import dataclass

from costkit.model.facts import ContainerFacts
from costkit.model.policy import Grid, ResourceRule
from costkit.model.quantities import short_cpu
from costkit.model.recommendation import Reason
from costkit.recommend.rightsize.grid import ceil_to

_WORTH = 0.05
"""Share of periods from which a limit goes up: below it nothing is cut, but a few late milliseconds need no restart."""
RAISE = 1.5
"""A limit's next size over the last one. What would have been used above it was never seen, so it grows by a step that
changes something, and the periods under the new limit alone say whether that was enough."""


@dataclass(frozen=True, slots=True)
class Freed:
    """What stands in place of a CPU request and limit that throttle. Cores."""

    request: float
    limit: float | None
    """None: without one."""
    reason: Reason


def freed(facts: ContainerFacts, rule: ResourceRule, grid: Grid, wanted: float) -> Freed | None:
    """`wanted`: the request that use asks for. None where nothing throttles it, or its class keeps its limits.

    The request is never cut beside it: use was held down. Where request and limit are one they stay one, else the
    limit alone grows: bursts need room, not a reservation.
    """
    limit = facts.limits.get("cpu")
    if not limit or facts.throttled < _WORTH or rule.limit == "keep":
        return None
    request = facts.requests.get("cpu") or 0.0
    least = max(request, wanted)
    if rule.limit == "none" and not facts.limit_reader:
        return Freed(least, None, _reason(facts, limit, None, "its class has no limits"))
    kept = wanted * limit / request if request and rule.limit == "keep-ratio" else wanted
    raised = ceil_to(max(limit * RAISE, facts.throttled_at * RAISE, kept), grid)
    one = rule.limit == "equal" or request == limit
    return Freed(raised if one else least, raised, _reason(facts, limit, raised, _why(facts, rule)))


def unthrottled(facts: ContainerFacts) -> float:
    """Cores that no limit is to go below, 0 where none throttled: what a raise gave is not to be taken back at once."""
    return min(facts.limits.get("cpu", 0.0), facts.throttled_at * RAISE)


def _why(facts: ContainerFacts, rule: ResourceRule) -> str:
    if rule.limit == "none":
        return f"it stays: {facts.limit_reader} reads it"
    return f"x {RAISE:.2f}: what it would use above is not known"


def _reason(facts: ContainerFacts, limit: float, raised: float | None, why: str) -> Reason:
    after = "none" if raised is None else short_cpu(raised)
    text = f"cpu limit {short_cpu(limit)} -> {after} ({why}), throttled in {facts.throttled:.0%} of its periods"
    params = {"share": facts.throttled, "before": limit, "after": raised}
    return Reason("cpu-throttled", text, params, brief=f"throttled {facts.throttled:.0%}")
