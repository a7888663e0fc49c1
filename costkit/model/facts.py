"""What is: one profile a container, from its sketches and signals; and what is known of it that forbids a size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from costkit.model.pods import ResourceMap
from costkit.model.sketch import Sketch
from costkit.model.target import Target

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
    "unread",
]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Something about a container that decides against resizing it, whatever its numbers say."""

    code: VerdictCode
    detail: str


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
    """Share of CFS periods."""
    verdicts: tuple[Verdict, ...] = ()
    autoscaled: tuple[str, ...] = ()
    """Resources whose request an HPA divides by."""
    vertically_autoscaled: str = ""
    """Name of the VPA that sets its requests."""
    managed_by: str = ""
    """Helm, Argo CD, Flux or another tool that would undo a live change."""
    gpu: ResourceProfile | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    containers: tuple[ContainerFacts, ...]
    """Ordered by target."""
    limit_ranges: Mapping[str, tuple[tuple[ResourceMap, ResourceMap, ResourceMap], ...]] = field(default_factory=dict)
    """Namespace -> (minimum, maximum, most limit over request) of each LimitRange for containers."""
