"""Plotly figures of a Plan, as plain data: what to draw and in which role; colors belong to the page's style.

Each trace's `meta` is its role (`keeps`, `frees`, `adds`, `idle`, …). User text is escaped here: Plotly reads
`<b>` and `<a>` in labels as markup.
"""

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from costkit.model.labels import IDLE
from costkit.model.plan import Group, Plan
from costkit.report.plain_text import one_line

MOST_BARS = 12
_LONGEST = 24
_BAR_HEIGHT = 30
_AXES_HEIGHT = 40

Figure = dict[str, Any]
Lengths = tuple[str, str, Sequence[float]]
"""Role, title, USD a month by bar."""


def month(plan: Plan) -> Figure:
    """Where the month's money goes, in one bar."""
    books = plan.books
    freed = max(plan.freed, 0.0)
    allocated = books.nodes_monthly - books.idle
    lengths: list[Lengths] = [
        ("keeps", "requested or used, stays", [max(allocated - freed, 0.0)]),
        ("frees", "freed by the changes", [freed]),
        ("idle", "idle on nodes", [books.idle]),
        ("volumes", "volumes", [books.volumes]),
        ("balancers", "load balancers", [books.load_balancers]),
    ]
    return _bars(["month"], [trace for trace in lengths if trace[2][0] > 0])


def groups(rows: Sequence[Group]) -> Figure:
    """The dearest values of one cost label."""
    dearest = sorted(rows, key=lambda row: -row.cost)[:MOST_BARS]
    idle = [row.value == IDLE for row in dearest]
    freed = [max(row.freed, 0.0) for row in dearest]
    kept = [max(row.cost - part, 0.0) for row, part in zip(dearest, freed, strict=True)]
    lengths: list[Lengths] = [
        ("keeps", "stays", [0.0 if unused else cost for cost, unused in zip(kept, idle, strict=True)]),
        ("idle", "idle", [cost if unused else 0.0 for cost, unused in zip(kept, idle, strict=True)]),
        ("frees", "freed by the changes", freed),
        ("adds", "added by raises", [max(-row.freed, 0.0) for row in dearest]),
    ]
    return _bars([row.value for row in dearest], [trace for trace in lengths if any(trace[2])])


def kinds(plan: Plan) -> Figure:
    """What each kind of change frees."""
    return _bars([step.kind for step in plan.steps], [("frees", "freed", [step.freed for step in plan.steps])])


def label(text: str) -> str:
    """User text as a label: short, on one line, and only text."""
    line = one_line(text)
    return escape(line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…", quote=False)


def _bars(names: Sequence[str], lengths: Sequence[Lengths]) -> Figure:
    from plotly import graph_objects

    places = list(range(len(names)))
    traces = [_trace(role, title, list(values), list(map(label, names))) for role, title, values in lengths]
    axis = {"tickvals": places, "ticktext": list(map(label, names)), "autorange": "reversed"}
    figure = graph_objects.Figure(
        data=[graph_objects.Bar(trace) for trace in traces],
        layout={
            "barmode": "stack",
            "height": _AXES_HEIGHT + _BAR_HEIGHT * max(len(names), 2),
            "margin": {"l": 8, "r": 24, "t": 4, "b": 32},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,  # the page has one of its own, which keeps clear of the bars on any screen
            "xaxis": {"tickprefix": "$", "tickformat": "~s", "nticks": 4, "tickangle": 0, "fixedrange": True},
            "yaxis": {**axis, "automargin": True, "fixedrange": True, "showticklabels": len(names) > 1},
            "bargap": 0.35,
            "dragmode": False,
        },
    )
    figure.layout.template = None  # 6 kB of defaults in every figure
    drawn: Figure = json.loads(figure.to_json())
    return drawn


def _trace(role: str, title: str, values: list[float], names: list[str]) -> Figure:
    """`/` in the freed part tells it from the rest where colors do not."""
    return {
        "meta": role,
        "name": title,
        "orientation": "h",
        "x": [round(value, 2) for value in values],
        "y": list(range(len(values))),
        "text": names,
        "textposition": "none",
        "hovertemplate": f"%{{text}}<br>{title}: $%{{x:,.2f}} a month<extra></extra>",
        "marker": {"pattern": {"shape": "/" if role == "frees" else "", "fillmode": "overlay"}},
    }
