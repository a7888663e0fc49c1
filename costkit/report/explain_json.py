"""`costkit explain -o json`: keys may be added, none changes its meaning. What is not known is None."""

from collections.abc import Mapping
from typing import Any

from costkit.model.explained import Curve, Explained, Explanation
from costkit.model.recommendation import Declined, Fine, Recommendation
from costkit.model.window import HALF_HOUR
from costkit.report.contract import API_VERSION
from costkit.report.contract_findings import known, reason, score, target
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
                "why": [reason(one) for one in found.why],
                "score": score(found.score),
            }
        case Fine(reason=code, detail=detail):
            return {"result": "fine", "reason": code, "detail": detail}
        case Declined(reason=code, detail=detail):
            return {"result": "declined", "reason": code, "detail": detail}


def _curve(of: Explanation, curve: Curve) -> Document:
    profile = of.profile(curve.resource)
    return {
        "resource": curve.resource,
        "start": timestamp(curve.start),
        "stepSeconds": HALF_HOUR,
        "means": [known(mean) for mean in curve.means],
        "peaks": [known(peak) for peak in curve.peaks],
        "peak": None if profile is None else known(profile.peak),
        "peakAt": None if profile is None else timestamp(profile.peak_at),
        "peakPod": None if profile is None else profile.peak_pod,
        "days": curve.days,
        "hottestPod": curve.hottest_pod or None,
        "hottestDays": curve.hottest_days,
    }
