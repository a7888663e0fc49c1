"""What each patch file says of itself before its first line of data.

In: a workload patch and the plan it is part of. Out: lines of text, one a fact. Comment signs are the writer's.
"""

from datetime import UTC, datetime

from costkit.model.plan import Item, Plan
from costkit.patch.operations import ContainerPatch, WorkloadPatch


def header(plan: Plan, patch: WorkloadPatch) -> list[str]:
    """Target, money, window, changes and reasons."""
    return [
        f"costkit: {patch.target}, {money(patch.monthly)}",
        seen(plan),
        *_manager(patch),
        *(line for container in patch.containers for line in changes(container)),
        *(line for item in patch.items for line in _evidence(item)),
    ]


def rollback_header(plan: Plan, patch: WorkloadPatch) -> list[str]:
    """What is put back; `patch` is the inverse."""
    return [
        f"costkit: {patch.target} as it was before",
        seen(plan),
        *(line for container in patch.containers for line in changes(container)),
        *(item.recommendation.id for item in patch.items),
    ]


def counted(number: int, noun: str) -> str:
    """`1 workload`, `2 workloads`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def money(monthly: float) -> str:
    if monthly < 0:
        return f"costs ${-monthly:,.2f} a month more"
    return f"frees ${monthly:,.2f} of requests a month"


def seen(plan: Plan) -> str:
    """The cluster and the days that the plan rests on."""
    return (
        f"cluster {plan.cluster_name or plan.cluster_id}, "
        f"window {day(plan.window.start)} to {day(plan.window.end)} UTC ({plan.window.days:g} days)"
    )


def day(at: float) -> str:
    """Date and minute in UTC of unix seconds."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def changes(container: ContainerPatch) -> list[str]:
    """One line a field: `api: cpu request 1 -> 250m`."""
    return [
        f"{container.name}: {f.resource} {f.section.removesuffix('s')} {f.old or 'none'} -> {f.new or 'none'}"
        for f in container.fields
    ]


def _manager(patch: WorkloadPatch) -> list[str]:
    if not patch.managed_by:
        return []
    return [f"managed by {patch.managed_by}: change its source, or the change will be undone"]


def _evidence(item: Item) -> list[str]:
    found = item.recommendation
    return [
        f"{found.id}: risk {found.risk}, confidence {found.confidence:.0%}",
        *(f"why: {reason.text}" for reason in found.why),
    ]
