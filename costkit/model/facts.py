"""What is: one profile a container, from its sketches and signals; and what is known of it that forbids a size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from costkit.model.pods import ResourceMap
from costkit.model.sketch import EMPTY, Sketch
from costkit.model.target import Target
from costkit.model.weeks import Fleet

VerdictCode = Literal[
    "broken",
    "container-label",
    "custom-resource",
    "headroom",
    "heap-bound",
    "injected",
    "leak",
    "owned",
    "pod-level",
    "standby",
    "too-few-runs",
    "unread",
]


THROTTLED = 0.01
"""Share of the CFS periods from which CPU was held down by its limit: below it a start explains it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Something about a container that decides against resizing it, whatever its numbers say."""

    code: VerdictCode
    detail: str


@dataclass(frozen=True, slots=True)
class Shift:
    """The last 3 to 6 days of one resource lie far off the same weekdays before: a new regime, not yet a week old."""

    days: int
    """Days that the new level has lasted."""
    before: float
    """Cores or bytes: the median day of those that it is held against."""
    after: float
    """The median day since."""
    recent: Sketch = EMPTY
    """Of the hottest pods since; empty where it fell."""
    recent_peak: float = 0.0

    @property
    def rose(self) -> bool:
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class ResourceProfile:
    """One resource of one container over the window. Cores or bytes."""

    resource: str
    pooled: Sketch
    hottest: Sketch
    """Merge of each day's hottest pod."""
    peak: float
    peak_at: float
    peak_pod: str
    hottest_peak: float
    """Peak among the days' hottest pods."""
    mean: float
    days: float
    """Days from the first sample to the last, without the days between that have none."""
    coverage: float
    """Samples seen over samples expected, at most 1."""
    daily_peaks: tuple[float, ...] = ()
    """Oldest first, of the days with samples."""
    start_peak: float | None = None
    """Peak of the first 10 minutes of pods; None where none started in the window."""
    steady_peak: float | None = None
    """Peak of the days on which no start was as high; None where there is no such day."""
    shift: Shift | None = None


@dataclass(frozen=True, slots=True)
class Revised:
    """A rollout inside the window: all earlier revisions of the container had gone by its end."""

    revision: str
    """The newest."""
    days: int
    """Days on which it was sampled."""
    dropped_days: int
    """Days on which only earlier ones were sampled, and whose use was left out; 0 where they all count."""
    enough: bool
    """Whether the newest alone is looked at."""


@dataclass(frozen=True, slots=True)
class Twin:
    """The other color of a pair of which one serves at a time: after the switch this container does its work."""

    target: Target
    why: str
    """What makes them a pair."""
    cpu: ResourceProfile | None
    memory: ResourceProfile | None


@dataclass(frozen=True, slots=True)
class Gpus:
    """What a container asks for of its nodes' GPUs."""

    resource: str
    """`nvidia.com/gpu`, `nvidia.com/gpu.shared` or `nvidia.com/mig-1g.5gb`."""
    count: float
    sharing: Literal["whole", "shared", "mig"] = "whole"
    detail: str = ""
    """What says that it is shared or a slice."""


@dataclass(frozen=True, slots=True)
class OomKill:
    at: float
    pod: str
    limit: float | None


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """All that is known of one container of a workload."""

    target: Target
    labels: Mapping[str, str]
    """Cost labels, resolved."""
    match_labels: Mapping[str, str]
    """Namespace, workload and template labels together, the innermost wins: what a policy's match looks at."""
    exists: bool
    """Whether its workload is still in the cluster; one that is gone has cost money, but there is nothing to change."""
    requests: ResourceMap
    """In force on its living pods (a LimitRange's defaults included), else its template's."""
    limits: ResourceMap
    pods: int
    """Living."""
    average_pods: float
    """Pod-hours over the hours of the window in which nodes were seen."""
    pod_hours_by_class: Mapping[str, float]
    """Node class -> hours, over the half hours of the window in which nodes were seen (model.clock)."""
    cpu: ResourceProfile | None
    memory: ResourceProfile | None
    oom_kills: tuple[OomKill, ...] = ()
    restarts: int = 0
    throttled: float = 0.0
    """Share of the CFS periods under the CPU limit that is in force."""
    verdicts: tuple[Verdict, ...] = ()
    autoscaled: tuple[str, ...] = ()
    """Resources whose request an HPA divides by."""
    vertically_autoscaled: str = ""
    """Name of the VPA that sets its requests."""
    managed_by: str = ""
    """Helm, Argo CD, Flux or another tool that would undo a live change."""
    gpu: ResourceProfile | None = None
    limit_reader: str = ""
    """What in it sizes itself by its limits (a flag, a downward reference, a JVM); empty where nothing does."""
    revised: Revised | None = None
    twin: Twin | None = None
    gpus: Gpus | None = None
    throttled_at: float = 0.0
    """Cores: the highest limit of the window that throttled it in 1 % of the periods; 0 where none did."""


@dataclass(frozen=True, slots=True)
class Facts:
    containers: tuple[ContainerFacts, ...]
    """Ordered by target."""
    limit_ranges: Mapping[str, tuple[tuple[ResourceMap, ResourceMap, ResourceMap], ...]] = field(default_factory=dict)
    """Namespace -> (minimum, maximum, most limit over request) of each LimitRange for containers."""
    largest_node: ResourceMap = field(default_factory=dict)
    """The most that any node can give, a resource; empty where nodes could not be listed."""
    fleets: Mapping[str, Fleet] = field(default_factory=dict)
    """Resource -> what the rule reads of all containers together."""
