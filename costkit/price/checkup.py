"""Which nodes have a price of their own, and which a stand-in: priced nodes in, a check and a word for it out."""

from collections import Counter
from collections.abc import Mapping, Sequence

from costkit.model.checkup import Check
from costkit.model.cluster import Cluster
from costkit.model.listed import known
from costkit.model.money import NodePrice, PriceBook
from costkit.price.machine import of_node
from costkit.price.quotes import price_of

Priced = Sequence[tuple[str, NodePrice]]
"""A node's type (its name where it has none) and its price."""

_METRICS = "metrics"
"""The source of a price that a series gives."""


def priced_nodes(cluster: Cluster, hourly: Mapping[str, float], book: PriceBook) -> Priced:
    """The living nodes; `hourly` are USD an hour by node that metrics give."""
    pods = known(cluster.pods)
    return [
        (node.instance_type or node.name, price_of(of_node(node, pods), hourly.get(node.name), book))
        for node in known(cluster.nodes)
    ]


def price_check(priced: Priced, *, has_metrics: bool) -> Check:
    """Names the types that are in no list, with how many nodes each has.

    Where no node could be listed, metrics may still tell of them (`has_metrics`): then costs are told by those.
    """
    if not priced:
        found = "not looked at: no node could be listed"
        lost = "the check of prices" if has_metrics else "costs"
        return Check("prices", "nodes", "warn", found, lost, stops=() if has_metrics else ("money",))
    unknown = Counter(name for name, price in priced if not price.known)
    notes = sorted({price.source.note for _, price in priced if price.known and price.source.note})
    if not unknown:
        return Check("prices", "nodes", "ok", "; ".join((f"all {len(priced)} nodes have one", *notes)))
    named = ", ".join(f"{count} x {name}" for name, count in sorted(unknown.items()))
    example = min(unknown)
    return Check(
        "prices",
        "nodes",
        "warn",
        f"{unknown.total()} of {len(priced)} nodes have none: {named}",
        "what those nodes really cost: unit prices stand in",
        f"--prices prices.csv with the line `instance_type,hourly` and below it `{example},0.10` (USD an hour)",
    )


def price_kind(priced: Priced, book: PriceBook) -> str:
    """Such as `list-price`; of several kinds the one that most nodes have comes first."""
    kinds: Counter[str] = Counter(_kind(price, book) for _, price in priced)
    return " and ".join(kind for kind, _ in kinds.most_common())


def _kind(price: NodePrice, book: PriceBook) -> str:
    if not price.known:
        return "unit-price"
    if price.source.name == _METRICS:
        return "metric-price"
    return "own-price" if book.own and price.source.name == book.own_source else "list-price"
