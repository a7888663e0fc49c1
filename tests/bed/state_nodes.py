"""kube-state-metrics' series of nodes, namespaces and claims: a scene goes in, rows come out."""

from collections.abc import Iterator

from tests.bed.samples import Row
from tests.bed.scene import ClaimSeries, NodeSeries
from tests.bed.state import State, flag, label_names

CLAIM_PHASES = ("Lost", "Bound", "Pending")


def rows(state: State) -> Iterator[Row]:
    for node in state.scene.nodes:
        yield from _node(state, node)
    for claim in state.scene.claims:
        yield from _claim(state, claim)
    for namespace in sorted({pod.namespace for pod in state.scene.pods}):
        yield from _namespace(state, namespace)


def _namespace(state: State, name: str) -> Iterator[Row]:
    """As old as the scene: nothing describes namespaces, they are those of its pods."""
    labels, life = {"namespace": name}, (state.scene.start, None)
    yield from state.row("kube_namespace_created", labels, life, float(state.scene.start))
    for phase in ("Active", "Terminating"):
        phased = {**labels, "phase": phase}
        yield from state.row("kube_namespace_status_phase", phased, life, flag(phase == "Active"))


def _node(state: State, node: NodeSeries) -> Iterator[Row]:
    names, life = {"node": node.name}, (node.start, node.end)
    yield from state.row("kube_node_info", {**names, **_machine(node)}, life)
    yield from state.row("kube_node_created", names, life, float(node.start))
    yield from state.row("kube_node_labels", {**names, **label_names(node.labels)}, life)
    yield from state.row("kube_node_spec_unschedulable", names, life, 0.0)
    for status in ("true", "false", "unknown"):
        ready = {**names, "condition": "Ready", "status": status}
        yield from state.row("kube_node_status_condition", ready, life, flag(status == "true"))
    for key, value, effect in node.taints:
        yield from state.row("kube_node_spec_taint", {**names, "key": key, "value": value, "effect": effect}, life)
    yield from _sizes(state, node)


def _machine(node: NodeSeries) -> dict[str, str]:
    return {
        "kernel_version": "6.12.54",
        "os_image": "Debian GNU/Linux 12 (bookworm)",
        "container_runtime_version": "containerd://2.2.1",
        "kubelet_version": "v1.36.3",
        "kubeproxy_version": "deprecated",
        "provider_id": node.provider_id,
        "pod_cidr": "10.244.0.0/24",
        "system_uuid": "",
        "internal_ip": node.address,
    }


def _sizes(state: State, node: NodeSeries) -> Iterator[Row]:
    left_cpu = node.cpu if node.allocatable_cpu is None else node.allocatable_cpu
    left_memory = node.memory if node.allocatable_memory is None else node.allocatable_memory
    for name, cpu, memory in (("capacity", node.cpu, node.memory), ("allocatable", left_cpu, left_memory)):
        sizes = (("cpu", "core", cpu), ("memory", "byte", memory), ("pods", "integer", float(node.pods)))
        for resource, unit, value in sizes:
            labels = {"node": node.name, "resource": resource, "unit": unit}
            yield from state.row(f"kube_node_status_{name}", labels, (node.start, node.end), value)


def _claim(state: State, claim: ClaimSeries) -> Iterator[Row]:
    names, life = {"namespace": claim.namespace, "persistentvolumeclaim": claim.name}, (claim.start, claim.end)
    info = {"storageclass": claim.storage_class, "volumename": claim.volume, "volumemode": "Filesystem"}
    yield from state.row("kube_persistentvolumeclaim_info", {**names, **info}, life)
    yield from state.row("kube_persistentvolumeclaim_created", names, life, float(claim.start))
    size = "kube_persistentvolumeclaim_resource_requests_storage_bytes"
    yield from state.row(size, names, life, claim.requested)
    for phase in CLAIM_PHASES:
        phased = {**names, "phase": phase}
        yield from state.row("kube_persistentvolumeclaim_status_phase", phased, life, flag(phase == claim.phase))
