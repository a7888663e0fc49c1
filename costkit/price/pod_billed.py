"""Nodes that are billed by what their pods ask for (Fargate, virtual-kubelet, GKE Autopilot), and what that is.

What such a node says it offers is no machine: a virtual-kubelet may offer ten thousand cores.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from costkit.k8s.requests import effective_requests
from costkit.model.nodes import Node
from costkit.model.pods import Pod

_LABELS = {
    "eks.amazonaws.com/compute-type": "fargate",
    "type": "virtual-kubelet",
    "kubernetes.io/role": "agent-virtual",
}
_NAMES = ("fargate-", "virtual-kubelet", "virtual-node-", "gk3-")
"""How providers name them: all that is left of a node that is gone."""


def is_pod_billed(name: str, node: Node | None) -> bool:
    """`node` is the living one of that name, None where it is gone."""
    labels = node.meta.labels if node is not None else {}
    return name.startswith(_NAMES) or any(labels.get(key) == value for key, value in _LABELS.items())


def requested_now(node: Node, pods: Iterable[Pod]) -> dict[str, float]:
    """Cores (`cpu`) and bytes (`memory`) that the pods on a living node ask for."""
    on_it = [effective_requests(pod) for pod in pods if pod.node == node.name and pod.holds_resources]
    return {resource: sum(asked.get(resource, 0.0) for asked in on_it) for resource in ("cpu", "memory")}


def requested_then(row: Mapping[str, Any]) -> dict[str, float]:
    """The same of a row of the frame `nodes`: the mean over its half hours, 0 where no series tells."""
    return {resource: _mean(row[f"requested_{resource}"] or ()) for resource in ("cpu", "memory")}


def _mean(half_hours: Iterable[float | None]) -> float:
    known = [value for value in half_hours if value is not None and math.isfinite(value)]
    return sum(known) / len(known) if known else 0.0
