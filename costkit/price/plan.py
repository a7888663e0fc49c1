"""Snapshot, facts, findings and prices in; the plan out: all findings together, priced once, dearest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from costkit.model.facts import Facts
from costkit.model.money import PriceBook
from costkit.model.plan import Item, Plan, Saving
from costkit.model.recommendation import Declined, Finding, Fine, Recommendation
from costkit.model.snapshot import Snapshot
from costkit.price.allocate import Accounts, allocate
from costkit.price.coverage import price_coverage
from costkit.price.groups import groups, label_coverage
from costkit.price.savings import freed
from costkit.price.templates import template_containers, template_resources, template_spelling
from costkit.price.waterfall import steps


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan is made by, beside the prices."""

    label_keys: tuple[str, ...]
    rules: str
    """Digest of the rules."""


def make_plan(snapshot: Snapshot, facts: Facts, findings: Iterable[Finding], book: PriceBook, terms: Terms) -> Plan:
    """`in_plan` and every `bill` stay None: nothing is called saved that no simulated node gives back."""
    found = tuple(findings)
    accounts = allocate(snapshot, facts, book)
    items = _items((f for f in found if isinstance(f, Recommendation)), accounts)
    return Plan(
        cluster_id=snapshot.cluster.id,
        cluster_name=snapshot.cluster.name,
        taken_at=snapshot.taken_at,
        window=snapshot.window,
        books=accounts.books,
        items=items,
        fine=tuple(f for f in found if isinstance(f, Fine)),
        declined=tuple(f for f in found if isinstance(f, Declined)),
        steps=steps(items),
        groups=groups(accounts.books, items, terms.label_keys),
        label_coverage=label_coverage(accounts.books.allocations, terms.label_keys),
        label_keys=terms.label_keys,
        coverage=(*snapshot.coverage, *price_coverage(accounts, snapshot)),
        rules=terms.rules,
        template_containers=template_containers(snapshot.cluster),
        template_resources=template_resources(snapshot.cluster, facts),
        template_spelling=template_spelling(snapshot.cluster),
    )


def _items(recommendations: Iterable[Recommendation], accounts: Accounts) -> tuple[Item, ...]:
    """Dearest saving first, so that raises, which cost, come last; ties by target."""
    kept = tuple(recommendations)
    items = [_item(r, money, accounts) for r, money in zip(kept, freed(kept, accounts), strict=True)]
    return tuple(sorted(items, key=lambda i: (-i.saving.alone, i.recommendation.raises, i.target)))


def _item(recommendation: Recommendation, alone: float, accounts: Accounts) -> Item:
    monthly = accounts.paid.get(recommendation.target, 0.0)
    claims = (accounts.claims.get(change.target) for change in recommendation.changes)
    pods = max((claim.pods for claim in claims if claim is not None), default=0.0)
    return Item(recommendation, Saving(alone), monthly, pods)
