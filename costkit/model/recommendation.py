"""What costkit says of one target and kind: a recommendation, fine as it is, or declined with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from costkit.model.change import Change
from costkit.model.target import Target

Kind = Literal["rightsize", "schedule", "autoscale", "spot", "cleanup", "label"]
Risk = Literal["low", "medium", "high"]
RISKS: tuple[Risk, ...] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: a code and numbers for machines, a sentence for people."""

    code: str
    text: str
    params: Mapping[str, float | str | None] = field(default_factory=dict)
    brief: str = ""
    """The few words of it that a narrow table has room for; empty where it is not worth them."""


@dataclass(frozen=True, slots=True)
class Score:
    """What the rule would have done on past weeks that it had not seen. Shares are fractions."""

    weeks: int
    violated: float
    """Share of the weeks in which use was above the request for more than 5 % of the time."""
    over_use: float
    """Use above the request over all use."""
    own: bool
    """Of this container's weeks; False: it is new, and these are the fleet's."""
    resource: str = "cpu"
    """Whose request; of memory whose limit, which any use above it violates."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    id: str
    """The same in every run for the same kind and target."""
    kind: Kind
    target: Target
    changes: tuple[Change, ...]
    why: tuple[Reason, ...]
    risk: Risk
    confidence: float
    """0..1: how much of the evidence that was wanted is there."""
    labels: Mapping[str, str]
    managed_by: str = ""
    score: Score | None = None
    """None where no rule with a promise sized it, or no week has passed yet."""

    @property
    def raises(self) -> bool:
        """A pure raise: it takes nothing away, so at the worst it costs money."""
        return self.grows and not any(change.shrinks for change in self.changes)

    @property
    def grows(self) -> bool:
        """Whether anything in it becomes more, whatever else becomes less: it is always shown."""
        return any(change.grows for change in self.changes)


@dataclass(frozen=True, slots=True)
class Fine:
    kind: Kind
    target: Target
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Declined:
    """Looked, and will not; `reason` is a code, `detail` a sentence with the number that decided."""

    kind: Kind
    target: Target
    reason: str
    detail: str


Finding = Recommendation | Fine | Declined
