"""Nodes: what they offer, and what they are sold as."""

from dataclasses import dataclass, field
from typing import Literal

from costkit.model.pods import Meta, ResourceMap

CapacityType = Literal["on-demand", "spot"]


@dataclass(frozen=True, slots=True)
class Node:
    meta: Meta
    capacity: ResourceMap
    allocatable: ResourceMap
    instance_type: str = ""
    capacity_type: CapacityType = "on-demand"
    region: str = ""
    zone: str = ""
    pool: str = ""
    provider_id: str = ""
    ready: bool = True
    unschedulable: bool = False
    taints: tuple[str, ...] = ()
    """As kubectl writes them: key=value:Effect."""

    @property
    def name(self) -> str:
        return self.meta.name

    @property
    def node_class(self) -> str:
        return node_class(self.instance_type, self.capacity_type, self.allocatable)

    @property
    def provider(self) -> str:
        """`aws`, `gce` or `azure` from the provider id; empty where there is none or another."""
        return self.provider_id.partition(":")[0]


def node_class(instance_type: str, capacity_type: str, allocatable: ResourceMap) -> str:
    """Instance type and capacity type; without a type, allocatable cores and capacity type."""
    offer = instance_type or f"{allocatable.get('cpu', 0.0):g}-core"
    return f"{offer}/{capacity_type}"


@dataclass(frozen=True, slots=True)
class NodeDay:
    """A node on one UTC day, gone nodes too."""

    day: float
    """Unix seconds of the day's midnight, UTC."""
    name: str
    half_hours: int
    """48 bits; bit i is set where the node was seen in half hour i."""
    instance_type: str = ""
    capacity_type: CapacityType = "on-demand"
    region: str = ""
    zone: str = ""
    pool: str = ""
    allocatable: ResourceMap = field(default_factory=dict)
    price: float | None = None
    """USD an hour, where a metric said so."""

    @property
    def hours(self) -> float:
        return self.half_hours.bit_count() / 2

    @property
    def node_class(self) -> str:
        return node_class(self.instance_type, self.capacity_type, self.allocatable)
