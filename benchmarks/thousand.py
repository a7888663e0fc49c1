"""`python -m benchmarks.thousand FOLDER`: collecting 1,000 containers x 14 days from real servers.

An empty folder goes in; wall time and peak memory of `costkit collect` come out, and beside them the time that the same
queries take when their answers are only received and thrown away. The bed's API server holds 500 pods of two containers
that kwok runs; Prometheus holds their 14 days, a sample a minute, written by the bed in cAdvisor's and
kube-state-metrics' format.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import urllib3

from benchmarks.measure import MEBIBYTE, measure
from costkit import pipeline
from costkit.cli.flags import TalkFlags
from costkit.cli.talk import set_logs
from costkit.collect.live import LiveOptions, LiveSource
from costkit.connect.kube import Access, Kube
from costkit.connect.prometheus import Answer, Endpoint, Prometheus
from costkit.model.window import DAY, Window
from costkit.progress import Silent
from tests.bed import exposition, live
from tests.bed.cluster import Cluster
from tests.bed.nodes import Machine
from tests.bed.prometheus import Prometheus as BedPrometheus
from tests.bed.scene import Floats, Times, Usage

ROOT = Path(__file__).resolve().parents[1]
DAYS = 14
END = 1_780_012_800 // DAY * DAY
WORKLOADS, REPLICAS = 50, 10
CONTAINERS = ("main", "helper")
MACHINES = tuple(
    Machine(f"node-{i:02d}", "32", "128Gi", instance_type="m6i.8xlarge", provider_id=f"aws:///us-east-1a/i-{i}")
    for i in range(20)
)
IN_FLIGHT = 2
"""As many queries as costkit has on their way at once."""


class Recorder(Prometheus):
    """Keeps what it is asked for."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.asked: list[tuple[str, dict[str, str]]] = []

    def _ask(self, call: str, form: dict[str, str]) -> Answer:
        self.asked.append((call, form))
        return super()._ask(call, form)


def deployment(number: int) -> dict[str, Any]:
    name = f"app-{number:02d}"
    resources = {"requests": {"cpu": "500m", "memory": "512Mi"}, "limits": {"cpu": "1", "memory": "1Gi"}}
    containers = [{"name": c, "image": f"registry.example/{c}:1", "resources": resources} for c in CONTAINERS]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": f"space-{number % 5}", "labels": {"team": f"team-{number % 6}"}},
        "spec": {
            "replicas": REPLICAS,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": containers}},
        },
    }


def usage_of(who: live.Who) -> Usage:
    """A daily wave with noise, another for each container."""

    def usage(times: Times) -> tuple[Floats, Floats]:
        noise = np.random.default_rng(crc32(f"{who.pod}/{who.container}".encode())).standard_normal((2, len(times)))
        wave = 1 + 0.4 * np.sin(times / DAY * 2 * np.pi)
        return np.maximum(0.01, 0.2 * wave * (1 + 0.1 * noise[0])), 256 * MEBIBYTE * (1 + 0.02 * noise[1])

    return usage


def populate(cluster: Cluster) -> Path:
    """The kubeconfig of the shipped reader's role."""
    cluster.add_nodes(MACHINES)
    for number in range(5):
        cluster.create_namespace(f"space-{number}")
    cluster.kubectl("apply", "-f", ROOT / "deploy" / "rbac-reader.yaml")
    cluster.apply([deployment(number) for number in range(WORKLOADS)])
    cluster.wait_ready(seconds=300)
    return cluster.service_account_kubeconfig("costkit", "costkit-reader")


def recorded(url: str, kubeconfig: Path) -> list[tuple[str, dict[str, str]]]:
    """Every query of one collection."""
    window = Window.back_from(END, DAYS)
    with Kube.open(Access(kubeconfig=kubeconfig)) as kube, Recorder(Endpoint(url)) as prometheus:
        pipeline.observe(LiveSource(kube, prometheus, window, LiveOptions()), window, END, Silent())
        return prometheus.asked


def raw_pull(url: str, asked: list[tuple[str, dict[str, str]]]) -> tuple[int, float]:
    """Bytes of all answers, and the seconds that they took."""
    http = urllib3.PoolManager(maxsize=IN_FLIGHT)
    start = time.perf_counter()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        sizes = pool.map(lambda one: len(http.request("POST", f"{url}/api/v1/{one[0]}", fields=one[1]).data), asked)
        return sum(sizes), time.perf_counter() - start


def main(folder: Path) -> None:
    set_logs(TalkFlags())
    with Cluster.start(folder / "cluster") as cluster:
        kubeconfig = populate(cluster)
        start = time.perf_counter()
        history = exposition.write(live.from_cluster(cluster, usage_of, END, days=DAYS), folder)
        with BedPrometheus.start(folder / "prometheus", history) as prometheus:
            print(f"14 days written and back-filled in {time.perf_counter() - start:.0f} s", flush=True)
            target = folder / "snapshot.zip"
            words = ["collect", "-o", target, "--at", END, "--kubeconfig", kubeconfig]
            command = [sys.executable, "-m", "costkit", *map(str, words), "--prometheus-url", prometheus.url]
            run = measure(command)
            print(f"costkit collect: {run.seconds:.1f} s, peak {run.peak / MEBIBYTE:.0f} MiB, exit {run.code}")
            print(f"snapshot: {target.stat().st_size / MEBIBYTE:.1f} MiB")
            asked = recorded(prometheus.url, kubeconfig)
            size, seconds = raw_pull(prometheus.url, asked)
            print(f"the same {len(asked)} queries, received only: {seconds:.1f} s, {size / MEBIBYTE:.0f} MiB")
            print(f"ratio {run.seconds / seconds:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
