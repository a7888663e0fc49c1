"""All findings together, priced once: what every output is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from costkit.model.change import Resources
from costkit.model.cluster import Coverage
from costkit.model.money import Books
from costkit.model.pods import Spelling
from costkit.model.recommendation import Declined, Fine, Recommendation
from costkit.model.target import Target
from costkit.model.window import Window


@dataclass(frozen=True, slots=True)
class Saving:
    """USD a month. `alone` is freed money: requests x unit price. The others are None until the nodes are simulated."""

    alone: float
    in_plan: float | None = None
    bill: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the waterfall: what one kind of change frees."""

    kind: str
    freed: float
    bill: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One value of one cost label."""

    label: str
    value: str
    cost: float
    freed: float
    bill: float | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A recommendation with its money."""

    recommendation: Recommendation
    saving: Saving
    monthly: float
    """What its target costs now."""
    pods: float
    """Average pods over the window."""

    @property
    def target(self) -> Target:
        return self.recommendation.target


@dataclass(frozen=True, slots=True)
class Plan:
    cluster_id: str
    cluster_name: str
    taken_at: float
    window: Window
    books: Books
    items: tuple[Item, ...]
    """Dearest saving first, raises last."""
    fine: tuple[Fine, ...]
    declined: tuple[Declined, ...]
    steps: tuple[Step, ...]
    groups: tuple[Group, ...]
    label_coverage: Mapping[str, float]
    """Label -> share of the allocated money that carries it."""
    label_keys: tuple[str, ...]
    coverage: tuple[Coverage, ...]
    rules: str
    """Digest of the rules that were followed."""
    template_containers: Mapping[Target, tuple[str, ...]] = field(default_factory=dict)
    """Workload -> its template's container names in their order, init containers left out: what an index in a patch
    must be guarded by."""
    template_resources: Mapping[Target, Resources] = field(default_factory=dict)
    """Container -> what its template declares, where that is not what is in force (a LimitRange's defaults, a pod
    resized in place): what a patch finds, and what a rollback restores."""
    template_spelling: Mapping[Target, Mapping[str, Spelling]] = field(default_factory=dict)
    """Container -> ContainerSpec.spelled, where there is any."""

    @property
    def freed(self) -> float:
        return sum(step.freed for step in self.steps)
