"""CSV for a spreadsheet: one row a container, raw numbers, nothing left out. No text in it is a formula."""

import csv
import math
from collections.abc import Iterable, Sequence
from io import StringIO

from costkit.model.change import Resources
from costkit.model.plan import Plan
from costkit.report.amounts import cents
from costkit.report.cells import Row, rows
from costkit.report.plain_text import one_line

_TARGET = ("id", "kind", "api_version", "object_kind", "namespace", "name", "container")
_MONEY = ("pods", "cost_usd_month", "frees_usd_month", "bill_usd_month", "raises", "risk", "confidence")
_SIZES = tuple(
    f"{resource}_{bound}_{unit}_{side}"
    for side in ("before", "after")
    for bound in ("request", "limit")
    for resource, unit in (("cpu", "cores"), ("memory", "bytes"))
)
_FORMULA = ("=", "+", "-", "@", "|", "%")

Cell = str | float | None


def spreadsheet(plan: Plan) -> str:
    """Header and rows, lines ended by a newline. Money stands in a recommendation's first row alone: columns add up."""
    labels = [f"label:{key}" for key in plan.label_keys]
    header = (*_TARGET, *labels, *_MONEY, *_SIZES, "managed_by", "why")
    cells = (
        (*_target(row), *_labels(row, plan), *_money(row), *_sizes(row), *_origin(row)) for row in rows(plan.items)
    )
    return csv_text((header, *cells))


def csv_text(lines: Iterable[Sequence[Cell]]) -> str:
    """Lines ended by a newline; text is made harmless, numbers stay as exact as they are."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(map(_cell, line) for line in lines)
    return text.getvalue()


def _target(row: Row) -> tuple[Cell, ...]:
    target = row.change.target
    found = row.item.recommendation
    place = (target.api_version, target.kind, target.namespace, target.name, target.container)
    return (found.id, found.kind, *place)


def _labels(row: Row, plan: Plan) -> tuple[Cell, ...]:
    return tuple(row.item.recommendation.labels.get(key, "") for key in plan.label_keys)


def _money(row: Row) -> tuple[Cell, ...]:
    item, found = row.item, row.item.recommendation
    money = (cents(item.monthly), cents(item.saving.alone), cents(item.saving.bill)) if row.first else (None,) * 3
    return (round(item.pods, 2), *money, str(found.raises).lower(), found.risk, round(found.confidence, 4))


def _sizes(row: Row) -> tuple[Cell, ...]:
    return (*_resources(row.change.before), *_resources(row.change.after))


def _resources(resources: Resources) -> tuple[Cell, ...]:
    return (resources.cpu_request, resources.memory_request, resources.cpu_limit, resources.memory_limit)


def _origin(row: Row) -> tuple[Cell, ...]:
    return (row.item.recommendation.managed_by, row.why)


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return _word(value)
    if value is None or not math.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) else repr(value)


def _word(text: str) -> str:
    """A spreadsheet runs what begins like a formula, blanks before it or not: an apostrophe makes it text."""
    line = one_line(text)
    return f"'{line}" if line.lstrip().startswith(_FORMULA) else line
