"""The platform on a bed of its own, 14 days of its past in a Prometheus, and the command as a user calls it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.bed import exposition, live
from tests.bed.cluster import Cluster
from tests.bed.prometheus import Prometheus
from tests.bed.scene import Scene
from tests.e2e import platform

ROOT = Path(__file__).resolve().parents[2]
DAYS = 14
END = 1_780_012_800 // 86400 * 86400 + 9 * 3600
"""09:00 UTC of a day: the window's last day is one in part."""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Stage:
    """The cluster, its Prometheus, the truth behind it, and the reader's kubeconfig."""

    cluster: Cluster
    prometheus: Prometheus
    scene: Scene
    kubeconfig: Path

    def costkit(self, *words: str | Path, at: float = END, url: str = "") -> Done:
        """With the reader's token, at the end of the window; `url`: of another Prometheus than the stage's."""
        where = ("--kubeconfig", self.kubeconfig, "--prometheus-url", url or self.prometheus.url, "--at", str(at))
        return costkit(*words, *where)


def costkit(*words: str | Path) -> Done:
    run = subprocess.run(
        [sys.executable, "-m", "costkit", *map(str, words)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    return Done(run.returncode, run.stdout, run.stderr)


@pytest.fixture(scope="session")
def stage(tools: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:  # noqa: ARG001
    folder = tmp_path_factory.mktemp("stage")
    with Cluster.start(folder) as cluster:
        _populate(cluster)
        scene = _with_past(live.from_cluster(cluster, platform.usage_of, END, days=DAYS + 1))
        with Prometheus.start(folder / "prometheus", exposition.write(scene, folder)) as prometheus:
            kubeconfig = cluster.service_account_kubeconfig("costkit", "costkit-reader")
            yield Stage(cluster, prometheus, scene, kubeconfig)


def _populate(cluster: Cluster) -> None:
    cluster.add_nodes(platform.MACHINES)
    for name, labels in platform.NAMESPACES.items():
        cluster.create_namespace(name, labels)
    cluster.kubectl("apply", "-f", ROOT / "deploy" / "rbac-reader.yaml")
    cluster.apply(platform.crds())
    cluster.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
    cluster.apply(platform.objects())
    rollout = _created(cluster, platform.rollout("canary"))
    cluster.apply(platform.rollout_set(rollout))
    pod_set = _created(cluster, platform.pod_set(_created(cluster, platform.kafka())))
    cluster.apply([platform.broker(pod_set, i) for i in range(2)])
    cluster.apply(platform.widget_pod(_created(cluster, platform.widget())))
    cluster.wait_ready(*platform.NAMESPACES, seconds=120)


def _created(cluster: Cluster, body: dict[str, Any]) -> dict[str, Any]:
    cluster.apply(body)
    meta = body["metadata"]
    found: dict[str, Any] = cluster.get(
        f"{body['kind'].lower()}.{body['apiVersion'].partition('/')[0]}", meta["name"], "-n", meta["namespace"]
    )
    return found


def _with_past(scene: Scene) -> Scene:
    """One Deployment was rolled out a week before the end: its older pods are gone from the cluster."""
    older = platform.usage_of(live.Who("shop", "Deployment", "web-01", "older", "main"))
    return live.with_older_replicas(scene, "shop", "web-01", END - 7 * 86400, older)
