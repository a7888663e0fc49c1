"""Books in, what is to be said of their prices out: how much money rests on figures that are not the cluster's own."""

from collections.abc import Iterable

from costkit.model.cluster import Coverage
from costkit.model.listed import Missing
from costkit.model.money import Books
from costkit.model.snapshot import Snapshot
from costkit.price.allocate import Accounts
from costkit.price.disks import VolumeMonth

_WORTH_SAYING = 0.10
"""Share of the node or volume money on stand-in prices above which the prices count as assumed."""


def price_coverage(accounts: Accounts, snapshot: Snapshot) -> tuple[Coverage, ...]:
    books = accounts.books
    return (_prices(books), _nodes(books, snapshot), *_volumes(accounts.volumes), *_beside(snapshot))


def _prices(books: Books) -> Coverage:
    stand_in = sum(node.monthly for node in books.nodes if not node.price.known)
    said = _share(stand_in, books.nodes_monthly, "node")
    notes = _by_note((node.price.source.note, node.monthly) for node in books.nodes)
    return Coverage("prices", "assumed" if said else "ok", "; ".join([*said, *notes]))


def _volumes(volumes: VolumeMonth) -> Iterable[Coverage]:
    if volumes.stand_in:
        said = _share(sum(volumes.stand_in.values()), volumes.monthly, "volume")
        notes = _by_note(volumes.stand_in.items())
        yield Coverage("volume prices", "assumed" if said else "ok", "; ".join([*said, *notes]))


def _share(stand_in: float, total: float, of: str) -> list[str]:
    share = stand_in / total if total else 0.0
    return [f"{share:.0%} of the {of} money is at stand-in prices"] if share > _WORTH_SAYING else []


def _by_note(noted: Iterable[tuple[str, float]]) -> Iterable[str]:
    """Each note once, with the money that it is about, the dearest first."""
    money: dict[str, float] = {}
    for note, monthly in noted:
        if note:
            money[note] = money.get(note, 0.0) + monthly
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
