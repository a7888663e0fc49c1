"""Machines as Node objects that kwok keeps alive: a short description goes in, the object comes out."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HOSTNAME = "kubernetes.io/hostname"


@dataclass(frozen=True, slots=True)
class Machine:
    """A node to add. Labels are those of Karpenter and the well-known ones; `labels` adds to them and overrides."""

    name: str
    cpu: str = "4"
    memory: str = "16Gi"
    pods: int = 110
    allocatable_cpu: str | None = None
    """None: all of the capacity."""
    allocatable_memory: str | None = None
    instance_type: str = "m5.xlarge"
    capacity_type: str = "on-demand"
    zone: str = "us-east-1a"
    pool: str = "default"
    arch: str = "amd64"
    provider_id: str = ""
    address: str = ""
    """Empty: one made from the name, since kwok gives its nodes none and a kubelet's series are told apart by it."""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[Mapping[str, str], ...] = ()


def node(machine: Machine) -> dict[str, Any]:
    capacity = {"cpu": machine.cpu, "memory": machine.memory, "pods": str(machine.pods)}
    allocatable = {
        **capacity,
        "cpu": machine.allocatable_cpu or machine.cpu,
        "memory": machine.allocatable_memory or machine.memory,
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": machine.name,
            "annotations": {"kwok.x-k8s.io/node": "fake", **machine.annotations},
            "labels": {**_labels(machine), **machine.labels},
        },
        "spec": {
            "providerID": machine.provider_id or f"kwok://{machine.name}",
            "taints": [dict(taint) for taint in machine.taints],
        },
        "status": {"capacity": capacity, "allocatable": allocatable, "addresses": _addresses(machine)},
    }


def _addresses(machine: Machine) -> list[dict[str, str]]:
    digest = zlib.crc32(machine.name.encode())
    internal = machine.address or f"10.128.{digest >> 8 & 255}.{digest & 255}"
    return [{"type": "InternalIP", "address": internal}, {"type": "Hostname", "address": machine.name}]


def _labels(machine: Machine) -> dict[str, str]:
    return {
        HOSTNAME: machine.name,
        "kubernetes.io/arch": machine.arch,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": machine.instance_type,
        "topology.kubernetes.io/zone": machine.zone,
        "topology.kubernetes.io/region": machine.zone.rstrip("abcdef"),
        "karpenter.sh/capacity-type": machine.capacity_type,
        "karpenter.sh/nodepool": machine.pool,
    }
