"""Nodes, living or gone, in; what decides their price out: how they are sold, and their cores, GiB and GPUs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from costkit.k8s.requests import gpus
from costkit.model.cluster import Cluster
from costkit.model.listed import known
from costkit.model.money import PriceList
from costkit.model.nodes import Node, node_class
from costkit.model.pods import Pod, ResourceMap
from costkit.model.quantities import GIBIBYTE
from costkit.price.catalog import nominal_size
from costkit.price.pod_billed import is_pod_billed, requested_now, requested_then


@dataclass(frozen=True, slots=True)
class Machine:
    """Cores, GiB and GPUs of the machine (capacity) where they are known, else what it offers pods (allocatable)."""

    name: str
    instance_type: str
    capacity_type: str
    node_class: str
    region: str
    provider: str
    """`aws`, `gce`, `azure`, another, or empty where unknown."""
    provider_id: str
    cores: float
    gib: float
    gpus: float
    pod_billed: bool = False
    """Then cores and GiB are what its pods ask for."""


@dataclass(frozen=True, slots=True)
class Living:
    """The cluster's nodes, to look a gone node's size up in: nodes of one type are alike."""

    by_name: Mapping[str, Node]
    by_type: Mapping[str, Node]

    @classmethod
    def of(cls, cluster: Cluster) -> "Living":
        nodes = known(cluster.nodes)
        return cls({n.name: n for n in nodes}, {n.instance_type: n for n in nodes if n.instance_type})

    def like(self, name: str, instance_type: str) -> Node | None:
        """The node itself if it still has that type, else one of its type."""
        node = self.by_name.get(name)
        return node if node is not None and node.instance_type == instance_type else self.by_type.get(instance_type)


def of_node(node: Node, pods: Iterable[Pod] = ()) -> Machine:
    """`pods` are the cluster's: what a node that is billed by them costs depends on those that it holds."""
    offer = node.capacity or node.allocatable
    machine = Machine(
        name=node.name,
        instance_type=node.instance_type,
        capacity_type=node.capacity_type,
        node_class=node.node_class,
        region=node.region,
        provider=node.provider,
        provider_id=node.provider_id,
        cores=offer.get("cpu", 0.0),
        gib=offer.get("memory", 0.0) / GIBIBYTE,
        gpus=gpus(offer),
    )
    return _billed_by_pods(machine, requested_now(node, pods)) if is_pod_billed(node.name, node) else machine


def of_row(row: Mapping[str, Any], living: Living, lists: tuple[PriceList, ...]) -> Machine:
    """A row of the frame `nodes`. Size: a living node of its type, else its family's, else what it offered pods."""
    instance_type = row["instance_type"] or ""
    capacity_type = row["capacity_type"] or "on-demand"
    allocatable = {r: row[f"allocatable_{r}"] or 0.0 for r in ("cpu", "memory", "gpu")}
    twin = living.like(row["name"], instance_type)
    itself = living.by_name.get(row["name"])
    cores, gib, cards = _size(twin, nominal_size(instance_type, lists), allocatable)
    machine = Machine(
        name=row["name"],
        instance_type=instance_type,
        capacity_type=capacity_type,
        node_class=node_class(instance_type, capacity_type, allocatable),
        region=row["region"] or "",
        provider=twin.provider if twin else "",
        provider_id=itself.provider_id if itself else "",
        cores=cores,
        gib=gib,
        gpus=cards,
    )
    return _billed_by_pods(machine, requested_then(row)) if is_pod_billed(machine.name, itself) else machine


def _billed_by_pods(machine: Machine, requested: ResourceMap) -> Machine:
    gib = requested["memory"] / GIBIBYTE
    return replace(machine, cores=requested["cpu"], gib=gib, pod_billed=True)


def _size(
    twin: Node | None, nominal: tuple[float, float] | None, allocatable: Mapping[str, float]
) -> tuple[float, float, float]:
    if twin is not None:
        machine = of_node(twin)
        return machine.cores, machine.gib, machine.gpus
    cores, gib = nominal or (allocatable["cpu"], allocatable["memory"] / GIBIBYTE)
    return cores, gib, allocatable["gpu"]
