"""The report: a Plan in, one HTML file out that needs no network. The same plan gives the same bytes.

Templates come from a folder; every value that they print is escaped, and a name that they misspell is an error.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment

from costkit import __version__
from costkit.model.labels import IDLE, UNLABELLED
from costkit.model.plan import Group, Plan
from costkit.report import charts, moments
from costkit.report.amounts import cents, dollars, percent
from costkit.report.cells import pods, rows
from costkit.report.contract import bill_now
from costkit.report.environment import environment
from costkit.report.evidence import bars
from costkit.report.inline import content_policy, packed_plotly, plotly_script
from costkit.report.price_sources import price_sources
from costkit.report.serialized import island
from costkit.report.summary import basis, declined_reasons

Context = Mapping[str, Any]


def page(plan: Plan, templates: Path) -> str:
    """The whole file as text. A broken template raises jinja2's own error, which names its file and line."""
    by_label = {key: [group for group in plan.groups if group.label == key] for key in plan.label_keys}
    context = {"plan": plan, "version": __version__, "by_label": by_label, "muted": (IDLE, UNLABELLED)}
    parts = (_scripts(templates), _money(plan), _findings(plan), _charts(plan, by_label))
    for part in parts:
        context |= part
    return _environment(templates).get_template("report.html").render(context)


def _environment(templates: Path) -> Environment:
    made = environment(templates)
    made.filters |= {
        "dollars": dollars,
        "cents": cents,
        "pods": pods,
        "bars": bars,
        "day": moments.day,
        "timestamp": moments.timestamp,
        "number": lambda count: f"{count:,}",
    }
    made.globals["percent"] = percent
    return made


def _scripts(templates: Path) -> Context:
    script = (templates / "report.js").read_text(encoding="utf-8")
    return {
        "script": script,
        "style": (templates / "report.css").read_text(encoding="utf-8"),
        "plotly": packed_plotly(),
        "policy": content_policy((script, plotly_script())),
    }


def _money(plan: Plan) -> Context:
    return {
        "bill": bill_now(plan),
        "basis": basis(plan),
        "allocated": plan.books.nodes_monthly - plan.books.idle,
        "prices": price_sources(plan.books.nodes),
        "nodes": sorted(plan.books.nodes, key=lambda node: (-node.monthly, node.name)),
    }


def _findings(plan: Plan) -> Context:
    labels = [item.recommendation.labels for item in plan.items]
    values = {key: sorted({found[key] for found in labels if key in found}) for key in plan.label_keys}
    reasons = [reason for reason, _ in declined_reasons(plan)]
    return {
        "rows": list(rows(plan.items)),
        "raises": [item for item in plan.items if item.recommendation.raises],
        "label_values": values,
        "declined": {reason: [found for found in plan.declined if found.reason == reason] for reason in reasons},
    }


def _charts(plan: Plan, by_label: Mapping[str, list[Group]]) -> Context:
    """One island of figures: chart's id -> figure. Ids are numbered, so no label gets into one."""
    figures = {"chart-month": charts.month(plan)}
    if len(plan.steps) > 1:
        figures["chart-kinds"] = charts.kinds(plan)
    for number, groups in enumerate(by_label.values()):
        if groups:
            figures[f"chart-label-{number}"] = charts.groups(groups)
    return {"figures": island(figures), "chart_ids": list(figures), "most_bars": charts.MOST_BARS}
