"""A recommendation in, the money that it frees out: what its pods ask for less, at the rates that they are charged.

Freed money becomes idle money until a node goes: it is never called a saving of the bill here.
"""

from costkit.model.change import Resize
from costkit.model.quantities import GIBIBYTE
from costkit.model.recommendation import Recommendation
from costkit.price.allocate import Accounts
from costkit.price.rates import cost


def freed(recommendation: Recommendation, accounts: Accounts) -> float:
    """USD a month in whole cents; negative where it asks for more. Never above what its targets cost."""
    exact = sum(_freed(change, accounts) for change in recommendation.changes)
    paid = sum(accounts.paid.get(target, 0.0) for target in {change.target for change in recommendation.changes})
    return min(round(exact, 2), round(paid, 2))


def _freed(change: Resize, accounts: Accounts) -> float:
    """Pod-hours x (request before - request after) x rate, by node class."""
    claim = accounts.claims.get(change.target)
    if claim is None:
        return 0.0
    before, after = change.before, change.after
    less = {
        "cpu": (before.cpu_request or 0.0) - (after.cpu_request or 0.0),
        "memory": ((before.memory_request or 0.0) - (after.memory_request or 0.0)) / GIBIBYTE,
    }
    return cost(less, claim.hours, accounts.rates)
