"""Where the nodes' prices come from, one row a source."""

from collections.abc import Iterable
from dataclasses import dataclass

from costkit.model.money import NodeCost, PriceSource


@dataclass(frozen=True, slots=True)
class PricedNodes:
    """The nodes that one source prices; `known` is False where unit prices stand in for a type that no list has."""

    source: PriceSource
    known: bool
    nodes: int
    monthly: float
    """USD."""

    @property
    def title(self) -> str:
        """`aws us-east-1 (2026-11-20)`."""
        dated = f"({self.source.date})" if self.source.date else ""
        return " ".join(part for part in (self.source.name, self.source.region, dated) if part)


def price_sources(nodes: Iterable[NodeCost]) -> tuple[PricedNodes, ...]:
    """Dearest first, ties by name."""
    by_source: dict[tuple[PriceSource, bool], list[NodeCost]] = {}
    for node in nodes:
        by_source.setdefault((node.price.source, node.price.known), []).append(node)
    rows = [PricedNodes(s, known, len(found), sum(n.monthly for n in found)) for (s, known), found in by_source.items()]
    return tuple(sorted(rows, key=lambda row: (-row.monthly, row.title, row.source.note, row.known)))
