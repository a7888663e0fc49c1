"""kube-state-metrics' series of pods and their containers: a scene goes in, rows come out."""

from collections.abc import Iterator

from tests.bed.samples import Row
from tests.bed.scene import FINAL_PHASES, ContainerSeries, PodSeries
from tests.bed.state import State, flag, label_names, owner_labels

PHASES = ("Pending", "Succeeded", "Failed", "Unknown", "Running")
CLASSES = ("BestEffort", "Burstable", "Guaranteed")
OTHER_REASON = {"Succeeded": "Completed", "Failed": "Error"}


def rows(state: State) -> Iterator[Row]:
    for pod in state.scene.pods:
        yield from _Pod(state, pod).rows()


class _Pod:
    """The rows of one pod."""

    def __init__(self, state: State, pod: PodSeries) -> None:
        self._state = state
        self._pod = pod
        self._end = pod.ends(state.scene.end + 1)
        self._life = (pod.start, pod.gone(state.scene.end + 1))
        self._names = {"namespace": pod.namespace, "pod": pod.pod, "uid": pod.uid}

    def rows(self) -> Iterator[Row]:
        yield from self._identity()
        yield from self._times()
        yield from self._phases()
        for container in self._pod.containers:
            yield from self._container(container)

    def _identity(self) -> Iterator[Row]:
        pod, one = self._pod, self._state.row
        host = next((node.address for node in self._state.scene.nodes if node.name == pod.node), "")
        info = {"host_ip": host, "pod_ip": pod.ip, "node": pod.node}
        info |= {"created_by_kind": pod.owner_kind, "created_by_name": pod.owner_name}
        info |= {"priority_class": pod.priority_class, "host_network": "false"}
        yield from one("kube_pod_info", {**self._names, **info}, self._life)
        yield from one("kube_pod_owner", {**self._names, **owner_labels(pod.owner_kind, pod.owner_name)}, self._life)
        yield from one("kube_pod_labels", {**self._names, **label_names(pod.labels)}, self._life)
        for name in CLASSES:
            labels = {**self._names, "qos_class": name}
            yield from one("kube_pod_status_qos_class", labels, self._life, flag(name == pod.qos))

    def _times(self) -> Iterator[Row]:
        pod, one = self._pod, self._state.row
        ready = pod.start + pod.ready_seconds
        yield from one("kube_pod_created", self._names, self._life, float(pod.start))
        yield from one("kube_pod_start_time", self._names, self._life, float(pod.start))
        yield from one("kube_pod_status_scheduled_time", self._names, self._life, float(pod.start))
        if pod.end is None or ready < pod.end:
            yield from one("kube_pod_status_ready_time", self._names, (ready, self._life[1]), float(ready))
        if pod.phase in FINAL_PHASES and pod.end is not None:
            yield from one("kube_pod_completion_time", self._names, (pod.end, self._life[1]), float(pod.end))

    def _phases(self) -> Iterator[Row]:
        """Running while it runs, at the end what it ended as."""
        final = self._pod.phase
        for phase in PHASES:
            running, after = flag(phase == "Running"), flag(phase == final)
            if final == "Pending":  # it never ran
                running = after
            changes = running if running == after else ((self._pod.start, running), (self._end, after))
            yield from self._state.row("kube_pod_status_phase", {**self._names, "phase": phase}, self._life, changes)

    def _container(self, container: ContainerSeries) -> Iterator[Row]:
        labels, one = {**self._names, "container": container.name}, self._state.row
        image = {"image_spec": container.image, "image": container.image, "image_id": "", "container_id": ""}
        yield from one("kube_pod_container_info", {**labels, **image}, self._life)
        yield from self._resources(container)
        count = (self._pod.start, 0.0), *((r.at, n + 1.0) for n, r in enumerate(container.restarts))
        restarts = count if container.restarts else 0.0
        yield from one("kube_pod_container_status_restarts_total", labels, self._life, restarts)
        yield from self._last_ends(container)
        if self._pod.phase in FINAL_PHASES:
            reason = {**labels, "reason": OTHER_REASON[self._pod.phase]}
            yield from one("kube_pod_container_status_terminated_reason", reason, (self._end, self._life[1]))

    def _resources(self, container: ContainerSeries) -> Iterator[Row]:
        labels = {**self._names, "container": container.name, "node": self._pod.node}
        requests = (("cpu", "core", container.cpu_request), ("memory", "byte", container.memory_request))
        limits = (("cpu", "core", container.cpu_limit), ("memory", "byte", container.memory_limit))
        for name, values in (("requests", requests), ("limits", limits)):
            for resource, unit, value in values:
                if value is not None:
                    of = {**labels, "resource": resource, "unit": unit}
                    yield from self._state.row(f"kube_pod_container_resource_{name}", of, self._life, value)

    def _last_ends(self, container: ContainerSeries) -> Iterator[Row]:
        """Of each restart, until the next one takes its place."""
        labels = {**self._names, "container": container.name}
        prefix = "kube_pod_container_status_last_terminated"
        ends = [*(restart.at for restart in container.restarts[1:]), self._life[1]]
        for restart, end in zip(container.restarts, ends, strict=False):
            life = (restart.at, end)
            yield from self._state.row(f"{prefix}_reason", {**labels, "reason": restart.reason}, life)
            yield from self._state.row(f"{prefix}_exitcode", labels, life, float(restart.exit_code))
            yield from self._state.row(f"{prefix}_timestamp", labels, life, float(restart.at))
