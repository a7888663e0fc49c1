"""A Plan as the JSON contract (docs/plan.schema.json): keys may be added, none ever changes its meaning.

Comes in: a Plan. Goes out: dicts, lists, text, numbers, None. Money is USD a month, rounded to cents; resources are
Kubernetes quantities; what is not known is None. Text stays as the cluster's users wrote it: readers escape it.
"""

from collections.abc import Mapping
from typing import Any

from costkit.model.money import NodeCost
from costkit.model.plan import Group, Plan, Step
from costkit.report.amounts import cents
from costkit.report.contract_findings import declined, recommendation
from costkit.report.moments import timestamp
from costkit.report.price_sources import PricedNodes, price_sources

API_VERSION = "costkit.io/v1"

Document = Mapping[str, Any]


def to_json(plan: Plan) -> Document:
    """The contract's document; key order and list order are fixed, so equal plans give equal documents."""
    return {
        "apiVersion": API_VERSION,
        "kind": "Plan",
        "cluster": {"id": plan.cluster_id, "name": plan.cluster_name},
        "takenAt": timestamp(plan.taken_at),
        "window": _window(plan),
        "currency": "USD",
        "prices": _prices(plan),
        "rules": {"digest": plan.rules},
        "cost": _cost(plan),
        "savings": _savings(plan),
        "groups": [_group(group) for group in plan.groups],
        "recommendations": [recommendation(item) for item in plan.items],
        "declined": [declined(finding) for finding in plan.declined],
        "nodes": [_node(node) for node in plan.books.nodes],
        "blockers": [],
        "labelCoverage": [{"label": key, "share": share} for key, share in _shares(plan)],
        "since": None,
        "realized": None,
        "coverage": [{"source": c.source, "status": c.status, "detail": c.detail} for c in plan.coverage],
    }


def bill_now(plan: Plan) -> float | None:
    """What leaves the bill today; None until every step of the plan was simulated."""
    bills = [step.bill for step in plan.steps if step.bill is not None]
    return sum(bills) if bills and len(bills) == len(plan.steps) else None


def _window(plan: Plan) -> Document:
    window = plan.window
    return {"start": timestamp(window.start), "end": timestamp(window.end), "days": round(window.days, 4)}


def _prices(plan: Plan) -> Document:
    return {
        "basis": plan.books.basis,
        "hours": round(plan.books.hours, 2),
        "sources": [_source(source) for source in price_sources(plan.books.nodes)],
    }


def _source(priced: PricedNodes) -> Document:
    source = priced.source
    return {
        "name": source.name,
        "region": source.region,
        "date": source.date,
        "note": source.note,
        "known": priced.known,
        "nodes": priced.nodes,
        "monthly": cents(priced.monthly),
    }


def _cost(plan: Plan) -> Document:
    books = plan.books
    return {
        "monthly": cents(books.monthly),
        "nodes": cents(books.nodes_monthly),
        "volumes": cents(books.volumes),
        "loadBalancers": cents(books.load_balancers),
        "idle": cents(books.idle),
    }


def _savings(plan: Plan) -> Document:
    return {
        "freed": cents(plan.freed),
        "bill": {"now": cents(bill_now(plan)), "afterUnblocking": None},
        "stranded": None,
        "steps": [_step(step) for step in plan.steps],
    }


def _step(step: Step) -> Document:
    return {"kind": step.kind, "freed": cents(step.freed), "bill": cents(step.bill)}


def _group(group: Group) -> Document:
    return {
        "label": group.label,
        "value": group.value,
        "cost": cents(group.cost),
        "freed": cents(group.freed),
        "bill": cents(group.bill),
    }


def _node(node: NodeCost) -> Document:
    return {
        "name": node.name,
        "instanceType": node.instance_type,
        "capacityType": node.capacity_type,
        "class": node.node_class,
        "hours": round(node.hours, 2),
        "hourly": round(node.price.hourly, 6),
        "monthly": cents(node.monthly),
        "known": node.price.known,
    }


def _shares(plan: Plan) -> list[tuple[str, float]]:
    return [(key, round(plan.label_coverage[key], 4)) for key in plan.label_keys if key in plan.label_coverage]
