"""Nodes with their prices in, what an hour of a core, GiB or GPU costs on each node class out.

Containers of a class are never charged more than its nodes cost: where they claim more, its rates shrink.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from costkit.model.money import NodeCost

RESOURCES = ("cpu", "memory", "gpu")
ELSEWHERE = ""
"""The class of hours on nodes that no row tells of: charged at the mean rate, from what the other classes leave."""

Amounts = Mapping[str, float]
"""Resource -> cores, GiB or GPUs; or any of them x hours."""
Rates = Mapping[str, Mapping[str, float]]
"""Node class -> resource -> USD an hour and core, GiB or GPU."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a class's nodes have of one resource in a month."""

    amount_hours: float
    budget: float
    """USD a month."""

    @property
    def rate(self) -> float:
        return self.budget / self.amount_hours if self.amount_hours else 0.0

    def rate_for(self, asked_hours: float) -> float:
        """The rate at which `asked_hours` cost no more than the budget."""
        return self.rate if asked_hours * self.rate <= self.budget else self.budget / asked_hours

    def left_by(self, asked_hours: float) -> float:
        return max(0.0, self.budget - asked_hours * self.rate)


Offers = Mapping[str, Mapping[str, Offer]]


def offers(nodes: Iterable[NodeCost], scale: float) -> dict[str, dict[str, Offer]]:
    """Node class -> resource -> offer; `scale` makes hours of the window hours of a month."""
    by_class: dict[str, dict[str, Offer]] = {}
    for node in nodes:
        offer = by_class.setdefault(node.node_class, dict.fromkeys(RESOURCES, Offer(0.0, 0.0)))
        for resource, (amount, rate) in _split(node).items():
            amount_hours = amount * node.hours * scale
            old = offer[resource]
            offer[resource] = Offer(old.amount_hours + amount_hours, old.budget + amount_hours * rate)
    return by_class


def rates(offered: Offers, asked: Mapping[str, Amounts]) -> dict[str, dict[str, float]]:
    """The rates at which `asked` (node class -> resource -> amount x hours a month) is charged."""
    charged = {
        node_class: {r: offer.rate_for(asked.get(node_class, {}).get(r, 0.0)) for r, offer in offer_of.items()}
        for node_class, offer_of in offered.items()
    }
    charged[ELSEWHERE] = {r: _elsewhere(offered, asked, r) for r in RESOURCES}
    return charged


def cost(amounts: Amounts, hours_by_class: Mapping[str, float], charged: Rates) -> float:
    """USD for `amounts` held through the hours of each class."""
    return sum(
        hours * sum(amount * charged[node_class][resource] for resource, amount in amounts.items())
        for node_class, hours in hours_by_class.items()
    )


def _elsewhere(offered: Offers, asked: Mapping[str, Amounts], resource: str) -> float:
    whole = [(offer_of[resource], asked.get(name, {}).get(resource, 0.0)) for name, offer_of in offered.items()]
    mean = Offer(sum(o.amount_hours for o, _ in whole), sum(o.budget for o, _ in whole)).rate
    wanted = asked.get(ELSEWHERE, {}).get(resource, 0.0)
    left = sum(offer.left_by(hours) for offer, hours in whole)
    return mean if wanted * mean <= left else left / wanted


def _split(node: NodeCost) -> dict[str, tuple[float, float]]:
    price = node.price
    return {"cpu": (node.cores, price.cpu), "memory": (node.gib, price.memory), "gpu": (node.gpus, price.gpu)}
