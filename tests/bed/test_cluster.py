"""The cluster: who may in, what runs, and that nothing stays behind."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.bed.audit import requests
from tests.bed.cluster import Cluster, KubectlError, NotSettledError
from tests.bed.nodes import Machine
from tests.bed.ports import is_free
from tests.bed.test_process import ROOT, alive, wait_until_gone

STARTER = """
import sys, time
from pathlib import Path
from tests.bed.cluster import Cluster
cluster = Cluster.start(Path(sys.argv[1]))
print(*(process.pid for process in cluster.processes), flush=True)
time.sleep(600)
"""


def pods_of(cpu: str) -> dict[str, Any]:
    container = {"name": "main", "image": "registry.example/main:1", "resources": {"requests": {"cpu": cpu}}}
    return {"metadata": {"labels": {"app": "main"}}, "spec": {"containers": [container]}}


def deployment(namespace: str, replicas: int, cpu: str) -> dict[str, Any]:
    selector = {"matchLabels": {"app": "main"}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "main", "namespace": namespace},
        "spec": {"replicas": replicas, "selector": selector, "template": pods_of(cpu)},
    }


def job(namespace: str) -> dict[str, Any]:
    template = pods_of("100m")
    template["spec"]["restartPolicy"] = "Never"
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "once", "namespace": namespace},
        "spec": {"template": template},
    }


def none_left(pids: Iterable[int], ports: Iterable[int]) -> bool:
    return not any(map(alive, pids)) and all(map(is_free, ports))


@pytest.mark.usefixtures("tools")
def test_two_clusters_side_by_side_stop_without_a_trace(tmp_path: Path) -> None:
    with Cluster.start(tmp_path / "one") as one, Cluster.start(tmp_path / "two") as two:
        one.create_namespace("only-here")
        assert "only-here" not in two.kubectl("get", "namespaces")
        assert one.url != two.url
        pids = [process.pid for cluster in (one, two) for process in cluster.processes]
        assert len(pids) == 10
        assert all(map(alive, pids))
    assert none_left(pids, [one.port, two.port])


@pytest.mark.usefixtures("tools")
def test_a_killed_test_run_leaves_no_server(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pids = list(map(int, run.stdout.readline().split()))
        assert len(pids) == 5
        run.kill()
    assert all(map(wait_until_gone, pids))


def test_only_a_client_that_trusts_the_beds_authority_gets_through(bed: Cluster) -> None:
    address = f"{bed.url}/readyz"
    with urllib3.PoolManager(ca_certs=str(bed.ca)) as trusting:
        assert trusting.request("GET", address).data == b"ok"
    with urllib3.PoolManager(retries=False) as other, pytest.raises(urllib3.exceptions.SSLError, match="VERIFY_FAILED"):
        other.request("GET", address)


def test_a_service_account_without_a_role_may_see_nothing(bed: Cluster, namespace: str) -> None:
    config = bed.service_account_kubeconfig(namespace, "default")
    with pytest.raises(KubectlError, match="Forbidden"):
        bed.kubectl_as(config, "get", "pods")
    bed.kubectl(
        "create", "rolebinding", "view", "--clusterrole=view", f"--serviceaccount={namespace}:default", f"-n{namespace}"
    )
    assert bed.kubectl_as(config, "get", "pods", "-o", "name") == ""


def test_the_log_tells_what_a_service_account_asked_for(bed: Cluster, namespace: str) -> None:
    config = bed.service_account_kubeconfig(namespace, "default")
    bed.kubectl_as(config, "delete", "pod", "some-pod", check=False)
    asked = requests(bed.audit_log, user=f"system:serviceaccount:{namespace}:default")
    assert [(r.verb, r.resource, r.name, r.code) for r in asked] == [("delete", "pods", "some-pod", 403)]


def test_the_scheduler_places_a_deployment_and_its_pods_run(bed: Cluster, namespace: str) -> None:
    bed.apply(deployment(namespace, 8, "500m"))
    bed.wait_ready(namespace)
    pods = bed.get("pods", "-n", namespace)
    assert [pod["status"]["phase"] for pod in pods] == ["Running"] * 8
    assert all(pod["spec"]["nodeName"].startswith("node-") for pod in pods)


def test_a_job_completes(bed: Cluster, namespace: str) -> None:
    bed.apply(job(namespace))
    bed.wait_ready(namespace)
    assert bed.get("job/once", "-n", namespace)["status"]["succeeded"] == 1


def test_a_pod_that_fits_nowhere_keeps_waiting_unless_allowed(bed: Cluster, namespace: str) -> None:
    bed.apply(deployment(namespace, 1, "1000"))
    bed.wait_ready(namespace, pending_ok=True)
    with pytest.raises(NotSettledError, match="Pod"):
        bed.wait_ready(namespace, seconds=1)


def test_nodes_are_as_described(bed: Cluster) -> None:
    taint = {"key": "gpu", "value": "yes", "effect": "NoSchedule"}
    machine = Machine("special", cpu="2", memory="4Gi", capacity_type="spot", allocatable_cpu="1900m", taints=(taint,))
    bed.add_nodes([machine])
    try:
        node = bed.get("node/special")
    finally:
        bed.kubectl("delete", "node", "special")
    assert node["status"]["capacity"]["cpu"] == "2"
    assert node["status"]["allocatable"]["cpu"] == "1900m"
    assert node["metadata"]["labels"]["karpenter.sh/capacity-type"] == "spot"
    assert node["spec"]["taints"] == [taint]


@pytest.mark.usefixtures("tools")
def test_karpenter_buys_a_node_for_pods_that_fit_nowhere(tmp_path: Path) -> None:
    with Cluster.start(tmp_path, karpenter=True) as cluster:
        cluster.create_namespace("shop")
        cluster.apply(deployment("shop", 4, "1"))
        cluster.wait_ready("shop", seconds=60)
        labels = [node["metadata"]["labels"] for node in cluster.get("nodes")]
    assert {label["karpenter.sh/nodepool"] for label in labels} == {"default"}
