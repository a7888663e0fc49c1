"""The past of a cluster as a test describes it: pods, their usage, owners, nodes. Only data.

`exposition` writes it down. Times are unix seconds, cores and bytes are floats. A container's usage at a time is the
mean since the sample before it, so a test that calls the same function has the truth to compare answers with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Times = NDArray[np.int64]
Usage = Callable[[Times], tuple[Floats, Floats]]
"""Times go in, cores and bytes of memory come out. It is called once, with all times of the container's life."""

Changes = float | tuple[tuple[int, float], ...]
"""A value that holds all the time, or values with the time from which each holds."""

FINAL_PHASES = ("Succeeded", "Failed")


def steady(cores: float, memory: float) -> Usage:
    """The same at all times."""
    return lambda times: (np.full(len(times), cores), np.full(len(times), memory))


def traced(times: Times, cores: Floats, memory: Floats) -> Usage:
    """What a trace says: at each time the value of the last sample at or before it, and the first one before that."""

    def usage(asked: Times) -> tuple[Floats, Floats]:
        places = np.clip(np.searchsorted(times, asked, side="right") - 1, 0, None)
        return cores[places], memory[places]

    return usage


@dataclass(frozen=True, slots=True)
class Restart:
    """A container's end and new start: a new container id, so a new series whose counter starts at nothing."""

    at: int
    reason: str = "Error"
    exit_code: int = 1
    same_id: bool = False
    """The counter falls within one series, as with runtimes that keep the id."""


@dataclass(frozen=True, slots=True)
class ContainerSeries:
    """One container of a pod; None is what is not set."""

    name: str
    usage: Usage
    cpu_request: float | None = None
    memory_request: float | None = None
    cpu_limit: float | None = None
    memory_limit: float | None = None
    image: str = "registry.example/app:1.0"
    restarts: tuple[Restart, ...] = ()
    throttled: float = 0.0
    """The share of its periods in which a container with a CPU limit was held back."""


@dataclass(frozen=True, slots=True)
class PodSeries:
    """One pod: it runs from `start` to `end` (None: to the scene's end), then shows `phase` until it is deleted."""

    namespace: str
    pod: str
    uid: str
    node: str
    containers: tuple[ContainerSeries, ...]
    start: int
    end: int | None = None
    deleted: int | None = None
    """None: at its end if it was running, never if it is finished."""
    phase: str = "Running"
    owner_kind: str = ""
    owner_name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    ip: str = "10.244.0.9"
    priority_class: str = ""
    ready_seconds: int = 5
    """From start to ready."""
    received: float = 0.0
    sent: float = 0.0
    """Bytes a second over the network."""

    @property
    def qos(self) -> str:
        asked = [(c.cpu_request, c.memory_request, c.cpu_limit, c.memory_limit) for c in self.containers]
        if not any(value is not None for values in asked for value in values):
            return "BestEffort"
        sure = all(None not in values and values[:2] == values[2:] for values in asked)
        return "Guaranteed" if sure else "Burstable"

    def ends(self, scene_end: int) -> int:
        """When its containers stop."""
        return scene_end if self.end is None else min(self.end, scene_end)

    def gone(self, scene_end: int) -> int:
        """When the object disappears."""
        kept = self.phase in FINAL_PHASES and self.deleted is None
        return scene_end if kept else min(self.deleted or self.ends(scene_end), scene_end)


@dataclass(frozen=True, slots=True)
class OwnerSeries:
    """A Deployment, ReplicaSet, StatefulSet or DaemonSet."""

    kind: str
    namespace: str
    name: str
    start: int
    end: int | None = None
    replicas: Changes = 1.0
    ready: Changes | None = None
    """None: as many as there are replicas."""
    owner_kind: str = ""
    owner_name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobSeries:
    """A Job, most often one of a CronJob's; active until its completion."""

    namespace: str
    name: str
    start: int
    completion: int | None = None
    succeeded: int = 1
    failed: int = 0
    deleted: int | None = None
    owner_kind: str = ""
    owner_name: str = ""


@dataclass(frozen=True, slots=True)
class AutoscalerSeries:
    """A HorizontalPodAutoscaler."""

    namespace: str
    name: str
    target_name: str
    minimum: int
    maximum: int
    current: Changes
    start: int
    end: int | None = None
    desired: Changes | None = None
    target_kind: str = "Deployment"
    metrics: tuple[tuple[str, str, float], ...] = (("cpu", "utilization", 80.0),)
    """Name, kind of target and target, as kube-state-metrics names them."""


@dataclass(frozen=True, slots=True)
class NodeSeries:
    """A node, which may have come or gone within the scene."""

    name: str
    cpu: float
    memory: float
    start: int
    end: int | None = None
    pods: int = 110
    allocatable_cpu: float | None = None
    allocatable_memory: float | None = None
    address: str = "10.128.0.1"
    provider_id: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[tuple[str, str, str], ...] = ()
    """Key, value, effect."""


@dataclass(frozen=True, slots=True)
class ClaimSeries:
    """A PersistentVolumeClaim; `used` is None where no pod mounts it, for then the kubelet says nothing of it."""

    namespace: str
    name: str
    requested: float
    start: int
    end: int | None = None
    used: Changes | None = None
    node: str = ""
    storage_class: str = "standard"
    volume: str = ""
    phase: str = "Bound"


@dataclass(frozen=True, slots=True)
class Scene:
    """All of it, from `start` to `end` (both in it)."""

    start: int
    end: int
    pods: tuple[PodSeries, ...] = ()
    nodes: tuple[NodeSeries, ...] = ()
    owners: tuple[OwnerSeries, ...] = ()
    jobs: tuple[JobSeries, ...] = ()
    autoscalers: tuple[AutoscalerSeries, ...] = ()
    claims: tuple[ClaimSeries, ...] = ()
    step: int = 60
    """Between samples of usage."""
    state_step: int = 240
    """Between samples of what seldom changes; below Prometheus' lookback of 300 s no query can tell."""
    label_series: bool = True
    """False: none of `kube_*_labels`, which kube-state-metrics gives for labels it was told to alone."""
    container_names: bool = True
    """False: `container` is empty on every cAdvisor series, as some runtimes have it."""
    kubelet_job: str = "kubelet"
    state_job: str = "kube-state-metrics"
