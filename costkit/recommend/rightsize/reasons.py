"""The evidence of a size, as codes with numbers and as sentences."""

from costkit.model.change import Resources
from costkit.model.facts import ContainerFacts, ResourceProfile
from costkit.model.policy import ResourceRule, RightsizeClass
from costkit.model.quantities import format_resource, short_memory
from costkit.model.recommendation import Reason
from costkit.model.weeks import MONTH
from costkit.recommend.rightsize import words
from costkit.recommend.rightsize.size import Sized


def request_reason(profile: ResourceProfile, rule: ResourceRule, sized: Sized) -> Reason:
    """`p98 212m x 1.00 = 212m -> 250m`, with the peak and where it was seen."""
    earlier = rule.percentile >= 1 and sized.base > profile.peak
    word = f"peak of {MONTH} days" if earlier else "peak" if rule.percentile >= 1 else f"p{rule.percentile * 100:g}"
    final = format_resource(profile.resource, sized.request)
    base, floor, needed = (words.short(profile.resource, size) for size in (sized.base, rule.floor, sized.needed))
    seen = "in the window " if earlier else ""
    product = words.short(profile.resource, sized.base * (1 + rule.margin))
    sums = f"{word} {base} x {1 + rule.margin:.2f} = {product}"
    by = {
        "floor": f", floor {floor}",
        "oom": f", killed at more: {needed}",
        "risen": "",
        "held": ", not below a limit that throttled",
        "cap": ", not more off at once",
        "last": ", near the last run's",
        "use": "",
    }[sized.by]
    return Reason(
        code=f"{profile.resource}-use",
        text=f"{profile.resource} {sums}{by} -> {final}; {seen}{words.peak(profile)}",
        params={
            "percentile": rule.percentile,
            "value": sized.base,
            "margin": rule.margin,
            "floor": rule.floor,
            "request": sized.request,
            "peak": profile.peak,
            "peakAt": profile.peak_at,
            "peakPod": profile.peak_pod,
            "mean": profile.mean,
        },
        brief=f"{profile.resource} {word} {base}",
    )


def kept_reason(profile: ResourceProfile, why: str) -> Reason:
    """A resource that stays as it is."""
    text = f"{profile.resource} stays: {why} (peak {words.short(profile.resource, profile.peak)})"
    return Reason(f"{profile.resource}-kept", text, {"peak": profile.peak, "mean": profile.mean})


def unseen_reason(resource: str) -> Reason:
    return Reason(f"{resource}-kept", f"{resource} stays: no series of its use was seen")


def quality_reason(before: Resources, after: Resources) -> Reason | None:
    """Pods whose requests are their limits are the last that the kubelet evicts; None where that does not change."""
    if not _is_guaranteed(before) or _is_guaranteed(after):
        return None
    return Reason("qos", "it is Guaranteed now and will be Burstable: `limit: equal` in its class keeps it Guaranteed")


def _is_guaranteed(r: Resources) -> bool:
    return None not in (r.cpu_request, r.memory_request) and (r.cpu_request, r.memory_request) == (
        r.cpu_limit,
        r.memory_limit,
    )


def limit_reason(
    resource: str, before: Resources, after: Resources, rule: ResourceRule, least: str = ""
) -> Reason | None:
    """None where the limit stays. `least`: words of what it is at the least."""
    old, new = (getattr(r, f"{resource}_limit") for r in (before, after))
    if old == new:
        return None
    final = "none" if new is None else format_resource(resource, new)
    at_least = f"; at least {least}" if least else ""
    text = f"{resource} limit {format_resource(resource, old)} -> {final} ({rule.limit}{at_least})"
    return Reason(f"{resource}-limit", text, {"before": old, "after": new, "rule": rule.limit})


def bound_reason(resource: str, wanted: Resources, after: Resources) -> Reason | None:
    """None where the namespace's LimitRanges leave the size alone."""
    names = [name for name in (f"{resource}_request", f"{resource}_limit") if _differ(wanted, after, name)]
    if not names:
        return None
    sums = [
        f"{name.rpartition('_')[2]} {format_resource(resource, getattr(wanted, name))}"
        f" -> {format_resource(resource, getattr(after, name))}"
        for name in names
    ]
    params = {name.rpartition("_")[2]: getattr(after, name) for name in names}
    return Reason(
        f"{resource}-bound",
        f"{resource} within the namespace's LimitRange and the largest node: {', '.join(sums)}",
        params,
    )


def _differ(wanted: Resources, after: Resources, name: str) -> bool:
    return bool(getattr(wanted, name) != getattr(after, name))


def kill_reason(facts: ContainerFacts) -> Reason | None:
    if not facts.oom_kills:
        return None
    last = facts.oom_kills[-1]
    limit = "" if last.limit is None else f" at {short_memory(last.limit)}"
    count = len(facts.oom_kills)
    text = f"{count} OOM kill{'s' if count > 1 else ''}, the last on {words.day(last.at)} in {last.pod}{limit}"
    params = {"count": count, "at": last.at, "limit": last.limit}
    return Reason("oom-kills", text, params, brief=f"{count} OOM kill{'s' if count > 1 else ''}")


def throttle_reason(facts: ContainerFacts) -> Reason | None:
    if facts.throttled < 0.01:
        return None
    text = f"throttled in {facts.throttled:.0%} of its CPU periods"
    return Reason("throttled", text, {"share": facts.throttled}, brief=f"throttled {facts.throttled:.0%}")


def data_reason(profile: ResourceProfile, pods: float) -> Reason:
    """How much was seen."""
    samples = profile.pooled.samples
    text = f"{samples} samples of {profile.days:.1f} days, {profile.coverage:.0%} of those expected, {pods:.1f} pods"
    return Reason("data", text, {"samples": samples, "days": profile.days, "coverage": profile.coverage, "pods": pods})


def rule_reason(policy: RightsizeClass, source: str) -> Reason:
    text = f"class {policy.name} of {source}, method {policy.method}"
    return Reason("rule", text, {"class": policy.name, "source": source, "method": policy.method})
