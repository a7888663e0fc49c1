"""Workloads, and the objects around them that decide what may be changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from costkit.model.pods import ContainerSpec, Meta, ResourceMap
from costkit.model.target import Target


@dataclass(frozen=True, slots=True)
class Workload:
    """The top controller of pods, or a family of Jobs with made-up names."""

    target: Target
    meta: Meta
    containers: tuple[ContainerSpec, ...]
    """As its pod template declares them: what a patch can name."""
    replicas: int | None = None
    """Wanted now; None where the kind has no such number."""
    template_labels: Mapping[str, str] = field(default_factory=dict)
    template_annotations: Mapping[str, str] = field(default_factory=dict)
    members: int = 1
    """Objects in it: the Jobs of a family, else 1."""
    owner: Target | None = None
    """The object that made it, where costkit has no way to patch that one."""
    unread: str = ""
    """Why not all of it is known (a list that the account may not read): its template and pods may be others."""

    @property
    def labels(self) -> Mapping[str, str]:
        return self.meta.labels


@dataclass(frozen=True, slots=True)
class Namespace:
    meta: Meta


@dataclass(frozen=True, slots=True)
class HpaMetric:
    """One metric of an autoscaler: type Resource, ContainerResource, Pods, Object or External."""

    type: str
    name: str
    container: str = ""
    target_type: str = ""
    """Utilization, AverageValue or Value."""
    target: float | None = None
    current: float | None = None

    @property
    def divides_by_request(self) -> bool:
        return self.target_type == "Utilization"


@dataclass(frozen=True, slots=True)
class Autoscaler:
    """A HorizontalPodAutoscaler."""

    meta: Meta
    workload: Target
    minimum: int
    maximum: int
    metrics: tuple[HpaMetric, ...] = ()
    desired: int | None = None


@dataclass(frozen=True, slots=True)
class VerticalAutoscaler:
    """A VerticalPodAutoscaler; mode Off only recommends."""

    meta: Meta
    workload: Target
    mode: str = "Auto"


@dataclass(frozen=True, slots=True)
class DisruptionBudget:
    meta: Meta
    selector: Mapping[str, str]
    """matchLabels alone."""
    min_available: str = ""
    max_unavailable: str = ""
    disruptions_allowed: int | None = None


@dataclass(frozen=True, slots=True)
class LimitRange:
    """Bounds for the containers of a namespace (type Container), and for its pods (type Pod)."""

    meta: Meta
    minimum: ResourceMap = field(default_factory=dict)
    maximum: ResourceMap = field(default_factory=dict)
    default_requests: ResourceMap = field(default_factory=dict)
    default_limits: ResourceMap = field(default_factory=dict)
    max_ratio: ResourceMap = field(default_factory=dict)
    """maxLimitRequestRatio."""
    pod_minimum: ResourceMap = field(default_factory=dict)
    pod_maximum: ResourceMap = field(default_factory=dict)
    """Of the sum over a pod's containers."""


@dataclass(frozen=True, slots=True)
class Quota:
    meta: Meta
    hard: ResourceMap
    used: ResourceMap


@dataclass(frozen=True, slots=True)
class Volume:
    """A PersistentVolume."""

    meta: Meta
    capacity: float
    """Bytes."""
    storage_class: str = ""
    phase: str = ""
    claim: str = ""
    """namespace/name of the claim it is, or was, bound to."""
    reclaim: str = ""
    driver: str = ""
    """CSI driver, or the in-tree plugin by the name that a StorageClass gives it (`kubernetes.io/aws-ebs`)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A PersistentVolumeClaim."""

    meta: Meta
    request: float
    phase: str = ""
    volume: str = ""
    storage_class: str = ""


@dataclass(frozen=True, slots=True)
class StorageClass:
    meta: Meta
    provisioner: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Only `type`, `skuName`, `storageaccounttype`: what a price depends on."""


@dataclass(frozen=True, slots=True)
class Service:
    meta: Meta
    type: str = "ClusterIP"
    selector: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()
    """Load-balancer ingress addresses."""


@dataclass(frozen=True, slots=True)
class EndpointSlice:
    meta: Meta
    service: str
    pods: tuple[str, ...] = ()
    """Names of the pods behind it."""
