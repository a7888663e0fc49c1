"""The words in which the demo's platform is declared: containers, workloads, how they scale, run and store.

In: nothing. Out: frozen rows that `workloads` fills and all other modules read. No time and no randomness here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from costkit.model.pods import MemoryReader, ResourceMap
from costkit.model.quantities import parse
from costkit.model.target import Target

GPU = "nvidia.com/gpu"
DEFAULT_REQUESTS = "100m 128Mi"
DEFAULT_LIMITS = "500m 512Mi"
"""What the LimitRange of the namespace dev gives to containers that name none."""

Shape = Literal["flat", "office", "diurnal", "spiky", "crunch", "leak"]
Role = Literal["", "init", "sidecar", "injected"]

_API_VERSIONS = {
    "CronJob": "batch/v1",
    "Job": "batch/v1",
    "Pod": "v1",
    "PyTorchJob": "kubeflow.org/v1",
    "Rollout": "argoproj.io/v1alpha1",
}


@cache
def pair(text: str) -> tuple[float | None, float | None]:
    """Cores and bytes of `500m 1Gi`; `-` is none."""
    cpu, memory = (None if word == "-" else parse(word) for word in text.split())
    return cpu, memory


@dataclass(frozen=True, slots=True)
class Box:
    """One container. The four pairs are quantities `cpu memory`; `-` where there is none."""

    name: str
    requests: str
    limits: str
    idle: str = "0 0"
    """Use at load 0."""
    busy: str = "0 0"
    """Use at load 1; with an autoscaler, at load 1 on the most replicas."""
    image: str = ""
    role: Role = ""
    noise: float = 0.06
    """Standard deviation of CPU use, as a share of it; memory has a quarter of it, a flat container none."""
    memory_shape: Shape | None = None
    """Where memory does not follow the workload's shape."""
    memory_reader: MemoryReader = ""
    gpus: int = 0
    gpu_use: float = 0.0
    """Share of one GPU at load 1."""
    defaulted: bool = False
    """Its pods have the requests and limits of the namespace's LimitRange; the template has none."""

    @property
    def runs_on(self) -> bool:
        return self.role != "init"

    def amounts(self, text: str) -> ResourceMap:
        """A pair of its own, or of a LimitRange, with its GPUs."""
        cpu, memory = pair(text)
        given = {"cpu": cpu, "memory": memory, GPU: float(self.gpus) or None}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Autoscale:
    """A HorizontalPodAutoscaler; its target is what the first container uses at load 1."""

    minimum: int
    maximum: int
    metric: Literal["cpu", "memory", "kafka_consumer_lag"]


@dataclass(frozen=True, slots=True)
class Batch:
    """Runs at `at` hours (UTC) of each period of `every` hours, for `length` hours, `pods` side by side."""

    every: float
    at: float
    length: float
    pods: int = 1
    fails: int = 0
    """One run in so many fails; 0: none does."""


@dataclass(frozen=True, slots=True)
class Disk:
    """A claim for each replica."""

    size: str
    storage_class: str
    used: float
    """Share."""


@dataclass(frozen=True, slots=True)
class Row:
    """One workload of the platform."""

    namespace: str
    name: str
    kind: str
    boxes: tuple[Box, ...]
    replicas: int = 1
    shape: Shape = "flat"
    zone: str = "America/New_York"
    """Where its users, or its developers, work."""
    pool: str = "general"
    """A DaemonSet of the pool `gpu` is on every node with a GPU, any other one on every node."""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    template_annotations: Mapping[str, str] = field(default_factory=dict)
    managers: tuple[str, ...] = ("kubectl-client-side-apply",)
    autoscale: Autoscale | None = None
    batch: Batch | None = None
    disk: Disk | None = None
    release_days: int = 0
    """A new revision every so many days, at 14:00 UTC; 0: none for a long time."""
    young: bool = False
    """Created less than three days ago."""
    broken: bool = False
    """In CrashLoopBackOff."""
    leftover: bool = False
    """A pod that failed five days ago is still listed."""
    killed: bool = False
    """Out of memory once each weekday."""
    by_node_size: bool = False
    """A DaemonSet that uses more on a larger node: `busy` is for eight cores."""
    vertical: bool = False
    """A VerticalPodAutoscaler in mode Auto sets its requests."""
    budget: str = ""
    """maxUnavailable of its PodDisruptionBudget."""
    priority: int = 0
    owner: Target | None = None

    @property
    def target(self) -> Target:
        """As it is found in a cluster: Jobs with made-up names are one family."""
        api_version = _API_VERSIONS.get(self.kind, "apps/v1")
        return Target(self.namespace, self.kind, f"{self.name}-*" if self.family else self.name, "", api_version)

    @property
    def family(self) -> bool:
        return self.batch is not None and self.kind != "CronJob"

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.kind}/{self.name}"

    @property
    def ordinals(self) -> int:
        """The most pods at one time; 0 for a DaemonSet, which has one a node."""
        if self.kind == "DaemonSet":
            return 0
        if self.batch:
            return self.batch.pods
        return self.autoscale.maximum if self.autoscale else self.replicas + self.leftover

    @property
    def running(self) -> tuple[Box, ...]:
        """Containers that run as long as their pod does."""
        return tuple(box for box in self.boxes if box.runs_on)
