"""Every list of the Kubernetes API that a collection reads: its plural and its path. The one table of them.

Custom resources that own pods come on top; which those are, the cluster says.
"""

from collections.abc import Mapping

IDENTITY = "/api/v1/namespaces/kube-system"
"""The one object that is read by name."""

LISTS: Mapping[str, str] = {
    "pods": "/api/v1/pods",
    "nodes": "/api/v1/nodes",
    "namespaces": "/api/v1/namespaces",
    "deployments": "/apis/apps/v1/deployments",
    "statefulsets": "/apis/apps/v1/statefulsets",
    "daemonsets": "/apis/apps/v1/daemonsets",
    "replicasets": "/apis/apps/v1/replicasets",
    "replicationcontrollers": "/api/v1/replicationcontrollers",
    "cronjobs": "/apis/batch/v1/cronjobs",
    "jobs": "/apis/batch/v1/jobs",
    "horizontalpodautoscalers": "/apis/autoscaling/v2/horizontalpodautoscalers",
    "verticalpodautoscalers": "/apis/autoscaling.k8s.io/v1/verticalpodautoscalers",
    "poddisruptionbudgets": "/apis/policy/v1/poddisruptionbudgets",
    "limitranges": "/api/v1/limitranges",
    "resourcequotas": "/api/v1/resourcequotas",
    "persistentvolumes": "/api/v1/persistentvolumes",
    "persistentvolumeclaims": "/api/v1/persistentvolumeclaims",
    "storageclasses": "/apis/storage.k8s.io/v1/storageclasses",
    "services": "/api/v1/services",
    "endpointslices": "/apis/discovery.k8s.io/v1/endpointslices",
}


def group_of(path: str) -> str:
    """The API group of a list's path; empty for the core group."""
    return path.split("/")[2] if path.startswith("/apis/") else ""
