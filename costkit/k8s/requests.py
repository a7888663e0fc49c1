"""What a pod reserves on its node: containers, init containers, sidecars, overhead and pod-level resources together.

A pod of the model in; cores, bytes and counts out. As kube-scheduler does it (component-helpers, PodRequests).
"""

from collections.abc import Iterable

from costkit.model.pods import ContainerSpec, Pod, ResourceMap

_POD_LEVEL = ("cpu", "memory", "hugepages-")
"""What a pod-level request may name; all else is asked by containers alone."""


def effective_requests(pod: Pod) -> dict[str, float]:
    """Resource -> cores, bytes or count that the scheduler reserves for a pod, its overhead included."""
    requests = _of_containers(pod.containers)
    requests.update({name: v for name, v in pod.pod_requests.items() if name.startswith(_POD_LEVEL)})
    return _sum(requests, pod.overhead)


def container_shares(pod: Pod) -> dict[str, dict[str, float]]:
    """Container -> its part of the effective requests; the parts of all that run for the pod's life sum to the whole.

    What no container asks for by itself (overhead, a large init container, a pod-level request) is shared in
    proportion to what each asks for, evenly where none asks.
    """
    running = [c for c in pod.containers if c.runs_on]
    shares: dict[str, dict[str, float]] = {c.name: {} for c in running}
    for resource, whole in effective_requests(pod).items():
        asked = [c.requests.get(resource, 0.0) for c in running]
        total = sum(asked)
        for container, own in zip(running, asked, strict=True):
            shares[container.name][resource] = whole * (own / total if total else 1 / len(running))
    return shares


def gpus(resources: ResourceMap) -> float:
    """Whole GPUs of any vendor (`nvidia.com/gpu`, `amd.com/gpu`); slices (MIG) are none."""
    return sum(count for name, count in resources.items() if name.endswith("/gpu"))


def _of_containers(containers: Iterable[ContainerSpec]) -> dict[str, float]:
    """max(all that run together, each init container with the sidecars started before it)."""
    running: dict[str, float] = {}
    sidecars: dict[str, float] = {}
    starting: dict[str, float] = {}
    for container in containers:
        if container.runs_on:
            running = _sum(running, container.requests)
        if container.sidecar:
            sidecars = _sum(sidecars, container.requests)
        elif container.init:
            starting = _most(starting, _sum(sidecars, container.requests))
    return _most(running, starting)


def _sum(left: ResourceMap, right: ResourceMap) -> dict[str, float]:
    return {name: left.get(name, 0.0) + right.get(name, 0.0) for name in {**left, **right}}


def _most(left: ResourceMap, right: ResourceMap) -> dict[str, float]:
    return {name: max(left.get(name, 0.0), right.get(name, 0.0)) for name in {**left, **right}}
