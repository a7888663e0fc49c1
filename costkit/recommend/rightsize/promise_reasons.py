"""The evidence of a size with a promise: its sum, where it lands in what was used, and how the rule kept its word."""

from costkit.model.facts import ResourceProfile
from costkit.model.policy import ResourceRule
from costkit.model.quantities import format_resource, short_cpu, short_memory
from costkit.model.recommendation import Reason, Score
from costkit.model.sketch import share_at
from costkit.recommend.rightsize import words
from costkit.recommend.rightsize.promise import weight_of
from costkit.recommend.rightsize.promises import Promise


def promised_reason(profile: ResourceProfile, rule: ResourceRule, promise: Promise, request: float, by: str) -> Reason:
    """`usual p95 212m moved 10% of the way to peak 412m = 227m x 1.03 = 234m -> 235m, p98.3 of the hottest pod`."""
    landed = share_at(profile.hottest, request, profile.resource)
    base = f"usual p95 {short_cpu(promise.usual)}"
    if promise.peak > promise.usual:
        base += f" moved {weight_of(rule.target):.0%} of the way to peak {short_cpu(promise.peak)}"
        base += f" = {short_cpu(promise.base)}"
    sums = f"{base} x {promise.factor:.2f} = {short_cpu(promise.base * promise.factor)}"
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
    short = f", short history x {promise.addition:.2f} of it" if promise.addition > 1.005 else ""
    return short + {
        "floor": f", floor {short_cpu(rule.floor)}",
        "median": f", not below the median {short_cpu(promise.median)}",
        "risen": ", less than use has risen to",
        "cap": ", not more off at once",
        "held": ", not below a limit that throttled",
        "last": ", near the last run's",
    }.get(by, "")


def kept_word_reason(
    resource: str, rule: ResourceRule, promise: Promise, score: Score | None, fleet: Score | None
) -> Reason:
    """The risk that is promised, and what became of it in the weeks that are over."""
    what = "request for more than 5% of the time" if resource == "cpu" else "limit at its peak"
    text = f"{resource} promise: above the {what} in {rule.target:.0%} of weeks"
    if fleet is None:
        text += "; no week of this cluster is over yet, so it rests on those of other fleets"
    else:
        text += f"; so it was in {fleet.violated:.1%} of this cluster's {fleet.weeks} past container-weeks"
    if score is not None and score.own:
        text += f", {round(score.violated * score.weeks)} of its own {score.weeks}"
    return Reason(
        f"{resource}-promise",
        text,
        {
            "target": rule.target,
            "weeks": float(score.weeks) if score else 0.0,
            "violated": score.violated if score else None,
            "fleetWeeks": float(fleet.weeks) if fleet else 0.0,
            "fleetViolated": fleet.violated if fleet else None,
            "factorWeeks": float(promise.own_weeks),
        },
    )


def limit_sum(promise: Promise) -> str:
    """`x 2.10 over the peak 1.2Gi of 28 days`."""
    return f"x {promise.factor:.2f} over the highest peak of 28 days, {short_memory(promise.peak)}"
