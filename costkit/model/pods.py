"""Pods and the containers they declare, reduced to the fields that decide money and size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from costkit.model.target import Target

ResourceMap = Mapping[str, float]
"""Resource name (`cpu`, `memory`, `nvidia.com/gpu`) -> cores, bytes or count."""

Spelling = str | int | float
"""A quantity as a manifest writes it."""

MemoryReader = Literal["", "MaxRAMPercentage", "GOMEMLIMIT", "resourceFieldRef"]
"""How a runtime sizes itself from the memory limit; empty where nothing says that it does."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What every object carries. Labels and annotations are the cluster's users' words: never trusted, never markup."""

    name: str
    namespace: str = ""
    uid: str = ""
    created: float = 0.0
    """Unix seconds."""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    """Only those whose keys costkit reads (collect.decode keeps the list): others may hold anything."""
    managers: tuple[str, ...] = ()
    """Field managers seen in managedFields."""


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """One container as it is declared; environment values are never kept."""

    name: str
    image: str = ""
    requests: ResourceMap = field(default_factory=dict)
    limits: ResourceMap = field(default_factory=dict)
    init: bool = False
    sidecar: bool = False
    """A native sidecar: an init container with restartPolicy Always."""
    memory_reader: MemoryReader = ""
    reads_cpu_limit: bool = False
    """Whether its environment holds its CPU limit (a downward reference)."""
    spelled: Mapping[str, Spelling] = field(default_factory=dict)
    """`requests.cpu` -> the quantity as it is written, where that is not the canonical text (`1000m` or the number 1,
    not `"1"`): the API server leaves it so in custom resources, and a guarded patch must find it so."""

    @property
    def runs_on(self) -> bool:
        """Whether it runs beside the others for the pod's whole life."""
        return not self.init or self.sidecar


@dataclass(frozen=True, slots=True)
class ContainerState:
    """What the API server says now of a container that was started."""

    name: str
    restarts: int = 0
    waiting: str = ""
    """Reason, such as CrashLoopBackOff or ImagePullBackOff."""
    last_exit: str = ""
    """Reason of the last termination, such as OOMKilled."""


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod with the workload that it belongs to."""

    meta: Meta
    workload: Target
    containers: tuple[ContainerSpec, ...]
    states: tuple[ContainerState, ...] = ()
    phase: str = "Running"
    node: str = ""
    start: float | None = None
    """Unix seconds; None while it is not yet started."""
    end: float | None = None
    """Unix seconds of its completion, where it has one."""
    revision: str = ""
    """pod-template-hash or controller-revision-hash."""
    overhead: ResourceMap = field(default_factory=dict)
    pod_requests: ResourceMap = field(default_factory=dict)
    """Pod-level spec.resources.requests (Kubernetes 1.34): where set it replaces the containers' sum."""
    pod_limits: ResourceMap = field(default_factory=dict)
    priority: int = 0

    @property
    def holds_resources(self) -> bool:
        """Whether the scheduler counts its requests on a node."""
        return bool(self.node) and self.phase in ("Pending", "Running")
