"""Wire objects -> model: pods, containers, nodes. Pure: bytes were decoded before, owners are found after."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from costkit.collect.wire import (
    Quantities,
    WireContainer,
    WireContainerStatus,
    WireMeta,
    WireNode,
    WirePod,
    WirePodSpec,
    WireResources,
)
from costkit.model.nodes import CapacityType, Node
from costkit.model.pods import ContainerSpec, ContainerState, MemoryReader, Meta, Pod, ResourceMap, Spelling
from costkit.model.quantities import format_resource, parse
from costkit.model.target import Target

_ANNOTATIONS = (
    "addonmanager.kubernetes.io/",
    "argocd.argoproj.io/",
    "cluster-autoscaler.kubernetes.io/",
    "costkit.io/",
    "helm.toolkit.fluxcd.io/",
    "karpenter.sh/",
    "kustomize.toolkit.fluxcd.io/",
    "meta.helm.sh/",
    "sidecar.istio.io/",
)
"""Annotations by these prefixes are kept. All others are dropped unread: they may hold manifests and secrets."""

_REVISIONS = ("pod-template-hash", "controller-revision-hash", "rollouts-pod-template-hash")
_INSTANCE_TYPE = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
_REGION = ("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region")
_ZONE = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
_POOL = (
    "karpenter.sh/nodepool",
    "eks.amazonaws.com/nodegroup",
    "cloud.google.com/gke-nodepool",
    "kubernetes.azure.com/agentpool",
    "agentpool",
    "kops.k8s.io/instancegroup",
)
_SPOT = {
    "karpenter.sh/capacity-type": "spot",
    "eks.amazonaws.com/capacityType": "spot",
    "cloud.google.com/gke-spot": "true",
    "cloud.google.com/gke-preemptible": "true",
    "kubernetes.azure.com/scalesetpriority": "spot",
    "node.kubernetes.io/lifecycle": "spot",
}


def seconds(timestamp: str | None) -> float | None:
    """Unix seconds of an RFC 3339 time."""
    return None if not timestamp else datetime.fromisoformat(timestamp).timestamp()


def amounts(quantities: Quantities | None) -> dict[str, float]:
    """Cores, bytes and counts by resource name. ValueError for what is no quantity."""
    return {name: parse(str(quantity)) for name, quantity in (quantities or {}).items()}


def meta(wire: WireMeta) -> Meta:
    return Meta(
        name=wire.name,
        namespace=wire.namespace,
        uid=wire.uid,
        created=seconds(wire.creation_timestamp) or 0.0,
        labels=wire.labels or {},
        annotations=kept_annotations(wire.annotations),
        managers=tuple(sorted({m.manager for m in wire.managed_fields or () if m.manager})),
    )


def kept_annotations(annotations: Mapping[str, str] | None) -> dict[str, str]:
    return {k: v for k, v in (annotations or {}).items() if k.startswith(_ANNOTATIONS)}


def controller(wire: WireMeta) -> Target | None:
    """The owner that controls the object, else its only owner."""
    owners = wire.owner_references or []
    owner = next((o for o in owners if o.controller), owners[0] if len(owners) == 1 else None)
    return None if owner is None else Target(wire.namespace, owner.kind, owner.name, "", owner.api_version)


def containers(spec: WirePodSpec) -> tuple[ContainerSpec, ...]:
    """Ordinary containers first, as the template orders them, then init containers and native sidecars."""
    ordinary = [_container(c, init=False) for c in spec.containers or ()]
    return (*ordinary, *(_container(c, init=True) for c in spec.init_containers or ()))


def pod(wire: WirePod, workload: Target) -> Pod:
    status = wire.status
    labels = wire.metadata.labels or {}
    return Pod(
        meta=meta(wire.metadata),
        workload=workload,
        containers=containers(wire.spec),
        states=tuple(_state(s) for s in status.container_statuses or ()),
        phase=status.phase or "Unknown",
        node=wire.spec.node_name,
        start=seconds(status.start_time),
        end=_end(wire),
        revision=first(labels, _REVISIONS),
        overhead=amounts(wire.spec.overhead),
        pod_requests=_requests(wire.spec.resources),
        pod_limits=_limits(wire.spec.resources),
        priority=wire.spec.priority or 0,
    )


def node(wire: WireNode) -> Node:
    labels = wire.metadata.labels or {}
    ready = {c.type: c.status for c in wire.status.conditions or ()}.get("Ready", "True")
    return Node(
        meta=meta(wire.metadata),
        capacity=amounts(wire.status.capacity),
        allocatable=amounts(wire.status.allocatable),
        instance_type=first(labels, _INSTANCE_TYPE),
        capacity_type=capacity_type(labels),
        region=first(labels, _REGION),
        zone=first(labels, _ZONE),
        pool=first(labels, _POOL),
        provider_id=wire.spec.provider_id,
        ready=ready == "True",
        unschedulable=wire.spec.unschedulable,
        taints=tuple(f"{t.key}={t.value or ''}:{t.effect}" for t in wire.spec.taints or ()),
    )


def capacity_type(labels: Mapping[str, str]) -> CapacityType:
    spot = any(labels.get(key, "").lower() == value for key, value in _SPOT.items())
    return "spot" if spot else "on-demand"


def first(labels: Mapping[str, str], keys: Iterable[str]) -> str:
    """The value of the first key that is there."""
    return next((labels[k] for k in keys if labels.get(k)), "")


def node_labels_of(labels: Mapping[str, str]) -> dict[str, str]:
    """Instance type, region, zone and pool from a node's labels."""
    return {
        "instance_type": first(labels, _INSTANCE_TYPE),
        "region": first(labels, _REGION),
        "zone": first(labels, _ZONE),
        "pool": first(labels, _POOL),
    }


def _container(wire: WireContainer, *, init: bool) -> ContainerSpec:
    return ContainerSpec(
        name=wire.name,
        image=wire.image,
        requests=_requests(wire.resources),
        limits=_limits(wire.resources),
        init=init,
        sidecar=init and wire.restart_policy == "Always",
        memory_reader=_memory_reader(wire),
        reads_cpu_limit="limits.cpu" in _references(wire),
        spelled=_spelled(wire.resources),
    )


def _spelled(wire: WireResources) -> dict[str, Spelling]:
    sections = {"requests": wire.requests or {}, "limits": wire.limits or {}}
    written = {f"{section}.{r}": (r, found) for section, all_ in sections.items() for r, found in all_.items()}
    return {place: found for place, (r, found) in written.items() if format_resource(r, parse(str(found))) != found}


def _memory_reader(wire: WireContainer) -> MemoryReader:
    words = [*(wire.args or ()), *(wire.command or ()), *(e.value or "" for e in wire.env or ())]
    if any("MaxRAMPercentage" in word for word in words):
        return "MaxRAMPercentage"
    if "limits.memory" in _references(wire):
        return "resourceFieldRef"
    names = {e.name for e in wire.env or ()}
    return "GOMEMLIMIT" if names & {"GOMEMLIMIT", "AUTOMEMLIMIT"} else ""


def _references(wire: WireContainer) -> set[str]:
    """What of its own resources its environment holds: `limits.memory`."""
    sources = (variable.value_from for variable in wire.env or ())
    return {found.resource_field_ref.resource for found in sources if found and found.resource_field_ref}


def _state(wire: WireContainerStatus) -> ContainerState:
    return ContainerState(
        name=wire.name,
        restarts=wire.restart_count,
        waiting=wire.state.waiting.reason if wire.state.waiting else "",
        last_exit=wire.last_state.terminated.reason if wire.last_state.terminated else "",
    )


def _end(wire: WirePod) -> float | None:
    if wire.status.phase not in ("Succeeded", "Failed"):
        return None
    ends = [s.state.terminated.finished_at for s in wire.status.container_statuses or () if s.state.terminated]
    return max((t for t in map(seconds, ends) if t is not None), default=None)


def _requests(wire: WireResources | None) -> ResourceMap:
    return amounts(wire.requests) if wire else {}


def _limits(wire: WireResources | None) -> ResourceMap:
    """As declared. A limit without a request is the request, too: the API server writes that into pods."""
    return amounts(wire.limits) if wire else {}
