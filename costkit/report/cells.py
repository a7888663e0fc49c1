"""The words of one row, the same in every table."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from costkit.model.change import Resize
from costkit.model.plan import Item
from costkit.model.quantities import format_cpu, format_memory, short_cpu, short_memory
from costkit.report.amounts import dollars
from costkit.report.plain_text import one_line

UNCHANGED = "="
_LONGEST = 7
"""Characters of a quantity that a table can bear: longer ones (1500000000) are shown rounded (1.4Gi)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One container of one recommendation."""

    item: Item
    change: Resize
    first: bool
    """Money stands in a recommendation's first row alone: rows may be summed."""

    @property
    def frees(self) -> str:
        return dollars(self.item.saving.alone) if self.first else ""

    @property
    def risk(self) -> str:
        """A raise takes nothing away: its word stands in place of the risk of a cut."""
        return "raise" if self.item.recommendation.raises else self.item.recommendation.risk

    @property
    def workload(self) -> str:
        return one_line(f"{self.change.target.short} x{pods(self.item.pods)}")

    @property
    def cpu(self) -> str:
        request = movement(self.change.before.cpu_request, self.change.after.cpu_request, readable_cpu)
        return _or_limit(request, self.cpu_limit)

    @property
    def memory(self) -> str:
        request = movement(self.change.before.memory_request, self.change.after.memory_request, readable_memory)
        return _or_limit(request, self.memory_limit)

    @property
    def cpu_limit(self) -> str:
        return movement(self.change.before.cpu_limit, self.change.after.cpu_limit, readable_cpu)

    @property
    def memory_limit(self) -> str:
        return movement(self.change.before.memory_limit, self.change.after.memory_limit, readable_memory)

    @property
    def brief(self) -> str:
        """What a narrow table has room for; all of it where nothing is marked as such."""
        return one_line(" · ".join(r.brief for r in self.item.recommendation.why if r.brief)) or self.why

    @property
    def why(self) -> str:
        return one_line(" · ".join(reason.text for reason in self.item.recommendation.why))


def rows(items: Iterable[Item]) -> Iterator[Row]:
    for item in items:
        for number, change in enumerate(item.recommendation.changes):
            yield Row(item=item, change=change, first=number == 0)


def movement(before: float | None, after: float | None, form: Callable[[float], str]) -> str:
    """`1 -> 250m`, `none -> 64Mi`, or `=`."""
    if before == after:
        return UNCHANGED
    return f"{'none' if before is None else form(before)} -> {'none' if after is None else form(after)}"


def readable_cpu(cores: float) -> str:
    exact = format_cpu(cores)
    return exact if len(exact) <= _LONGEST else short_cpu(cores)


def readable_memory(size: float) -> str:
    exact = format_memory(size)
    return exact if len(exact) <= _LONGEST else short_memory(size)


def pods(average: float) -> str:
    """`12`, `2.5`, `<0.1`."""
    if average >= 9.95:
        return f"{average:.0f}"
    return f"{average:.1f}".removesuffix(".0") if average >= 0.05 else "<0.1"


def _or_limit(request: str, limit: str) -> str:
    """The request's movement; the limit's where only that one moves."""
    return f"limit {limit}" if request == UNCHANGED and limit != UNCHANGED else request
