"""A snapshot, its facts and a price book in; the month's books out, in which nodes == allocated + idle to the cent."""

from collections.abc import Mapping
from dataclasses import dataclass

from costkit.model.facts import Facts
from costkit.model.money import Allocation, Books, PriceBook
from costkit.model.pods import Pod
from costkit.model.snapshot import Snapshot
from costkit.model.target import Target
from costkit.price.cents import apportion
from costkit.price.claims import Claim, asked, claims, pods_of_workloads
from costkit.price.disks import VolumeMonth, load_balancers_monthly, volumes_month
from costkit.price.nodes import NodeMonth, node_costs
from costkit.price.rates import Rates, cost, offers, rates


@dataclass(frozen=True, slots=True)
class Accounts:
    """The books, and what they were made with: savings are priced at the same rates and hours as costs."""

    books: Books
    claims: Mapping[Target, Claim]
    rates: Rates
    paid: Mapping[Target, float]
    """Container, and workload, -> USD a month."""
    pods: Mapping[Target, tuple[Pod, ...]]
    """Workload -> those that hold a node, else one as its template has it."""
    volumes: VolumeMonth


def allocate(snapshot: Snapshot, facts: Facts, book: PriceBook) -> Accounts:
    month = node_costs(snapshot.frames.nodes, snapshot.cluster, book, snapshot.window)
    made = claims(facts, snapshot, month)
    charged = rates(offers(month.nodes, month.scale), asked(made))
    volumes = volumes_month(snapshot.cluster, snapshot.frames.volumes, book)
    allocations, idle = _allocations(made, charged, month)
    books = Books(
        nodes=month.nodes,
        allocations=allocations,
        idle=idle,
        volumes=round(volumes.monthly, 2),
        load_balancers=round(load_balancers_monthly(snapshot.cluster, book), 2),
        basis=month.basis,
        hours=month.hours,
    )
    paid, pods = _paid(allocations), pods_of_workloads(snapshot.cluster)
    return Accounts(books, {claim.target: claim for claim in made}, charged, paid, pods, volumes)


def _allocations(made: tuple[Claim, ...], charged: Rates, month: NodeMonth) -> tuple[tuple[Allocation, ...], float]:
    """In whole cents, and the cents of the nodes that nobody claims."""
    total = sum(round(node.monthly * 100) for node in month.nodes)
    exact = [cost(claim.amounts, claim.hours, charged) for claim in made]
    *cents, idle = apportion([*exact, max(0.0, total / 100 - sum(exact))], total)
    allocations = tuple(
        Allocation(claim.target, claim.labels, monthly / 100) for claim, monthly in zip(made, cents, strict=True)
    )
    return allocations, idle / 100


def _paid(allocations: tuple[Allocation, ...]) -> dict[Target, float]:
    paid: dict[Target, float] = {}
    for allocation in allocations:
        for target in {allocation.target, allocation.target.workload}:
            paid[target] = round(paid.get(target, 0.0) + allocation.monthly, 2)
    return paid
