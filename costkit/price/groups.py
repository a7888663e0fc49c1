"""Allocations and priced items in, cost and freed money by value of each cost label out: who pays, and who can save."""

from collections.abc import Iterable, Mapping

from costkit.model.labels import IDLE, UNLABELLED
from costkit.model.money import Allocation, Books
from costkit.model.plan import Group, Item


def groups(books: Books, items: Iterable[Item], keys: Iterable[str]) -> tuple[Group, ...]:
    """By label in the order of `keys`, the dearest value first; `(idle)` last, so that they sum to the nodes."""
    kept = tuple(items)
    return tuple(group for key in keys for group in (*_of_label(key, books, kept), Group(key, IDLE, books.idle, 0.0)))


def label_coverage(allocations: Iterable[Allocation], keys: Iterable[str]) -> dict[str, float]:
    """Label -> share (0..1) of the allocated money that carries it; 0 where nothing is allocated."""
    kept = tuple(allocations)
    total = sum(a.monthly for a in kept)
    labelled = {key: sum(a.monthly for a in kept if _value(a.labels, key) != UNLABELLED) for key in keys}
    return {key: money / total if total else 0.0 for key, money in labelled.items()}


def _of_label(key: str, books: Books, items: tuple[Item, ...]) -> list[Group]:
    cost = _sums((_value(a.labels, key), a.monthly) for a in books.allocations)
    freed = _sums((_value(i.recommendation.labels, key), i.saving.alone) for i in items)
    rows = [Group(key, v, round(cost.get(v, 0.0), 2), round(freed.get(v, 0.0), 2)) for v in {**cost, **freed}]
    return sorted(rows, key=lambda row: (-row.cost, row.value))


def _value(labels: Mapping[str, str], key: str) -> str:
    return labels.get(key, UNLABELLED)


def _sums(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for value, money in pairs:
        total[value] = total.get(value, 0.0) + money
    return total
