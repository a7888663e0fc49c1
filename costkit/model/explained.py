"""What decided on one workload, container by container: all that `costkit explain` shows."""

from dataclasses import dataclass

from costkit.model.change import Resources
from costkit.model.cluster import Coverage
from costkit.model.facts import ContainerFacts, ResourceProfile
from costkit.model.recommendation import Finding, Recommendation
from costkit.model.target import Target
from costkit.model.window import Window


@dataclass(frozen=True, slots=True)
class Curve:
    """One resource of one container over the window by half hours: the days' hottest pods. Cores, bytes, share."""

    resource: str
    start: float
    """Unix seconds at which the first half hour begins."""
    means: tuple[float, ...]
    """Oldest first, NaN where nobody saw."""
    peaks: tuple[float, ...]
    """The highest five minutes of each half hour, in the same order."""
    days: int
    """Days with samples."""
    hottest_pod: str
    """The one that was the hottest on most days; empty where all were pooled."""
    hottest_days: int
    """Days on which it was."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that was followed, and where it is written."""

    key: str
    value: str
    """As it is written."""
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """One container: what is known of it, what was found, and what would have to be otherwise."""

    facts: ContainerFacts
    finding: Finding
    curves: tuple[Curve, ...]
    """Of the resources of which use was seen: CPU, memory, GPU."""
    outlook: tuple[str, ...]
    """What would change the finding, a sentence each."""

    @property
    def container(self) -> str:
        return self.facts.target.container

    @property
    def before(self) -> Resources:
        requests, limits = self.facts.requests, self.facts.limits
        return Resources(requests.get("cpu"), limits.get("cpu"), requests.get("memory"), limits.get("memory"))

    @property
    def after(self) -> Resources:
        """As before where nothing is recommended."""
        return self.finding.changes[0].after if isinstance(self.finding, Recommendation) else self.before

    def profile(self, resource: str) -> ResourceProfile | None:
        profiles = {"cpu": self.facts.cpu, "memory": self.facts.memory, "gpu": self.facts.gpu}
        return profiles[resource]


@dataclass(frozen=True, slots=True)
class Explained:
    """One workload."""

    workload: Target
    cluster_id: str
    cluster_name: str
    taken_at: float
    window: Window
    containers: tuple[Explanation, ...]
    """Ordered by name."""
    rule_class: str
    """Name of the class of rules that it falls in."""
    rules: tuple[RuleLine, ...]
    """Those of its class, and of `defaults` what the class leaves to them."""
    coverage: tuple[Coverage, ...]
