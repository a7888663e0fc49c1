"""Small clusters made by hand: nodes, their history, facts and a snapshot of them."""

from typing import Any

from costkit.model import usage
from costkit.model.cluster import Cluster
from costkit.model.facts import ContainerFacts, Facts, ResourceProfile
from costkit.model.listed import Present
from costkit.model.nodes import Node
from costkit.model.pods import ContainerSpec, Meta, Pod
from costkit.model.quantities import GIBIBYTE
from costkit.model.sketch import EMPTY
from costkit.model.snapshot import Frames, Snapshot
from costkit.model.target import Target
from costkit.model.window import DAY, Window
from costkit.settings.prices import load_prices

BOOK = load_prices(None, None)
START = 1_763_596_800.0  # 2025-11-20 00:00 UTC, a midnight
TWO_DAYS = Window(START, START + 2 * DAY)
ALL_DAY = 2**48 - 1
M5 = "m5.xlarge/on-demand"


def target(name="api", container="main", namespace="shop"):
    return Target(namespace, "Deployment", name, container)


def node(name="n1", instance_type="m5.xlarge", **fields):
    offer = {"cpu": 4.0, "memory": 16.0 * GIBIBYTE}
    known = {"region": "us-east-1", "capacity": offer, "allocatable": offer, **fields}
    return Node(Meta(name), instance_type=instance_type, **known)


def row(name="n1", day=0, half_hours=ALL_DAY, instance_type="m5.xlarge", **columns):
    """A node on the `day`-th day of the window."""
    return {
        "day": START + day * DAY,
        "name": name,
        "half_hours": half_hours,
        "instance_type": instance_type,
        "capacity_type": "on-demand",
        "region": "us-east-1",
        "allocatable_cpu": 4.0,
        "allocatable_memory": 16.0 * GIBIBYTE,
        "allocatable_gpu": 0.0,
        "price": float("nan"),
        **columns,
    }


def profile(mean, resource="cpu"):
    return ResourceProfile(resource, EMPTY, EMPTY, mean, 0.0, "", mean, mean, 2.0, 1.0)


def facts(name="api", container="main", **fields):
    """A container of 1 core and 4 GiB whose pod ran all of both days on one m5.xlarge."""
    known = {
        "labels": {"team": "shop"},
        "match_labels": {},
        "exists": True,
        "requests": {"cpu": 1.0, "memory": 4.0 * GIBIBYTE},
        "limits": {},
        "pods": 1,
        "average_pods": 1.0,
        "pod_hours_by_class": {M5: 48.0},
        "cpu": profile(0.1),
        "memory": profile(GIBIBYTE, "memory"),
        **fields,
    }
    return ContainerFacts(target=target(name, container), **known)


def of(*containers):
    return Facts(tuple(sorted(containers, key=lambda f: f.target)))


def pod(name="api-1", on="n1", workload=None, containers=None, **fields):
    declared = containers or (ContainerSpec("main", requests={"cpu": 1.0, "memory": 4.0 * GIBIBYTE}),)
    return Pod(Meta(name, "shop"), workload or target().workload, declared, node=on, **fields)


def snapshot(rows=(), nodes=(), window=TWO_DAYS, volume_rows=(), **lists):
    listed: dict[str, Any] = {key: Present(tuple(items)) for key, items in {**lists, "nodes": nodes}.items()}
    cluster = Cluster(id="c1", name="test", **listed)
    empty = {name: usage.empty(name) for name in ("usage", "signals", "events")}
    frames = Frames(**empty, nodes=usage.frame("nodes", rows), volumes=usage.frame("volumes", volume_rows))
    return Snapshot(taken_at=window.end, window=window, cluster=cluster, frames=frames)
