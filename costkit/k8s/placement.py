"""Pods and nodes in; on which class of nodes each container is, and for how long, out."""

from collections.abc import Callable, Iterable

from costkit.model.nodes import Node
from costkit.model.pods import Pod
from costkit.model.target import Target


def held_hours(
    pods: Iterable[Pod], nodes: Iterable[Node], hours: Callable[[Pod], float]
) -> dict[Target, dict[str, float]]:
    """Container -> node class (empty where the node is not known) -> `hours` of all its pods that hold a node.

    Of containers that run for their pod's life.
    """
    class_of = {node.name: node.node_class for node in nodes}
    found: dict[Target, dict[str, float]] = {}
    for pod in pods:
        if pod.holds_resources:
            node_class, held = class_of.get(pod.node, ""), hours(pod)
            for container in (c for c in pod.containers if c.runs_on):
                on = found.setdefault(pod.workload.of(container.name), {})
                on[node_class] = on.get(node_class, 0.0) + held
    return found
