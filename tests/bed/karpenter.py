"""The real Karpenter with its kwok provider: a running cluster goes in, nodes that come and go come out.

It launches Node objects of made-up types (c-8x-amd64-linux has 8 cores) and consolidates them as it does real ones.
"""

from tests.bed.control_plane import Client
from tests.bed.ports import free_port
from tests.bed.process import Process
from tests.bed.tools import tool

NAMESPACE = "karpenter"

NODE_CLASS = {
    "apiVersion": "karpenter.kwok.sh/v1alpha1",
    "kind": "KWOKNodeClass",
    "metadata": {"name": "default"},
}

NODE_POOL = {
    "apiVersion": "karpenter.sh/v1",
    "kind": "NodePool",
    "metadata": {"name": "default"},
    "spec": {
        "template": {
            "spec": {
                "requirements": [
                    {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]},
                    {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]},
                    {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["on-demand", "spot"]},
                ],
                "nodeClassRef": {"name": "default", "kind": "KWOKNodeClass", "group": "karpenter.kwok.sh"},
                "expireAfter": "Never",
            }
        },
        "limits": {"cpu": 1000},
        "disruption": {
            "consolidationPolicy": "WhenEmptyOrUnderutilized",
            "consolidateAfter": "5s",
            "budgets": [{"nodes": "100%"}],
        },
    },
}


def definitions() -> list[str]:
    """`kubectl apply`'s arguments for Karpenter's own kinds, which must be there before it starts."""
    return [word for name in ("pkg/apis/crds", "kwok/apis/crds") for word in ("-f", str(tool(name)))]


def start(client: Client) -> Process:
    settings = {
        "KUBECONFIG": str(client.kubeconfig("karpenter")),
        "SYSTEM_NAMESPACE": NAMESPACE,
        "DISABLE_LEADER_ELECTION": "true",
        "METRICS_PORT": str(free_port()),
        "HEALTH_PROBE_PORT": str(free_port()),
        "CLUSTER_NAME": "bed",
    }
    return Process("karpenter", [tool("karpenter")], client.folder, settings)
