"""An explanation in words: what text and page say alike of one container."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from costkit.model.explained import Curve, Explained, Explanation
from costkit.model.quantities import short_cpu, short_memory
from costkit.model.recommendation import Declined, Fine, Recommendation, Score
from costkit.model.sketch import percentile
from costkit.report.cells import UNCHANGED, movement, readable_cpu, readable_memory
from costkit.report.moments import day

TITLES = {"cpu": "CPU", "memory": "Memory", "gpu": "GPU"}
_USUAL = 0.95
"""The percentile that is shown where no rule took one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One size on a resource's scale: `role` is `before`, `after`, `usage` or `peak`."""

    role: str
    value: float
    """Cores, bytes or share of a GPU."""
    words: str
    """`request then 250m`."""


def heading(explained: Explained) -> str:
    """`deploy/api in shop · prod-eu · 14 d to 2026-11-24 · class standard`."""
    span = f"{explained.window.days:.3g} d to {day(explained.window.end)}"
    place = f"{explained.workload.short} in {explained.workload.namespace}"
    return " · ".join((place, explained.cluster_name, span, f"class {explained.rule_class}"))


def verdict(of: Explanation) -> str:
    """What was found, in one sentence."""
    match of.finding:
        case Recommendation(risk=risk, confidence=sure):
            return f"Resize: {_sizes(of)} (risk {risk}, confidence {sure:.0%})"
        case Fine():
            return "Fine as it is."
        case Declined(reason=reason, detail=detail):
            return f"Declined ({reason}): {detail}"


def reasons(of: Explanation) -> tuple[str, ...]:
    """Each factor, as a sum where it is one; of a declined container there is the one that decided, in the verdict."""
    match of.finding:
        case Recommendation(why=why):
            return tuple(reason.text for reason in why)
        case Fine(detail=detail):
            return tuple(detail.split("; "))
        case Declined():
            return ()


def record(of: Explanation) -> str:
    """What came of the rule's sizes on weeks that it had not seen."""
    match of.finding:
        case Recommendation(score=Score() as score):
            return _scored(score)
        case Recommendation():
            return "none yet: its rule promises no risk, or no week has passed that it could be held against"
        case _:
            return "none: no size is recommended"


def marks(of: Explanation, resource: str) -> tuple[Mark, ...]:
    """Request before and after, use and peak, those that are known, in this order."""
    shown = readable_cpu if resource == "cpu" else readable_memory
    old, new = (getattr(side, f"{resource}_request", None) for side in (of.before, of.after))
    now = [Mark("before", old, f"request now {shown(old)}")] if old is not None else []
    then = [Mark("after", new, f"request then {shown(new)}")] if new is not None and new != old else []
    return (*now, *then, *_use(of, resource))


def seen(of: Explanation, curve: Curve) -> Iterator[str]:
    """When and where the peak was, and which pod was the hottest."""
    profile = of.profile(curve.resource)
    if profile is not None:
        moment = f"{datetime.fromtimestamp(profile.peak_at, UTC):%a %d %b %H:%M} UTC"
        yield f"peak {form(curve.resource)(profile.peak)} on {moment} in {profile.peak_pod}"
    if curve.hottest_pod:
        yield f"hottest pod on {curve.hottest_days} of {curve.days} days: {curve.hottest_pod}"


def form(resource: str) -> Callable[[float], str]:
    """How use of the resource is written: `212m`, `1.9Gi`, `40%` of a GPU."""
    return {"cpu": short_cpu, "memory": short_memory}.get(resource, lambda share: f"{share:.0%}")


def _sizes(of: Explanation) -> str:
    """`CPU request 8 -> 2, CPU limit 16 -> 4, memory request 16Gi -> 5Gi`: what changes."""
    before, after = of.before, of.after
    sides = {
        "CPU request": movement(before.cpu_request, after.cpu_request, readable_cpu),
        "CPU limit": movement(before.cpu_limit, after.cpu_limit, readable_cpu),
        "memory request": movement(before.memory_request, after.memory_request, readable_memory),
        "memory limit": movement(before.memory_limit, after.memory_limit, readable_memory),
    }
    return ", ".join(f"{name} {words}" for name, words in sides.items() if words != UNCHANGED)


def _scored(score: Score) -> str:
    whose = f"on its own {score.weeks} past weeks" if score.own else f"fleet's record, {score.weeks} container-weeks"
    violated = f"{score.violated * score.weeks:.0f} violated ({100 * score.violated:.1f} %)"
    size = "request" if score.resource == "cpu" else "memory limit"
    return f"{whose}: {violated}, use above the {size} {100 * score.over_use:.1f} % of all use"


def _use(of: Explanation, resource: str) -> Iterator[Mark]:
    profile = of.profile(resource)
    if profile is None:
        return
    shown = form(resource)
    share = _share(of, resource)
    if share < 1:
        used = percentile(profile.hottest, share, profile.hottest_peak, resource)
        yield Mark("usage", used, f"p{100 * share:g} of the hottest pod {shown(used)}")
    yield Mark("peak", profile.peak, f"peak {shown(profile.peak)}")


def _share(of: Explanation, resource: str) -> float:
    """The percentile that the size was made from, else a usual one."""
    why = of.finding.why if isinstance(of.finding, Recommendation) else ()
    taken = (reason.params.get("percentile") for reason in why if reason.code == f"{resource}-use")
    return next((share for share in taken if isinstance(share, float)), _USUAL)
