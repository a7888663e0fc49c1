"""Plans made by hand, small enough to read."""

from dataclasses import replace

from costkit.model.change import Resize, Resources
from costkit.model.money import Books
from costkit.model.plan import Item, Plan, Saving
from costkit.model.quantities import parse
from costkit.model.recommendation import Reason, Recommendation
from costkit.model.target import Target
from costkit.model.window import DAY, Window

END = 1_763_856_000.0  # 2025-11-23 00:00 UTC

API = Target("shop", "Deployment", "api", "api")
ROLLOUT = Target("shop", "Rollout", "web", "web", "argoproj.io/v1alpha1")
CRON = Target("batch", "CronJob", "report", "main", "batch/v1")


def resources(cpu=None, cpu_limit=None, memory=None, memory_limit=None):
    """Quantities as a manifest writes them."""
    values = (cpu, cpu_limit, memory, memory_limit)
    return Resources(*(None if value is None else parse(value) for value in values))


BEFORE = resources("1", "2", "2Gi", "4Gi")
AFTER = resources("250m", None, "768Mi", "1536Mi")
CUT = resources("250m", "500m", "768Mi", "1536Mi")
RAISED = resources("1", "2", "3Gi", "6Gi")


def item(target=API, before=BEFORE, after=CUT, *, alone=41.28, labels=None, managed_by="", why="p95 is 212m"):
    found = Recommendation(
        id=f"rightsize-{target.name}-{target.container}",
        kind="rightsize",
        target=target,
        changes=(Resize(target, before, after),),
        why=(Reason("percentile", why),),
        risk="low",
        confidence=0.92,
        labels=labels or {"team": "shop"},
        managed_by=managed_by,
    )
    return Item(found, Saving(alone), monthly=100.0, pods=3.0)


def plan(*items, containers=None):
    """A plan of these items; templates hold their containers, each workload's in the order given."""
    templates: dict[Target, list[str]] = {}
    for found in items:
        templates.setdefault(found.target.workload, []).append(found.target.container)
    return Plan(
        cluster_id="c1",
        cluster_name="prod-eu",
        taken_at=END,
        window=Window(END - 14 * DAY, END),
        books=Books((), (), 0.0, 0.0, 0.0, "node-hours", 336.0),
        items=items,
        fine=(),
        declined=(),
        steps=(),
        groups=(),
        label_coverage={},
        label_keys=("team", "env"),
        coverage=(),
        rules="rules/rightsize.yaml",
        template_containers={**{t: tuple(names) for t, names in templates.items()}, **(containers or {})},
    )


def declaring(made, target, declared):
    """The same plan, where the template of `target` declares other values than those in force."""
    return replace(made, template_resources={target: declared})
