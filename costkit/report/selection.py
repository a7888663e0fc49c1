"""Which recommendations a table shows, and what the others are worth together."""

from dataclasses import dataclass

from costkit.model.change import Resize
from costkit.model.plan import Item
from costkit.report.options import Options


@dataclass(frozen=True, slots=True)
class Selection:
    shown: tuple[Item, ...]
    """In the plan's order."""
    hidden: tuple[Item, ...]

    @property
    def hidden_freed(self) -> float:
        """USD a month."""
        return sum(item.saving.alone for item in self.hidden)


def select(items: tuple[Item, ...], options: Options) -> Selection:
    """Raises always; cuts from the minimums on, the first `top` of them."""
    if options.all:
        return Selection(shown=items, hidden=())
    worth = [item for item in items if not item.recommendation.grows and _is_worth_a_row(item, options)]
    kept = {item.recommendation.id for item in worth[: options.top]}
    kept |= {item.recommendation.id for item in items if item.recommendation.grows}
    return Selection(
        shown=tuple(item for item in items if item.recommendation.id in kept),
        hidden=tuple(item for item in items if item.recommendation.id not in kept),
    )


def _is_worth_a_row(item: Item, options: Options) -> bool:
    change = max((_change(resize) for resize in item.recommendation.changes), default=0.0)
    return item.saving.alone >= options.minimum_saving and change >= options.minimum_change


def _change(resize: Resize) -> float:
    before, after = resize.before, resize.after
    return max(
        _share(before.cpu_request, after.cpu_request),
        _share(before.memory_request, after.memory_request),
        _share(before.cpu_limit, after.cpu_limit),
        _share(before.memory_limit, after.memory_limit),
    )


def _share(before: float | None, after: float | None) -> float:
    if before == after:
        return 0.0
    return abs(after - before) / before if before and after is not None else 1.0
