"""Books in, what is to be said of their prices out: how much money rests on figures that are not the cluster's own."""

from collections.abc import Iterable

from costkit.model.cluster import Coverage
from costkit.model.listed import Missing
from costkit.model.money import Books
from costkit.model.snapshot import Snapshot

_WORTH_SAYING = 0.10
"""Share of the node money on stand-in prices above which the prices count as assumed."""


def price_coverage(books: Books, snapshot: Snapshot) -> tuple[Coverage, ...]:
    return (_prices(books), _nodes(books, snapshot), *_beside(snapshot))


def _prices(books: Books) -> Coverage:
    total = books.nodes_monthly
    stand_in = sum(node.monthly for node in books.nodes if not node.price.known)
    share = stand_in / total if total else 0.0
    said = [f"{share:.0%} of the node money is at stand-in prices"] if share > _WORTH_SAYING else []
    return Coverage("prices", "assumed" if said else "ok", "; ".join([*said, *_notes(books)]))


def _notes(books: Books) -> Iterable[str]:
    """Each note once, with the money that it is about, the dearest first."""
    money: dict[str, float] = {}
    for node in books.nodes:
        if node.price.source.note:
            money[node.price.source.note] = money.get(node.price.source.note, 0.0) + node.monthly
    return (f"{note} (${money[note]:,.0f} a month)" for note in sorted(money, key=lambda n: (-money[n], n)))


def _nodes(books: Books, snapshot: Snapshot) -> Coverage:
    if isinstance(snapshot.cluster.nodes, Missing) and not books.nodes:
        return Coverage("node cost", "missing", f"nodes: {snapshot.cluster.nodes.reason}; no history of them either")
    if books.basis == "now":
        return Coverage("node cost", "partial", "the nodes of one moment x 730 hours, not a month: no history of them")
    if books.hours < snapshot.window.hours:
        seen = f"{books.hours:g} of {snapshot.window.hours:g} hours"
        return Coverage("node cost", "ok", f"nodes seen in {seen} of the window, scaled to 730")
    return Coverage("node cost", "ok", f"node-hours of {books.hours:g} hours, scaled to 730")


def _beside(snapshot: Snapshot) -> Iterable[Coverage]:
    lists = {"volume cost": snapshot.cluster.volumes, "load balancer cost": snapshot.cluster.services}
    return (Coverage(name, "missing", listed.reason) for name, listed in lists.items() if isinstance(listed, Missing))
