"""Names alone, as `kubectl get -o name` writes them."""

from costkit.model.plan import Plan
from costkit.model.target import Target
from costkit.report.plain_text import one_line


def names(plan: Plan) -> str:
    """One line a workload that has a recommendation (`deployment.apps/api`), in the plan's order."""
    workloads = dict.fromkeys(item.target.workload for item in plan.items)
    return "".join(f"{one_line(_name(workload))}\n" for workload in workloads)


def _name(target: Target) -> str:
    kind = target.kind.lower()
    return f"{kind}.{target.group}/{target.name}" if target.group else f"{kind}/{target.name}"
