"""`costkit explain -o json`: keys may be added, none changes its meaning. What is not known is None."""

import math
from collections.abc import Mapping
from typing import Any

from costkit.model.explained import Curve, Explained, Explanation
from costkit.model.recommendation import Declined, Fine, Reason, Recommendation, Score
from costkit.model.window import HALF_HOUR
from costkit.report.contract import API_VERSION
from costkit.report.contract_findings import target
from costkit.report.moments import timestamp

Document = Mapping[str, Any]


def to_json(explained: Explained) -> Document:
    """Sizes are Kubernetes quantities, use is cores and bytes, moments are RFC 3339."""
    window = explained.window
    return {
        "apiVersion": API_VERSION,
        "kind": "Explained",
        "cluster": {"id": explained.cluster_id, "name": explained.cluster_name},
        "takenAt": timestamp(explained.taken_at),
        "window": {"start": timestamp(window.start), "end": timestamp(window.end), "days": round(window.days, 4)},
        "target": target(explained.workload),
        "class": explained.rule_class,
        "rules": [{"key": r.key, "value": r.value, "file": r.file, "line": r.line} for r in explained.rules],
        "containers": [_container(of) for of in explained.containers],
        "coverage": [{"source": c.source, "status": c.status, "detail": c.detail} for c in explained.coverage],
    }


def _container(of: Explanation) -> Document:
    return {
        "container": of.container,
        "finding": _finding(of),
        "before": of.before.quantities(),
        "after": of.after.quantities(),
        "usage": [_curve(of, curve) for curve in of.curves],
        "outlook": list(of.outlook),
    }


def _finding(of: Explanation) -> Document:
    match of.finding:
        case Recommendation() as found:
            return {
                "result": "recommended",
                "id": found.id,
                "risk": found.risk,
                "confidence": round(found.confidence, 4),
                "why": [_reason(reason) for reason in found.why],
                "score": None if found.score is None else _score(found.score),
            }
        case Fine(reason=reason, detail=detail):
            return {"result": "fine", "reason": reason, "detail": detail}
        case Declined(reason=reason, detail=detail):
            return {"result": "declined", "reason": reason, "detail": detail}


def _reason(reason: Reason) -> Document:
    params = {key: _known(value) for key, value in sorted(reason.params.items())}
    return {"code": reason.code, "params": params, "text": reason.text}


def _score(score: Score) -> Document:
    shares = {"violated": _known(score.violated), "overUse": _known(score.over_use)}
    return {"weeks": score.weeks, **shares, "own": score.own}


def _curve(of: Explanation, curve: Curve) -> Document:
    profile = of.profile(curve.resource)
    return {
        "resource": curve.resource,
        "start": timestamp(curve.start),
        "stepSeconds": HALF_HOUR,
        "means": [_known(mean) for mean in curve.means],
        "peaks": [_known(peak) for peak in curve.peaks],
        "peak": None if profile is None else _known(profile.peak),
        "peakAt": None if profile is None else timestamp(profile.peak_at),
        "peakPod": None if profile is None else profile.peak_pod,
        "days": curve.days,
        "hottestPod": curve.hottest_pod or None,
        "hottestDays": curve.hottest_days,
    }


def _known(value: float | str | None) -> float | str | None:
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
