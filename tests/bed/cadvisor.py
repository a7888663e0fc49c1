"""A kubelet's series: pods and claims of a scene go in, rows as cAdvisor and the kubelet expose them come out.

It stands in for a kubelet, which cannot run here. Names and labels are those of a real payload of Kubernetes 1.35,
with what a Prometheus adds when it scrapes: job, instance, node, metrics_path. As there, each pod has a row for its
cgroup (`container=""`, no image), one for its sandbox (`container=""`, the pause image) and one for each container.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tests.bed.samples import Grid, Row, Values, over_time
from tests.bed.scene import ClaimSeries, ContainerSeries, Floats, NodeSeries, PodSeries, Scene

PAUSE_IMAGE = "registry.k8s.io/pause:3.10.1"
PAUSE_MEMORY = 196608.0
PAUSE_CPU_SECONDS = 0.012
ROOT_CORES, ROOT_MEMORY = 0.1, 2.0**29
PERIODS_PER_SECOND = 10  # the kernel's default of 100 ms


@dataclass(frozen=True, slots=True)
class Run:
    """A container between two (re)starts: places on the grid, and the text that makes its id."""

    start: int
    stop: int
    identity: str
    died: bool


def rows(scene: Scene, grid: Grid, slow: Grid) -> Iterator[Row]:
    """`grid` has the times of usage, `slow` those of what seldom changes."""
    addresses = {node.name: node.address for node in scene.nodes}
    roots = {node.name: _Root(node, grid) for node in scene.nodes}
    for pod in scene.pods:
        one = _Pod(scene, pod, grid, slow, addresses.get(pod.node, "10.128.0.1"))
        yield from one.rows()
        if pod.node in roots:
            roots[pod.node].add(*one.used)
    for root in roots.values():
        yield from root.rows(_scraped(scene, root.node.name, root.node.address, "/metrics/cadvisor"))
    for claim in scene.claims:
        if claim.used is not None:
            yield from _volume(scene, claim, slow, addresses.get(claim.node, "10.128.0.1"))


class _Root:
    """The cgroup of a whole node: what its pods use, and a little of its own."""

    def __init__(self, node: NodeSeries, grid: Grid) -> None:
        self.node = node
        self._grid = grid
        self._cores = np.full(len(grid.times), ROOT_CORES)
        self._memory = np.full(len(grid.times), ROOT_MEMORY)

    def add(self, span: slice, cores: Floats, memory: Floats) -> None:
        self._cores[span] += cores
        self._memory[span] += memory

    def rows(self, scraped: Mapping[str, str]) -> Iterator[Row]:
        step = float(self._grid.times[1] - self._grid.times[0]) if len(self._grid.times) > 1 else 0.0
        end = int(self._grid.times[-1]) + 1 if self.node.end is None else self.node.end
        span = self._grid.span(self.node.start, end)
        labels = {"container": "", "id": "/", "image": "", "name": "", "namespace": "", "pod": "", **scraped}
        seconds = np.round(np.cumsum(self._cores[span] * step), 6)
        yield Row("container_cpu_usage_seconds_total", _cpu(labels), self._grid, span, seconds)
        yield Row("container_memory_working_set_bytes", labels, self._grid, span, _bytes(self._memory[span]))


class _Pod:
    """The rows of one pod."""

    def __init__(self, scene: Scene, pod: PodSeries, grid: Grid, slow: Grid, address: str) -> None:
        self._scene = scene
        self._pod = pod
        self._grid = grid
        self._slow = slow
        self._scraped = _scraped(scene, pod.node, address, "/metrics/cadvisor")
        self.used: tuple[slice, Floats, Floats] = (slice(0, 0), np.empty(0), np.empty(0))
        """Once `rows` are out: where on the grid, cores, bytes."""
        self._group = "" if pod.qos == "Guaranteed" else f"/{pod.qos.lower()}"

    def rows(self) -> Iterator[Row]:
        end = self._pod.ends(self._scene.end + 1)
        span = self._grid.span(self._pod.start, end)
        cores_sum, memory_sum = np.zeros(span.stop - span.start), np.zeros(span.stop - span.start)
        for container in self._pod.containers:
            cores, memory = container.usage(self._grid.times[span])
            cores_sum, memory_sum = cores_sum + cores, memory_sum + memory
            for run in _runs(self._pod, container, self._grid, span):
                part = slice(run.start - span.start, run.stop - span.start)
                yield from self._container(container, run, cores[part], memory[part])
        self.used = (span, cores_sum, memory_sum)
        labels = self._labels()
        yield self._row("container_cpu_usage_seconds_total", labels, span, self._counter(cores_sum))
        yield self._row("container_memory_working_set_bytes", labels, span, _bytes(memory_sum + PAUSE_MEMORY))
        yield from self._sandbox(end)

    def _container(self, container: ContainerSeries, run: Run, cores: Floats, memory: Floats) -> Iterator[Row]:
        name = container.name if self._scene.container_names else ""
        labels = self._labels(name, run.identity, container.image)
        span = slice(run.start, run.stop)
        counter = np.concatenate([self._counter(part) for part in _between_resets(container, cores, span, self._grid)])
        yield self._row("container_cpu_usage_seconds_total", labels, span, counter)
        yield self._row("container_memory_working_set_bytes", labels, span, _bytes(memory))
        yield self._slow_row("container_start_time_seconds", labels, span, float(self._grid.times[run.start]))
        yield self._slow_row("container_oom_events_total", labels, span, 1.0 if run.died else 0.0)
        if container.cpu_limit is not None:
            yield from self._throttling(container, labels, span)

    def _throttling(self, container: ContainerSeries, labels: Mapping[str, str], span: slice) -> Iterator[Row]:
        """Of containers with a CPU limit alone: without one there are no periods."""
        periods = np.arange(span.stop - span.start, dtype=np.int64) * self._scene.step * PERIODS_PER_SECOND
        throttled = np.floor(periods * container.throttled).astype(np.int64)
        yield self._row("container_cpu_cfs_periods_total", labels, span, periods)
        yield self._row("container_cpu_cfs_throttled_periods_total", labels, span, throttled)

    def _sandbox(self, end: int) -> Iterator[Row]:
        """The pod's network belongs to its sandbox, whose own usage is next to nothing."""
        labels = self._labels("", f"{self._pod.uid}/pause", PAUSE_IMAGE)
        span = self._slow.span(self._pod.start, end)
        yield Row("container_cpu_usage_seconds_total", _cpu(labels), self._slow, span, PAUSE_CPU_SECONDS)
        yield Row("container_memory_working_set_bytes", labels, self._slow, span, PAUSE_MEMORY)
        ages = self._slow.times[span] - self._pod.start
        for name, rate in (("receive", self._pod.received), ("transmit", self._pod.sent)):
            values = np.round(ages * rate).astype(np.int64)
            yield Row(f"container_network_{name}_bytes_total", _eth0(labels), self._slow, span, values)

    def _labels(self, container: str = "", identity: str = "", image: str = "") -> dict[str, str]:
        name = hashlib.sha256(identity.encode()).hexdigest() if identity else ""
        place = f"/kubepods{self._group}/pod{self._pod.uid}" + (f"/{name}" if name else "")
        own = {"container": container, "id": place, "image": image, "name": name}
        return {**own, "namespace": self._pod.namespace, "pod": self._pod.pod, **self._scraped}

    def _row(self, name: str, labels: Mapping[str, str], span: slice, values: Values) -> Row:
        return Row(name, _cpu(labels) if "_cpu_usage_" in name else labels, self._grid, span, values)

    def _slow_row(self, name: str, labels: Mapping[str, str], span: slice, value: float) -> Row:
        """The same stretch of time on the slow grid."""
        times = self._grid.times
        return Row(name, labels, self._slow, self._slow.span(times[span.start], times[span.stop - 1] + 1), value)

    def _counter(self, cores: Floats) -> Floats:
        """CPU seconds since the start: each sample adds the mean since the one before it."""
        return np.round(np.cumsum(cores * float(self._scene.step)), 6)


def _runs(pod: PodSeries, container: ContainerSeries, grid: Grid, span: slice) -> Iterator[Run]:
    start, number = span.start, 0
    for restart in (r for r in container.restarts if not r.same_id):
        stop = min(grid.span(restart.at, restart.at).start, span.stop)
        if start < stop:
            yield Run(start, stop, f"{pod.uid}/{container.name}/{number}", restart.reason == "OOMKilled")
        start, number = max(stop, start), number + 1
    if start < span.stop:
        yield Run(start, span.stop, f"{pod.uid}/{container.name}/{number}", died=False)


def _between_resets(container: ContainerSeries, cores: Floats, span: slice, grid: Grid) -> list[Floats]:
    resets = [grid.span(restart.at, restart.at).start for restart in container.restarts if restart.same_id]
    return np.split(cores, [place - span.start for place in resets if span.start < place < span.stop])


def _bytes(memory: Floats) -> Values:
    return np.round(memory).astype(np.int64)


def _cpu(labels: Mapping[str, str]) -> dict[str, str]:
    return {"cpu": "total", **labels}


def _eth0(labels: Mapping[str, str]) -> dict[str, str]:
    return {"interface": "eth0", **labels}


def _scraped(scene: Scene, node: str, address: str, path: str) -> dict[str, str]:
    return {"job": scene.kubelet_job, "instance": f"{address}:10250", "node": node, "metrics_path": path}


def _volume(scene: Scene, claim: ClaimSeries, slow: Grid, address: str) -> Iterator[Row]:
    span = slow.span(claim.start, scene.end + 1 if claim.end is None else claim.end)
    labels = {"namespace": claim.namespace, "persistentvolumeclaim": claim.name}
    labels |= _scraped(scene, claim.node, address, "/metrics")
    used = over_time(claim.used or 0.0, slow.times[span])
    yield Row("kubelet_volume_stats_used_bytes", labels, slow, span, used)
    yield Row("kubelet_volume_stats_capacity_bytes", labels, slow, span, claim.requested)
