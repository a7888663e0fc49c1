"""GPUs by the series of a DCGM exporter in a real Prometheus: idle, in use, shared, sliced, and told without pods.

No GPU can be had on the bed. The series STAND IN for dcgm-exporter's, by its format: util in per cent, the pod's labels
only where the exporter knows them, a MIG slice with its profile and a util that is always 0.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from costkit.analyze.facts import study
from costkit.history.snapshots import read_snapshot
from costkit.model.facts import ContainerFacts
from costkit.recommend.rightsize.gpus import gpu_reason
from tests.bed import exposition, live, samples
from tests.bed.cluster import Cluster
from tests.bed.nodes import Machine
from tests.bed.prometheus import Prometheus
from tests.bed.samples import Grid, Row
from tests.bed.scene import steady
from tests.e2e.stage import costkit

DAYS = 4
END = 1_780_012_800 // 86400 * 86400
SPACE = "ml"
GFD = {
    "gpu-0": {},
    "gpu-1": {"nvidia.com/gpu.replicas": "4", "nvidia.com/gpu.sharing-strategy": "mps"},
    "gpu-2": {"nvidia.com/mig.strategy": "single", "nvidia.com/gpu.product": "NVIDIA-H100-NVL-MIG-1g.12gb"},
}
"""Labels of GPU feature discovery, by node."""
ASKS = {
    "idle": ("gpu-0", "nvidia.com/gpu"),
    "busy": ("gpu-0", "nvidia.com/gpu"),
    "unlabelled": ("gpu-0", "nvidia.com/gpu"),
    "slice": ("gpu-0", "nvidia.com/mig-1g.5gb"),
    "shared": ("gpu-1", "nvidia.com/gpu"),
    "single": ("gpu-2", "nvidia.com/gpu"),
}
"""Workload -> its node and what it asks for."""


def workload(name: str, node: str, resource: str) -> dict[str, Any]:
    limits = {"cpu": "1", "memory": "1Gi", resource: "1"}
    container = {"name": "train", "image": "ml/train:1", "resources": {"limits": limits}}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": name, "namespace": SPACE},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "serviceName": name,
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"nodeName": node, "containers": [container]},
            },
        },
    }


def util(name: str, percent: float, **labels: str) -> Row:
    grid = Grid(END - (DAYS + 1) * 86400, END, 60)
    of_pod = {"namespace": SPACE, "pod": f"{name}-0", "container": "train"} if name else {}
    whose = {
        "gpu": "0",
        "UUID": f"GPU-{name}",
        "device": "nvidia0",
        "modelName": "NVIDIA H100 NVL",
        "Hostname": "gpu-0",
    }
    return Row("DCGM_FI_DEV_GPU_UTIL", {**whose, **of_pod, **labels}, grid, grid.span(grid.times[0], END + 1), percent)


DCGM = (
    util("idle", 0.0),
    util("busy", 63.0),
    util("", 0.0),
    util("slice", 0.0, GPU_I_PROFILE="1g.5gb", GPU_I_ID="3"),
    util("single", 0.0, GPU_I_PROFILE="1g.12gb", GPU_I_ID="1"),
)


@pytest.fixture(scope="module")
def facts(tools: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ContainerFacts]]:  # noqa: ARG001
    folder = tmp_path_factory.mktemp("gpus")
    with Cluster.start(folder) as cluster:
        cluster.add_nodes(Machine(name, cpu="8", memory="32Gi", labels=labels) for name, labels in GFD.items())
        cluster.create_namespace(SPACE)
        cluster.apply(workload(name, *asks) for name, asks in ASKS.items())
        cluster.wait_ready(SPACE)
        scene = live.from_cluster(cluster, lambda _: steady(0.3, 2.0**29), END, days=DAYS + 1)
        rows = samples.write(chain(exposition.rows(scene), DCGM), folder / "history.rows")
        with Prometheus.start(folder / "prometheus", rows) as prometheus:
            done = costkit(
                *("collect", "-o", folder / "s.zip", "--kubeconfig", cluster.kubeconfig),
                *("--prometheus-url", prometheus.url, "--at", str(END), "--window", f"{DAYS}d"),
            )
            assert done.code in (0, 3), done.err
            found = study(read_snapshot(folder / "s.zip"), ()).containers
            yield {of.target.name: of for of in found if of.target.namespace == SPACE}


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("idle", "gpu-idle", "asks for 1 nvidia.com/gpu and used at most 0% of one in 4.0 days"),
        ("unlabelled", "gpu-unlabelled", "no DCGM series names its 1 pods"),
        ("slice", "gpu-mig", "asks for 1 nvidia.com/mig-1g.5gb (its resource is a slice)"),
        ("single", "gpu-mig", "its node's product is NVIDIA-H100-NVL-MIG-1g.12gb"),
        ("shared", "gpu-shared", "its node makes 4 of each GPU by mps"),
    ],
)
def test_each_has_its_finding(facts, name, code, words):
    reason = gpu_reason(facts[name])

    assert reason is not None
    assert (reason.code, words in reason.text) == (code, True), reason.text


def test_a_gpu_in_use_has_none(facts):
    assert facts["busy"].gpu.peak == pytest.approx(0.63)
    assert gpu_reason(facts["busy"]) is None


def test_a_pod_that_no_series_names_has_no_use(facts):
    assert facts["unlabelled"].gpu is None
