"""A GitHub table for a pull request or an issue. User text can make no link, picture, mention, markup or new cell."""

from costkit.model.plan import Plan
from costkit.report.cells import Row, rows
from costkit.report.options import Options
from costkit.report.plain_text import one_line
from costkit.report.selection import select
from costkit.report.summary import footer, heading

_ESCAPES = str.maketrans(
    {character: f"\\{character}" for character in "\\`*_{}[]()#!|~$"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
)
_AUTOLINKS = {"://": "&#58;//", "www.": "www&#46;"}
"""GitHub makes links of bare addresses: an entity in the middle keeps them text."""

_TITLES = ("Frees/mo", "Risk", "Namespace", "Workload", "Container", "CPU", "Memory", "Why")


def markdown(plan: Plan, options: Options) -> str:
    """The table's rows, heading and footer."""
    selection = select(plan.items, options)
    table = [_line(_TITLES), _line(("---:", *["---"] * (len(_TITLES) - 1))), *map(_row, rows(selection.shown))]
    notes = [f"- {escape(line)}" for line in footer(plan, selection)]
    return "\n".join([f"**{escape(heading(plan))}**", "", *table, "", *notes, ""])


def escape(text: str) -> str:
    """The text as itself wherever Markdown is read."""
    safe = one_line(text).translate(_ESCAPES)
    for bare, kept in _AUTOLINKS.items():
        safe = safe.replace(bare, kept)
    return safe


def _row(row: Row) -> str:
    target = row.change.target
    cells = (row.frees, row.risk, target.namespace, row.workload, target.container, row.cpu, row.memory, row.brief)
    return _line(tuple(escape(cell) for cell in cells))


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
