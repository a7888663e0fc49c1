"""A fleet for benchmarks: as many pods as asked for, the same in an API server (the bed's, alone) and in a scene.

Pods of a Deployment have one or two containers, a daily wave of use each; nodes hold 50 pods. Nothing is random
but the noise, which a container's name seeds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.measure import MEBIBYTE
from costkit.model.window import DAY
from tests.bed.bare import Bare
from tests.bed.scene import ContainerSeries, Floats, NodeSeries, OwnerSeries, PodSeries, Scene, Times, Usage

END = 1_780_012_800 // DAY * DAY
"""A midnight. What is told goes on after it, so that a night's run may close the day."""
AFTER = 2_400
"""Seconds."""
SPACES, PODS_A_NODE = 20, 50
_DAY_AND_NIGHT = 2 * np.pi / DAY
_STARTED = "2026-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Fleet:
    pods: int
    containers: tuple[str, ...]
    days: float
    """Of the past, before END."""
    replicas: int = 50
    """Pods of a Deployment."""

    @property
    def workloads(self) -> int:
        return -(-self.pods // self.replicas)

    def write(self, bare: Bare) -> None:
        """All of it into the API server."""
        bare.create("/api/v1/nodes", (_node(i) for i in range(self._nodes)), status=True)
        for space in range(SPACES):
            name = f"space-{space:02d}"
            bare.create("/api/v1/namespaces", [{"metadata": {"name": name}}])
            bare.create(f"/api/v1/namespaces/{name}/serviceaccounts", [{"metadata": {"name": "default"}}])
            mine = [i for i in range(self.pods) if self._space(i) == name]
            apps = sorted({i // self.replicas for i in mine})
            bare.create(f"/apis/apps/v1/namespaces/{name}/deployments", (self._deployment(app) for app in apps))
            bare.create(f"/apis/apps/v1/namespaces/{name}/replicasets", (self._replica_set(app) for app in apps))
            bare.create(f"/api/v1/namespaces/{name}/pods", (self._pod(i) for i in mine), status=True)

    def scene(self) -> Scene:
        start = END - int(self.days * DAY) + 60  # what is told at midnight is told of the day before
        return Scene(
            start=start,
            end=END + AFTER,
            pods=tuple(self._pod_series(i, start) for i in range(self.pods)),
            nodes=tuple(NodeSeries(f"node-{i:03d}", 64.0, 2.0**38, start) for i in range(self._nodes)),
            owners=tuple(self._owner_series(start)),
        )

    @property
    def _nodes(self) -> int:
        return -(-self.pods // PODS_A_NODE)

    def _space(self, pod: int) -> str:
        return f"space-{pod // self.replicas % SPACES:02d}"

    def _name(self, pod: int) -> str:
        return f"{_set(_app(pod // self.replicas))}-{pod:05d}"

    def _pod_series(self, i: int, start: int) -> PodSeries:
        app, name = _app(i // self.replicas), self._name(i)
        containers = tuple(
            ContainerSeries(c, _usage(f"{name}/{c}"), 0.25, 256 * MEBIBYTE, 1.0, 512 * MEBIBYTE)
            for c in self.containers
        )
        return PodSeries(
            namespace=self._space(i),
            pod=name,
            uid=f"00000000-0000-4000-8000-{i:012d}",
            node=f"node-{i // PODS_A_NODE:03d}",
            containers=containers,
            start=start,
            owner_kind="ReplicaSet",
            owner_name=_set(app),
            labels={"app": app, "pod-template-hash": _hash(app)},
        )

    def _owner_series(self, start: int) -> Iterator[OwnerSeries]:
        for i in range(0, self.pods, self.replicas):
            app, space, size = _app(i // self.replicas), self._space(i), float(self.replicas)
            yield OwnerSeries("Deployment", space, app, start, replicas=size)
            yield OwnerSeries(
                "ReplicaSet", space, _set(app), start, replicas=size, owner_kind="Deployment", owner_name=app
            )

    def _deployment(self, app: int) -> dict[str, Any]:
        name = _app(app)
        return {"metadata": {"name": name, "labels": {"team": f"team-{app % 7}"}}, "spec": self._spec(name)}

    def _replica_set(self, app: int) -> dict[str, Any]:
        name = _app(app)
        owner = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name, "controller": True, "uid": name}
        return {"metadata": {"name": _set(name), "ownerReferences": [owner]}, "spec": self._spec(name)}

    def _spec(self, app: str) -> dict[str, Any]:
        labels = {"app": app, "pod-template-hash": _hash(app)}
        template = {"metadata": {"labels": labels}, "spec": {"containers": self._containers()}}
        return {"replicas": self.replicas, "selector": {"matchLabels": {"app": app}}, "template": template}

    def _pod(self, i: int) -> dict[str, Any]:
        app = _app(i // self.replicas)
        owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": _set(app), "controller": True, "uid": _set(app)}
        labels = {"app": app, "pod-template-hash": _hash(app)}
        running = {"ready": True, "started": True, "restartCount": 0, "image": "i", "imageID": "i"}
        statuses = [running | {"name": c, "state": {"running": {"startedAt": _STARTED}}} for c in self.containers]
        return {
            "metadata": {"name": self._name(i), "labels": labels, "ownerReferences": [owner]},
            "spec": {"nodeName": f"node-{i // PODS_A_NODE:03d}", "containers": self._containers()},
            "status": {"phase": "Running", "startTime": _STARTED, "containerStatuses": statuses},
        }

    def _containers(self) -> list[dict[str, Any]]:
        resources = {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "1", "memory": "512Mi"}}
        return [{"name": c, "image": f"registry.example/{c}:1", "resources": resources} for c in self.containers]


def _node(i: int) -> dict[str, Any]:
    labels = {"node.kubernetes.io/instance-type": "m6i.16xlarge", "topology.kubernetes.io/region": "us-east-1"}
    offer = {"cpu": "64", "memory": "256Gi", "pods": "110"}
    spec = {"providerID": f"aws:///us-east-1a/i-{i}"}
    return {
        "metadata": {"name": f"node-{i:03d}", "labels": labels},
        "spec": spec,
        "status": {"allocatable": offer, "capacity": offer},
    }


def _usage(name: str) -> Usage:
    def usage(times: Times) -> tuple[Floats, Floats]:
        noise = np.random.default_rng(crc32(name.encode())).standard_normal((2, len(times)))
        wave = 1 + 0.4 * np.sin(times * _DAY_AND_NIGHT)
        return np.maximum(0.01, 0.2 * wave * (1 + 0.1 * noise[0])), 200 * MEBIBYTE * (1 + 0.02 * noise[1])

    return usage


def _app(number: int) -> str:
    return f"app-{number:03d}"


def _hash(app: str) -> str:
    return f"{crc32(app.encode()):08x}"


def _set(app: str) -> str:
    return f"{app}-{_hash(app)}"
