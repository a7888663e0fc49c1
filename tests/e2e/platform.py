"""A platform of at least 40 workloads of every kind on a bed cluster, and the usage that its Prometheus tells of.

Out: manifests, and the usage of each container as a pure function of time, so that a test has the raw truth.
"""

import zlib
from typing import Any

import numpy as np

from tests.bed.live import Who
from tests.bed.nodes import Machine
from tests.bed.scene import Floats, Times, Usage

Object = dict[str, Any]
NAMESPACES = {
    "shop": {"team": "web", "env": "production"},
    "ml": {"team": "ML-Team", "env": "production"},
    "dev": {"env": "dev"},
}
MEBIBYTE = 2**20

MACHINES = (
    *(
        Machine(
            f"m6i-{i}", cpu="16", memory="64Gi", instance_type="m6i.4xlarge", provider_id=f"aws:///us-east-1a/i-{i}"
        )
        for i in range(4)
    ),
    *(
        Machine(
            f"spot-{i}",
            cpu="8",
            memory="32Gi",
            instance_type="m6i.2xlarge",
            capacity_type="spot",
            pool="spot",
            provider_id=f"aws:///us-east-1a/s-{i}",
        )
        for i in range(2)
    ),
)


def crds() -> list[Object]:
    kinds = (
        ("argoproj.io", "v1alpha1", "Rollout", "rollouts"),
        ("core.strimzi.io", "v1beta2", "StrimziPodSet", "strimzipodsets"),
        ("kafka.strimzi.io", "v1beta2", "Kafka", "kafkas"),
        ("example.com", "v1", "Widget", "widgets"),
    )
    return [_crd(*kind) for kind in kinds]


def objects() -> list[Object]:
    """Everything but what needs another object's UID."""
    made = [_controller("Deployment", "shop", f"web-{i:02d}", 1 + i % 3, _sizes(i)) for i in range(14)]
    made += [_controller("Deployment", "dev", f"tool-{i:02d}", 1, _sizes(i + 3)) for i in range(8)]
    made += [_controller("StatefulSet", "shop", f"db-{i}", 2, _sizes(i)) for i in range(5)]
    agent = ("200m", "256Mi", "400m", "512Mi")
    made += [_controller("DaemonSet", "ml", f"agent-{i}", None, agent) for i in range(2)]
    made.append(_controller("ReplicaSet", "dev", "own-set", 2, _sizes(1)))
    made.append(_replication_controller())
    made += [_job("ml", f"train-bert-{day}", _sizes(4)) for day in (20261101, 20261102, 20261103)]
    made.append(_cronjob())
    made.append(_pod("dev", "alone", _sizes(2)))
    made += [_sidecar_deployment(), _defaulted_deployment(), _hpa_deployment(), _hpa(), _unlabelled()]
    made += [_limit_range(), _quota(), _budget(), _service(), _storage_class(), _claim()]
    return made


def rollout(name: str) -> Object:
    body = _controller("Deployment", "shop", name, 2, _sizes(5))
    return {**body, "apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"}


def rollout_set(owner: Object) -> Object:
    """The ReplicaSet that Argo's controller, which cannot run here, would make."""
    body = _controller("ReplicaSet", "shop", f"{owner['metadata']['name']}-6f7d9c8b54", 2, _sizes(5))
    body["spec"]["template"]["metadata"]["labels"]["rollouts-pod-template-hash"] = "6f7d9c8b54"
    return _owned(body, owner)


def kafka() -> Object:
    return {
        "apiVersion": "kafka.strimzi.io/v1beta2",
        "kind": "Kafka",
        "metadata": {"name": "events", "namespace": "ml"},
    }


def pod_set(owner: Object) -> Object:
    body = {
        "apiVersion": "core.strimzi.io/v1beta2",
        "kind": "StrimziPodSet",
        "metadata": {"name": "events-kafka", "namespace": "ml"},
        "spec": {"pods": []},
    }
    return _owned(body, owner)


def broker(owner: Object, index: int) -> Object:
    return _owned(_pod("ml", f"events-kafka-{index}", _sizes(6)), owner)


def widget() -> Object:
    """Of a group that the reader role does not name."""
    return {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "wheel", "namespace": "dev"}}


def widget_pod(owner: Object) -> Object:
    return _owned(_pod("dev", "wheel-0", _sizes(0)), owner)


def usage_of(who: Who) -> Usage:
    """A level of its own for each container, constant within five minutes, so that a rate over these is exact."""
    seed = zlib.crc32(f"{who.namespace}/{who.workload}/{who.container}".encode())
    cores, memory = 0.05 + seed % 97 / 200, (64 + seed % 389) * MEBIBYTE
    replica = zlib.crc32(who.pod.encode()) % 10 / 100

    def usage(times: Times) -> tuple[Floats, Floats]:
        bins = (times - 1) // 300
        wave = 1 + 0.3 * np.sin(bins / 288 * 2 * np.pi) + 0.02 * (bins % 7)
        return cores * (1 + replica) * wave, np.floor(memory * (1 + replica) * (1 + 0.05 * (bins % 11) / 11))

    return usage


def _sizes(i: int) -> tuple[str, str, str, str]:
    """Requests and limits, CPU and memory."""
    return (f"{(i % 6 + 1) * 250}m", f"{(i % 5 + 1) * 256}Mi", f"{(i % 6 + 1) * 500}m", f"{(i % 5 + 1) * 512}Mi")


def _container(name: str, sizes: tuple[str, str, str, str] | None) -> Object:
    container: Object = {"name": name, "image": f"registry.example/{name}:1.0"}
    if sizes is not None:
        cpu, memory, cpu_limit, memory_limit = sizes
        container["resources"] = {
            "requests": {"cpu": cpu, "memory": memory},
            "limits": {"cpu": cpu_limit, "memory": memory_limit},
        }
    return container


def _template(name: str, containers: list[Object]) -> Object:
    return {"metadata": {"labels": {"app": name, "costCenter": "cc-7"}}, "spec": {"containers": containers}}


def _controller(kind: str, namespace: str, name: str, replicas: int | None, sizes: tuple[str, str, str, str]) -> Object:
    spec: Object = {
        "selector": {"matchLabels": {"app": name}},
        "template": _template(name, [_container("main", sizes)]),
    }
    if replicas is not None:
        spec["replicas"] = replicas
    if kind == "StatefulSet":
        spec["serviceName"] = name
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
        "spec": spec,
    }


def _replication_controller() -> Object:
    body = _controller("Deployment", "dev", "old-style", 1, _sizes(2))
    spec = {**body["spec"], "selector": {"app": "old-style"}}
    return {**body, "apiVersion": "v1", "kind": "ReplicationController", "spec": spec}


def _job(namespace: str, name: str, sizes: tuple[str, str, str, str]) -> Object:
    template = _template(name, [_container("train", sizes)])
    template["spec"]["restartPolicy"] = "Never"
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"template": template},
    }


def _cronjob() -> Object:
    job = _job("ml", "nightly", _sizes(3))
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "nightly", "namespace": "ml"},
        "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": job["spec"]}},
    }


def _pod(namespace: str, name: str, sizes: tuple[str, str, str, str]) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
        "spec": {"containers": [_container("main", sizes)]},
    }


def _sidecar_deployment() -> Object:
    body = _controller("Deployment", "shop", "paired", 2, _sizes(5))
    body["spec"]["template"]["spec"]["containers"].append(_container("proxy", ("100m", "128Mi", "1", "256Mi")))
    body["spec"]["template"]["spec"]["initContainers"] = [
        _container("migrate", ("2", "1Gi", "2", "1Gi")),
        {**_container("logs", ("50m", "64Mi", "100m", "128Mi")), "restartPolicy": "Always"},
    ]
    return body


def _defaulted_deployment() -> Object:
    """Its resources come from the LimitRange of dev."""
    body = _controller("Deployment", "dev", "defaulted", 1, _sizes(0))
    body["spec"]["template"]["spec"]["containers"] = [_container("main", None)]
    return body


def _hpa_deployment() -> Object:
    return _controller("Deployment", "shop", "scaled", 3, _sizes(3))


def _hpa() -> Object:
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}},
    }
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "scaled", "namespace": "shop"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "scaled"},
            "minReplicas": 3,
            "maxReplicas": 6,
            "metrics": [metric],
        },
    }


def _unlabelled() -> Object:
    body = _controller("Deployment", "dev", "nameless", 1, _sizes(1))
    del body["spec"]["template"]["metadata"]["labels"]["costCenter"]
    return body


def _limit_range() -> Object:
    limit = {
        "type": "Container",
        "default": {"cpu": "400m", "memory": "512Mi"},
        "defaultRequest": {"cpu": "300m", "memory": "384Mi"},
        "min": {"cpu": "20m", "memory": "48Mi"},
    }
    return {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "defaults", "namespace": "dev"},
        "spec": {"limits": [limit]},
    }


def _quota() -> Object:
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "team", "namespace": "shop"},
        "spec": {"hard": {"requests.cpu": "100", "requests.memory": "200Gi"}},
    }


def _budget() -> Object:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "db-0", "namespace": "shop"},
        "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "db-0"}}},
    }


def _service() -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web-00", "namespace": "shop"},
        "spec": {"selector": {"app": "web-00"}, "ports": [{"port": 80}]},
    }


def _storage_class() -> Object:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "gp3"},
        "provisioner": "ebs.csi.aws.com",
        "parameters": {"type": "gp3"},
    }


def _claim() -> Object:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": "shop"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "gp3",
            "resources": {"requests": {"storage": "20Gi"}},
        },
    }


def _owned(body: Object, owner: Object) -> Object:
    reference = {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
    }
    return {**body, "metadata": {**body["metadata"], "ownerReferences": [reference]}}


def _crd(group: str, version: str, kind: str, plural: str) -> Object:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [{"name": version, "served": True, "storage": True, "schema": schema}],
        },
    }
