"""Recommendations and declined findings as the JSON contract writes them."""

import math
from collections.abc import Mapping
from typing import Any

from costkit.model.change import Resources
from costkit.model.plan import Item
from costkit.model.recommendation import Declined, Reason
from costkit.model.target import Target
from costkit.report.amounts import cents

Document = Mapping[str, Any]


def recommendation(item: Item) -> Document:
    """`score`, `waived` and `operations` are None: nothing fills them yet."""
    found = item.recommendation
    return {
        "id": found.id,
        "kind": found.kind,
        "target": target(found.target),
        "labels": {key: found.labels[key] for key in sorted(found.labels)},
        "before": _resources(item, "before"),
        "after": _resources(item, "after"),
        "saving": {
            "alone": cents(item.saving.alone),
            "inPlan": cents(item.saving.in_plan),
            "bill": cents(item.saving.bill),
        },
        "risk": found.risk,
        "confidence": round(found.confidence, 4),
        "why": [_reason(reason) for reason in found.why],
        "score": None,
        "managedBy": found.managed_by or None,
        "waived": None,
        "operations": None,
    }


def declined(finding: Declined) -> Document:
    return {
        "kind": finding.kind,
        "target": target(finding.target),
        "reason": finding.reason,
        "detail": finding.detail,
    }


def target(found: Target) -> Document:
    """`container` is None where the whole workload is meant."""
    return {
        "apiVersion": found.api_version,
        "kind": found.kind,
        "namespace": found.namespace,
        "name": found.name,
        "container": found.container or None,
    }


def _resources(item: Item, side: str) -> Document:
    """Of the target's container; by container's name where the target is a workload."""
    sides: dict[str, Resources] = {c.target.container: getattr(c, side) for c in item.recommendation.changes}
    if item.target.container:
        return sides[item.target.container].quantities()
    return {"containers": {name: sides[name].quantities() for name in sorted(sides)}}


def _reason(reason: Reason) -> Document:
    params = {key: _param(reason.params[key]) for key in sorted(reason.params)}
    return {"code": reason.code, "params": params, "text": reason.text}


def _param(value: float | str | None) -> float | str | None:
    if isinstance(value, float):
        return round(value, 6) + 0.0 if math.isfinite(value) else None
    return value
