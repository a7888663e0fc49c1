"""A small cluster made by hand: one Deployment with its pods, and what may stand around it."""

from typing import Any

import pyarrow as pa

from costkit.model.cluster import Cluster
from costkit.model.listed import Present
from costkit.model.nodes import Node
from costkit.model.objects import Namespace, Workload
from costkit.model.pods import ContainerSpec, Meta, Pod
from costkit.model.snapshot import Frames, Snapshot
from costkit.model.target import Target
from costkit.model.usage import empty
from costkit.model.window import DAY, Window
from tests.analyze.days import API, MIDNIGHT

GIB = 2.0**30
LISTS = [
    "nodes",
    "namespaces",
    "workloads",
    "pods",
    "autoscalers",
    "vertical_autoscalers",
    "disruption_budgets",
    "limit_ranges",
    "quotas",
    "volumes",
    "claims",
    "storage_classes",
    "services",
    "endpoint_slices",
]


def spec(name="main", **fields):
    known = {"requests": {"cpu": 1.0, "memory": GIB}, "limits": {"cpu": 2.0, "memory": 2 * GIB}, **fields}
    return ContainerSpec(name, **{"image": "shop/api:1", **known})


def workload(*containers, target=API.workload, labels=None, annotations=None, **fields):
    meta = Meta(target.name, target.namespace, labels=labels or {}, annotations=annotations or {})
    return Workload(target, meta, containers or (spec(),), **fields)


def pod(name="api-1", *containers, target=API.workload, created=1.0, **fields):
    known = {"node": "n1", "start": MIDNIGHT, **fields}
    return Pod(Meta(name, target.namespace, created=created), target, containers or (spec(),), **known)


def cluster(**lists: Any):
    present: dict[str, Present[Any]] = {name: Present(()) for name in LISTS}
    present |= {
        "namespaces": Present((Namespace(Meta("shop")),)),
        "nodes": Present((Node(Meta("n1"), {"cpu": 4.0}, {"cpu": 4.0}, "m5"),)),
        "workloads": Present((workload(),)),
        "pods": Present((pod(),)),
    }
    return Cluster("uid", "test", **{**present, **lists})


def snapshot(of=None, days=2, **frames: pa.Table):
    tables = {name: frames.get(name, empty(name)) for name in ("usage", "signals", "events", "nodes", "volumes")}
    window = Window(MIDNIGHT, MIDNIGHT + days * DAY)
    return Snapshot(window.end, window, cluster() if of is None else of, Frames(**tables))


def of_kind(kind, api_version, name="x"):
    return Target("shop", kind, name, "", api_version)
