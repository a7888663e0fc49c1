"""`python -m benchmarks.lists FOLDER`: 5,000 pods from a real API server, read and decoded, beside kubectl.

An empty folder goes in; a line for each way of reading comes out. The benchmark writes the pods itself, through the API
server, as large as those of a Deployment that a kubelet runs; no controller runs beside, so that nothing else is
measured. kubectl is asked for the same pages of 500, a process each, and for the list in one piece.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from benchmarks.measure import MEBIBYTE
from costkit.cli.flags import TalkFlags
from costkit.cli.talk import set_logs
from costkit.collect.lists import Lists
from costkit.collect.wire import WirePod
from costkit.connect.kube import Access, Kube
from costkit.model.listed import Present
from tests.bed.bare import Bare
from tests.bed.tools import tool

PODS, PAGE, RUNS = 5_000, 500, 5
PATH = "/api/v1/pods"
SPACES = 10


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds; `cpu` is of this process alone."""

    wall: float
    cpu: float


def pod(number: int) -> dict[str, Any]:
    app, hashed = f"app-{number // 10:03d}", f"{number // 10:010x}"
    labels = {"app": app, "app.kubernetes.io/instance": app, "team": f"team-{number % 7}", "pod-template-hash": hashed}
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"{app}-{hashed}", "controller": True}
    meta = {"name": f"{app}-{hashed}-{number:05d}", "labels": labels, "annotations": {"prometheus.io/scrape": "true"}}
    owned = meta | {"ownerReferences": [owner | {"uid": f"00000000-0000-4000-8000-{number:012d}"}]}
    spec = {"nodeName": f"node-{number % 100}", "containers": [container(name) for name in ("main", "proxy")]}
    return {"metadata": owned, "spec": spec, "status": status(number)}


def container(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "image": f"registry.example/{name}:1.27.3",
        "env": [{"name": f"SETTING_{i}", "value": f"value-{i}"} for i in range(8)],
        "ports": [{"containerPort": 8080, "name": f"{name}-http"}],
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 10},
        "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "1", "memory": "512Mi"}},
    }


def status(number: int) -> dict[str, Any]:
    began = "2026-11-20T08:00:00Z"
    conditions = ("PodScheduled", "Initialized", "ContainersReady", "Ready")
    running = {"ready": True, "started": True, "restartCount": number % 3, "state": {"running": {"startedAt": began}}}
    return {
        "phase": "Running",
        "startTime": began,
        "podIP": f"10.244.{number >> 8}.{number & 255}",
        "conditions": [{"type": kind, "status": "True", "lastTransitionTime": began} for kind in conditions],
        "containerStatuses": [
            running
            | {"name": name, "image": "i", "imageID": f"sha256:{number:064x}", "containerID": f"c://{number:064x}"}
            for name in ("main", "proxy")
        ],
    }


def populate(bare: Bare) -> None:
    for space in range(SPACES):
        name = f"space-{space}"
        bare.create("/api/v1/namespaces", [{"metadata": {"name": name}}])
        bare.create(f"/api/v1/namespaces/{name}/serviceaccounts", [{"metadata": {"name": "default"}}])
        numbers = range(space, PODS, SPACES)
        bare.create(f"/api/v1/namespaces/{name}/pods", (pod(number) for number in numbers), status=True)


def timed(run: Callable[[], None]) -> Timed:
    """The median of several runs, by wall and by processor each."""
    runs = []
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        runs.append((time.perf_counter() - wall, time.process_time() - cpu))
    return Timed(median(wall for wall, _ in runs), median(cpu for _, cpu in runs))


def ours(kubeconfig: Path) -> None:
    with Kube.open(Access(kubeconfig)) as kube:
        found = Lists(kube).read(PATH, WirePod)
    assert isinstance(found, Present)
    assert len(found.items) == PODS


class _Page(msgspec.Struct):
    metadata: dict[str, Any]


def raw_pages(kubeconfig: Path) -> None:
    """`kubectl get --raw` of each page; only the token for the next one is looked for."""
    token, more = "", True
    while more:
        body = kubectl(kubeconfig, "get", "--raw", f"{PATH}?limit={PAGE}{f'&continue={token}' if token else ''}")
        token = msgspec.json.decode(body, type=_Page).metadata.get("continue", "")
        more = bool(token)


def raw_whole(kubeconfig: Path) -> None:
    kubectl(kubeconfig, "get", "--raw", PATH)


def kubectl(kubeconfig: Path, *words: str) -> bytes:
    return subprocess.run(
        [tool("kubectl"), f"--kubeconfig={kubeconfig}", *words], capture_output=True, check=True
    ).stdout


def main(folder: Path) -> None:
    set_logs(TalkFlags())
    with Bare.start(folder) as bare:
        began = time.perf_counter()
        populate(bare)
        kubeconfig = bare.reader(folder / "reader")
        size = len(kubectl(kubeconfig, "get", "--raw", PATH))
        print(
            f"{PODS} pods, {size / MEBIBYTE:.1f} MiB of JSON, written in {time.perf_counter() - began:.0f} s",
            flush=True,
        )
        own = timed(lambda: ours(kubeconfig))
        print(f"costkit, read and decoded: {own.wall:.2f} s, {own.cpu:.2f} s of processor", flush=True)
        for name, way in (("the same pages, a process each", raw_pages), ("in one piece", raw_whole)):
            other = timed(lambda way=way: way(kubeconfig))  # type: ignore[misc]
            print(f"kubectl get --raw, {name}: {other.wall:.2f} s; ratio {own.wall / other.wall:.2f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
