"""What was seen of a container beside its percentiles, as reasons: each names the number that decided."""

from collections.abc import Iterator

from costkit.model.change import Resize
from costkit.model.facts import ContainerFacts, ResourceProfile, Revised, Shift, Twin
from costkit.model.quantities import short_cpu, short_memory
from costkit.model.recommendation import Reason
from costkit.model.sketch import percentile
from costkit.recommend.rightsize.paired import measure, sizing_profile
from costkit.recommend.rightsize.starts import is_of_starts

_SKEW = 1.5
"""The hottest pod's 95th percentile over that of all pods: below it they share the load."""
_JVM = "a JVM"
"""As facts have it of an image: no flag says what its heap goes by."""


def heap_reason(facts: ContainerFacts, resize: Resize) -> Reason | None:
    """None where no memory limit of a JVM goes down."""
    before, after = resize.before.memory_limit, resize.after.memory_limit
    if facts.limit_reader != _JVM or before is None or after is None or after >= before:
        return None
    return Reason(
        "memory-heap", f"{_JVM} by its image: its heap may follow the limit", {"before": before, "after": after}
    )


def seen_reasons(facts: ContainerFacts) -> Iterator[Reason]:
    """Restarts, a rollout inside the window, a twin, one pod that is hotter than the others, peaks of starts, a new
    level of use."""
    if facts.restarts:
        times = f"{facts.restarts} restart{'s' if facts.restarts > 1 else ''}"
        yield Reason("restarts", f"{times} in the window", {"count": facts.restarts}, brief=times)
    if facts.revised is not None:
        yield _revised(facts.revised)
    for resource in ("cpu", "memory"):
        profile = sizing_profile(facts, resource)
        if profile is not None:
            yield from _of_resource(facts, profile)


def _of_resource(facts: ContainerFacts, profile: ResourceProfile) -> Iterator[Reason]:
    own = getattr(facts, profile.resource)
    if facts.twin is not None and profile is not own:
        yield _paired(facts.twin, profile, own)
    elif profile.resource == "cpu" and max(facts.pods, round(facts.average_pods)) > 1:
        yield from _skewed(profile)
    if is_of_starts(profile):
        yield _started(profile)
    if profile.shift is not None:
        yield _shifted(profile.resource, profile.shift)


def _revised(revised: Revised) -> Reason:
    name = f"revision {revised.revision}"
    text = f"{name} has {revised.days} days: it counts alone, {revised.dropped_days} days of earlier ones are left out"
    if not revised.enough:
        text = f"{name} has only {revised.days} days: earlier ones count, too"
    days: dict[str, float | str | None] = {"days": revised.days, "droppedDays": revised.dropped_days}
    return Reason("rollout", text, {"revision": revised.revision, **days})


def _paired(twin: Twin, used: ResourceProfile, own: ResourceProfile) -> Reason:
    word = "peak" if used.resource == "memory" else "p95"
    its, mine = (_short(used.resource, measure(profile)) for profile in (used, own))
    text = f"{used.resource} by {twin.target.short}, which does its work now ({word} {its}, its own {mine}): {twin.why}"
    return Reason(f"{used.resource}-twin", text, {"twin": str(twin.target), "use": measure(used), "own": measure(own)})


def _skewed(cpu: ResourceProfile) -> Iterator[Reason]:
    hottest, pooled = measure(cpu), percentile(cpu.pooled, 0.95, cpu.peak, cpu.resource)
    if pooled > 0 and hottest >= _SKEW * pooled:
        times = f"cpu of its hottest pod is {hottest / pooled:.1f} times that of all its pods"
        numbers = f"p95 {short_cpu(hottest)}, pooled {short_cpu(pooled)}"
        yield Reason("cpu-skew", f"{times} ({numbers}): sized by the hottest", {"hottest": hottest, "pooled": pooled})


def _started(profile: ResourceProfile) -> Reason:
    short = [_short(profile.resource, peak) for peak in (profile.peak, profile.steady_peak or 0.0)]
    decides = "counts all the same" if profile.resource == "memory" else "does not decide"
    text = f"{profile.resource} peak {short[0]} is of a pod's first 10 minutes and {decides}; steady peak {short[1]}"
    return Reason(f"{profile.resource}-start", text, {"start": profile.peak, "steady": profile.steady_peak})


def _shifted(resource: str, shift: Shift) -> Reason:
    level = "day's peak" if resource == "memory" else "day's mean"
    before, after = (_short(resource, value) for value in (shift.before, shift.after))
    decides = "these days decide" if shift.rose else "a cut waits"
    text = f"{resource} changed {shift.days} days ago: {level} {before} -> {after}, {decides}"
    return Reason(f"{resource}-regime", text, {"days": shift.days, "before": shift.before, "after": shift.after})


def _short(resource: str, value: float) -> str:
    return short_cpu(value) if resource == "cpu" else short_memory(value)
