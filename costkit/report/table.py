"""`-o table` and `-o wide`: a Plan's rows worth reading, and below them what they add up to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from costkit.model.plan import Plan
from costkit.model.recommendation import Declined
from costkit.report.cells import Row, rows
from costkit.report.drawing import GAP, Drawn, cut, draw, drawn_width
from costkit.report.options import Options
from costkit.report.selection import Selection, select
from costkit.report.summary import footer, heading

_LEAST_WHY = 30
"""Terminal cells below which the reasons go on a line of their own."""


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    cell: Callable[[Row], str]
    justify: Literal["left", "right"] = "left"


_NAMESPACE = _Column("NAMESPACE", lambda row: row.change.target.namespace)
_FREES = (_Column("FREES/MO", lambda row: row.frees, "right"), _Column("RISK", lambda row: row.risk))
_PLACE = (_Column("WORKLOAD", lambda row: row.workload), _Column("CONTAINER", lambda row: row.change.target.container))
_SIZES = (_Column("CPU", lambda row: row.cpu), _Column("MEMORY", lambda row: row.memory))
_LIMITS = (
    _Column("CPU LIMIT", lambda row: row.cpu_limit),
    _Column("MEMORY LIMIT", lambda row: row.memory_limit),
)
_ORIGIN = (
    _Column("CONFIDENCE", lambda row: f"{row.item.recommendation.confidence:.0%}", "right"),
    _Column("MANAGED BY", lambda row: row.item.recommendation.managed_by),
    _Column("ID", lambda row: row.item.recommendation.id),
)
_WHY = _Column("WHY", lambda row: row.why)
_BRIEFLY = _Column("WHY", lambda row: row.brief)


def table(plan: Plan, options: Options) -> str:
    """As wide as the terminal, where it has a width."""
    selection = select(plan.items, options)
    columns = _drawn((*_FREES, *_places(plan), *_SIZES), selection)
    why = _drawn((_BRIEFLY,), selection)[0]
    return _page(plan, selection, _fitted(columns, why, options))


def wide(plan: Plan, options: Options) -> str:
    """With limits, cost labels and ids, whatever the width; then everything that was declined, with its reason."""
    selection = select(plan.items, options)
    columns = (*_FREES, *_places(plan), *_SIZES, *_LIMITS, *_labels(plan), *_ORIGIN, _WHY)
    declined = (draw(_declined(plan.declined), options.color),) if plan.declined else ()
    return _page(plan, selection, draw(_drawn(columns, selection), options.color), *declined)


def _page(plan: Plan, selection: Selection, grid: str, *more: str) -> str:
    found = grid if selection.shown else "No change is worth a row.\n"
    below = "".join(f"{line}\n" for line in footer(plan, selection))
    return "\n".join((f"{heading(plan)}\n", found, *more, below))


def _fitted(columns: Sequence[Drawn], why: Drawn, options: Options) -> str:
    """The reasons beside the numbers, cut where the terminal ends; under them where it is too narrow for both."""
    if options.width is None:
        return draw((*columns, why), options.color)
    room = options.width - drawn_width(columns) - GAP
    if room >= _LEAST_WHY:
        return draw((*columns, replace(why, cells=[cut(text, room) for text in why.cells])), options.color)
    title, *lines = draw(columns, options.color).splitlines()
    reasons = [cut(f"  {text}", options.width) for text in why.cells]
    return "\n".join([title, *(f"{line}\n{reason}" for line, reason in zip(lines, reasons, strict=True)), ""])


def _places(plan: Plan) -> tuple[_Column, ...]:
    """kubectl shows the namespace where there is more than one."""
    namespaces = {item.target.namespace for item in plan.items}
    return (_NAMESPACE, *_PLACE) if len(namespaces) > 1 else _PLACE


def _labels(plan: Plan) -> tuple[_Column, ...]:
    return tuple(_Column(key.upper(), _label(key)) for key in plan.label_keys)


def _label(key: str) -> Callable[[Row], str]:
    return lambda row: row.item.recommendation.labels.get(key, "")


def _drawn(columns: Sequence[_Column], selection: Selection) -> tuple[Drawn, ...]:
    found = list(rows(selection.shown))
    return tuple(Drawn(column.title, [column.cell(row) for row in found], column.justify) for column in columns)


def _declined(declined: Sequence[Declined]) -> tuple[Drawn, ...]:
    return (
        Drawn("DECLINED", [finding.reason for finding in declined]),
        Drawn("KIND", [finding.kind for finding in declined]),
        Drawn("WORKLOAD", [str(finding.target) for finding in declined]),
        Drawn("WHY", [finding.detail for finding in declined]),
    )
