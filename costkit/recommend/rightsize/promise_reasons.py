"""The evidence of a size with a promise: its sum, where it lands in what was used, and how the rule kept its word."""

from typing import NamedTuple

from costkit.model.facts import ResourceProfile
from costkit.model.policy import ResourceRule
from costkit.model.quantities import format_resource, short_cpu, short_memory
from costkit.model.recommendation import Reason, Score
from costkit.model.sketch import share_at
from costkit.model.weeks import LONG, MONTH
from costkit.recommend.rightsize import words
from costkit.recommend.rightsize.promise import RAISE, weight_of
from costkit.recommend.rightsize.promises import Kept, Promise

_SLACK = 1e-5
"""A size on the grid may be below what it was rounded from by the grid's own slack."""


class Record(NamedTuple):
    """How a rule kept its word on past weeks."""

    own: Score | None
    """This container's, or the fleet's where it is new."""
    fleet: Kept | None


def promised_reason(profile: ResourceProfile, rule: ResourceRule, promise: Promise, request: float, by: str) -> Reason:
    """`usual p95 212m^0.90 x peak 412m^0.10 = 227m x 1.03 = 234m -> 235m, p98.3 of its hottest pod`."""
    landed = round(share_at(profile.hottest, request, profile.resource), 3)
    base = f"usual p95 {short_cpu(promise.usual)}"
    if promise.peak > promise.usual:
        weight = weight_of(rule.target)
        base += f"^{1 - weight:.2f} x peak {short_cpu(promise.peak)}^{weight:.2f} = {short_cpu(promise.base)}"
    sums = f"{base} x {promise.factor:.3f} = {short_cpu(promise.base * promise.factor)}"
    final = f"{format_resource('cpu', request)}, p{100 * landed:.1f} of its hottest pod"
    text = f"cpu {sums}{_by(by, promise, rule)} -> {final}; {words.peak(profile)}"
    return Reason(
        code="cpu-use",
        text=text,
        params={
            "percentile": landed,
            "value": promise.base,
            "usual": promise.usual,
            "factor": promise.factor,
            "target": rule.target,
            "ownWeeks": promise.own_weeks,
            "floor": rule.floor,
            "request": request,
            "peak": profile.peak,
            "peakAt": profile.peak_at,
            "peakPod": profile.peak_pod,
            "mean": profile.mean,
        },
        brief=f"cpu p95 {short_cpu(promise.usual)}",
    )


def _by(by: str, promise: Promise, rule: ResourceRule) -> str:
    short = f" ({promise.addition:.2f} of the factor is for a short history)" if promise.addition > 1.005 else ""
    return short + {
        "floor": f", floor {short_cpu(rule.floor)}",
        "median": f", not below the median {short_cpu(promise.median)}",
        "risen": ", less than use has risen to",
        "cap": ", not more off at once",
        "held": ", not below a limit that throttled",
        "last": ", near the last run's",
    }.get(by, "")


def promise_reason(resource: str, rule: ResourceRule, promise: Promise, size: float, record: Record) -> Reason:
    """The risk that is promised and what became of it in the weeks that are over; or why it is not promised."""
    what = "request for more than 5% of the time" if resource == "cpu" else "limit at its peak"
    text = f"{resource} promise: above the {what} in {rule.target:.0%} of weeks; {_kept(record)}"
    if size < promise.needed * (1 - _SLACK):
        asked = words.short(resource, promise.needed)
        text = f"{resource} has no promise: {rule.target:.0%} of weeks would ask for {asked}"
    return Reason(f"{resource}-promise", text, _params(rule, promise, record))


def _kept(record: Record) -> str:
    if record.fleet is None:
        return "no week of this cluster is over yet, so it rests on those of other fleets"
    fleet = record.fleet
    text = f"so it was in {fleet.violated.mean():.1%} of this cluster's {len(fleet.violated)} past container-weeks"
    if fleet.idle.any() and not fleet.idle.all():
        text += f" ({fleet.active_violated:.1%} without the {fleet.idle.mean():.0%} that were idle)"
    if record.own is not None and record.own.own:
        text += f", {round(record.own.violated * record.own.weeks)} of its own {record.own.weeks}"
    return text


def _params(rule: ResourceRule, promise: Promise, record: Record) -> dict[str, float | str | None]:
    own, fleet = record
    return {
        "target": rule.target,
        "needed": promise.needed,
        "weeks": float(own.weeks) if own else 0.0,
        "violated": own.violated if own else None,
        "fleetWeeks": float(len(fleet.violated)) if fleet else 0.0,
        "fleetViolated": float(fleet.violated.mean()) if fleet else None,
        "fleetViolatedActive": fleet.active_violated if fleet else None,
        "fleetIdle": float(fleet.idle.mean()) if fleet else None,
        "factorWeeks": float(promise.own_weeks),
    }


def limit_sum(promise: Promise, *, pressed: bool) -> str:
    """What a limit is at the least: `x 2.10 over the highest peak of 35 days, 1.2Gi`."""
    if promise.by == "median":
        return f"the highest peak of {MONTH} days, {short_memory(promise.median)}"
    peak = f"the highest peak of {LONG} days, {short_memory(promise.peak)}"
    if pressed and promise.factor > RAISE:
        return f"x {RAISE:.2f} over a peak that it held down, and as needed later"
    return f"x {promise.factor:.2f} over {peak}"
