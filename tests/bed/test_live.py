"""A scene from live objects: what the bed runs is what Prometheus then knows."""

from pathlib import Path

import pytest

from tests.bed import exposition
from tests.bed.cluster import Cluster
from tests.bed.live import Who, from_cluster, with_older_replicas
from tests.bed.prometheus import Prometheus
from tests.bed.quantity import quantity
from tests.bed.scene import Usage, steady
from tests.bed.test_cluster import deployment, job

END = 1_780_000_800
DAY = 86400


def usage(who: Who) -> Usage:
    return steady(0.2 if who.kind == "Deployment" else 0.05, 1e8)


@pytest.mark.parametrize(
    ("text", "value"), [("500m", 0.5), ("2", 2.0), ("1Gi", 2**30), ("128Mi", 2**27), ("1k", 1000.0), ("1e3", 1000.0)]
)
def test_quantities(text: str, value: float) -> None:
    assert quantity(text) == pytest.approx(value)


def test_live_objects_get_a_past(bed: Cluster, namespace: str, tmp_path: Path) -> None:
    bed.apply([deployment(namespace, 3, "500m"), job(namespace)])
    bed.wait_ready(namespace)
    scene = from_cluster(bed, usage, END, days=2, namespaces=[namespace])
    scene = with_older_replicas(scene, namespace, "main", until=END - DAY, usage=steady(0.4, 2e8))
    with Prometheus.start(tmp_path, exposition.write(scene, tmp_path)) as prometheus:

        def value(promql: str, time: float = END) -> float:
            return prometheus.query(promql, time)[0].value

        assert value("count(kube_node_info)") == 4
        assert value('sum(kube_pod_container_resource_requests{resource="cpu",container="main",pod!~"once.*"})') == 1.5
        assert value('sum(rate(container_cpu_usage_seconds_total{container="main"}[10m]))') == pytest.approx(0.6)
        before = 'sum(rate(container_cpu_usage_seconds_total{container="main"}[10m]))'
        assert value(before, END - DAY - 600) == pytest.approx(1.2)
        assert value('count(kube_replicaset_owner{owner_name="main"})') == 2
        assert value("kube_job_status_succeeded") == 1
        pods = {row.labels["pod"] for row in prometheus.query('kube_pod_owner{owner_kind="ReplicaSet"}', END)}
    assert pods == {
        pod["metadata"]["name"]
        for pod in bed.get("pods", "-n", namespace, "-l", "app=main")
        if "once" not in pod["metadata"]["name"]
    }
