"""Recommendations and declined findings as the JSON contract writes them."""

import math
from collections.abc import Mapping
from typing import Any

from costkit.model.change import Resources
from costkit.model.plan import Item
from costkit.model.recommendation import Declined, Reason, Score
from costkit.model.target import Target
from costkit.report.amounts import cents

Document = Mapping[str, Any]


def recommendation(item: Item) -> Document:
    """`waived` and `operations` are None: nothing fills them yet."""
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
        "why": [reason(one) for one in found.why],
        "score": score(found.score),
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


def reason(found: Reason) -> Document:
    """Parameters in the order of their names."""
    return {
        "code": found.code,
        "params": {key: known(value) for key, value in sorted(found.params.items())},
        "text": found.text,
    }


def score(found: Score | None) -> Document | None:
    """Shares are fractions. None where no rule with a promise sized it, or no week is over."""
    if found is None:
        return None
    return {
        "weeks": found.weeks,
        "violated": known(found.violated),
        "overUse": known(found.over_use),
        "own": found.own,
        "resource": found.resource,
    }


def known(value: float | str | None) -> float | str | None:
    """A number to six digits, never a minus zero; None for one that is not finite, and words as they are."""
    if isinstance(value, float):
        return round(value, 6) + 0.0 if math.isfinite(value) else None
    return value


def _resources(item: Item, side: str) -> Document:
    """Of the target's container; by container's name where the target is a workload."""
    sides: dict[str, Resources] = {c.target.container: getattr(c, side) for c in item.recommendation.changes}
    if item.target.container:
        return sides[item.target.container].quantities()
    return {"containers": {name: sides[name].quantities() for name in sorted(sides)}}
