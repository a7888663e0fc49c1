"""The recommenders in the order in which their kinds stand in the plan."""

from collections.abc import Callable, Iterator

from costkit.model.facts import Facts
from costkit.model.last import LastSizes
from costkit.model.policy import Policies
from costkit.model.recommendation import Finding, Kind
from costkit.recommend.rightsize.findings import rightsize

Recommender = Callable[[Facts, Policies, LastSizes], Iterator[Finding]]
"""Gives a finding for every container that exists."""

RECOMMENDERS: tuple[tuple[Kind, Recommender], ...] = (
    # Requests and limits that fit the use: the ground on which all other kinds stand.
    ("rightsize", rightsize),
)


def findings(
    facts: Facts, policies: Policies, only: frozenset[str] = frozenset(), last: LastSizes | None = None
) -> Iterator[Finding]:
    """Findings of all kinds, or of those in `only`; `last`: what the last run said, where there was one."""
    for kind, recommend in RECOMMENDERS:
        if not only or kind in only:
            yield from recommend(facts, policies, last or LastSizes())


def kinds() -> tuple[Kind, ...]:
    return tuple(kind for kind, _ in RECOMMENDERS)
