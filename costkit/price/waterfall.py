"""Priced items in, the waterfall's steps out: what each kind of change frees, in the order of their application."""

from collections.abc import Iterable

from costkit.model.plan import Item, Step
from costkit.model.recommendation import Kind

ORDER: tuple[Kind, ...] = ("cleanup", "schedule", "rightsize", "autoscale", "spot", "label")
"""What is deleted needs no schedule, what sleeps needs no size (DESIGN §6)."""


def steps(items: Iterable[Item]) -> tuple[Step, ...]:
    """One step a kind that has items; raises count against it."""
    kept = tuple(items)
    freed = {kind: [i.saving.alone for i in kept if i.recommendation.kind == kind] for kind in ORDER}
    return tuple(Step(kind, round(sum(money), 2)) for kind, money in freed.items() if money)
