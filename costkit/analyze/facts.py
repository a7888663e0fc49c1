"""A snapshot -> Facts: every container that used, asked for or was promised something in the window."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from costkit.analyze.around import cost_labels, label_sources, managed_by
from costkit.analyze.case import Case
from costkit.analyze.evidence import Evidence, evidence
from costkit.analyze.fleet import fleets
from costkit.analyze.gpus import gpus
from costkit.analyze.heaps import Heap, heaps
from costkit.analyze.hours import Hours, pod_hours
from costkit.analyze.ordered import KEY, ORDER
from costkit.analyze.profiles import profiles
from costkit.analyze.readers import limit_reader
from costkit.analyze.revisions import current
from costkit.analyze.runs import Runs
from costkit.analyze.scalers import Scalers
from costkit.analyze.throttling import Throttling
from costkit.analyze.twins import Twins
from costkit.analyze.unsplit import unsplit_workloads
from costkit.analyze.verdicts import verdicts
from costkit.model.clock import Clock
from costkit.model.cluster import Cluster
from costkit.model.facts import ContainerFacts, Facts, ResourceProfile, Revised
from costkit.model.labels import CostLabels
from costkit.model.listed import Missing, known
from costkit.model.objects import LimitRange, Workload
from costkit.model.pods import ContainerSpec, Pod
from costkit.model.snapshot import Snapshot
from costkit.model.target import Target
from costkit.model.weeks import Fleet

_REQUESTS = {"request_cpu": "cpu", "request_memory": "memory", "request_gpu": "nvidia.com/gpu"}
_LIMITS = {"limit_cpu": "cpu", "limit_memory": "memory"}
_DECISIVE = ("pods", "namespaces", "autoscalers", "vertical_autoscalers", "limit_ranges")
"""Broken pods and requests in force, labels that make a class, who else sets replicas and requests, and bounds."""


@dataclass(frozen=True, slots=True)
class _Index:
    """The snapshot by target, made once."""

    scalers: Scalers
    workloads: Mapping[Target, Workload]
    pods: Mapping[Target, list[Pod]]
    """Living, the newest first: during a rollout it is the one that is as the template says."""
    profiles: Mapping[tuple[Target, str], ResourceProfile]
    revised: Mapping[Target, Revised]
    twins: Twins
    runs: Runs
    heaps: Mapping[Target, Heap]
    nodes: Mapping[str, Mapping[str, str]]
    """Labels by name."""
    evidence: Evidence
    hours: Hours
    labels: CostLabels
    namespaces: Mapping[str, Mapping[str, str]]
    window_hours: float
    unsplit: frozenset[Target]
    """Workloads of whose pods only the whole use is known."""
    unread: str
    """The lists without which no size is safe and that could not be read; empty where all were."""


def study(snapshot: Snapshot, label_keys: tuple[str, ...]) -> Facts:
    """Facts of all containers, ordered by target. Cost labels are resolved for `label_keys`."""
    index = _index(snapshot, label_keys)
    ranges = defaultdict(list)
    for limits in known(snapshot.cluster.limit_ranges):
        ranges[limits.meta.namespace].append((limits.minimum, _most(limits), limits.max_ratio))
    containers = tuple(_facts(index, target) for target in _targets(index))
    bounds = {namespace: tuple(found) for namespace, found in ranges.items()}
    return Facts(containers, bounds, _largest(snapshot.cluster), _fleets(snapshot))


def _largest(cluster: Cluster) -> dict[str, float]:
    nodes = known(cluster.nodes)
    most = {r: max((node.allocatable.get(r, 0.0) for node in nodes), default=0.0) for r in ("cpu", "memory")}
    return {resource: size for resource, size in most.items() if size > 0}


def _fleets(snapshot: Snapshot) -> Mapping[str, Fleet]:
    """From all days that are known, those before the window, too."""
    usage = snapshot.known_usage
    named = usage.select([*KEY, *ORDER, "samples"])  # without the lists, which need not be copied to tell rows apart
    return fleets(usage, current(named)[0], snapshot.window.end)


def _most(limits: LimitRange) -> dict[str, float]:
    """No container may be larger than its pod may be."""
    pairs = [*limits.maximum.items(), *limits.pod_maximum.items()]
    return {name: min(size for n, size in pairs if n == name) for name, _ in pairs}


def _index(snapshot: Snapshot, label_keys: tuple[str, ...]) -> _Index:
    cluster = snapshot.cluster
    clock = Clock.of(snapshot.frames.nodes, snapshot.window)
    pods: dict[Target, list[Pod]] = defaultdict(list)
    for pod in known(cluster.pods):
        if pod.phase in ("Running", "Pending"):
            pods[pod.workload].append(pod)
    for living in pods.values():
        living.sort(key=lambda p: (-p.meta.created, p.meta.name))
    kept, revised = current(snapshot.frames.usage)
    found = profiles(kept)
    return _Index(
        scalers=Scalers.of(cluster),
        workloads={w.target: w for w in known(cluster.workloads)},
        pods=pods,
        profiles=found,
        revised=revised,
        twins=Twins.of(cluster, found),
        runs=Runs(snapshot.frames.usage, snapshot.frames.events),
        heaps=heaps(snapshot.frames.usage, snapshot.frames.signals),
        nodes={node.name: node.meta.labels for node in known(cluster.nodes)},
        evidence=evidence(snapshot.frames.signals, snapshot.frames.events),
        hours=pod_hours(snapshot, clock),
        labels=cost_labels(cluster, label_keys),
        namespaces=cluster.namespace_labels(),
        window_hours=clock.hours or snapshot.window.hours,
        unsplit=unsplit_workloads(snapshot.frames.signals),
        unread=_unread(cluster),
    )


def _unread(cluster: Cluster) -> str:
    """Names of the lists that hold reasons against a size: an absent one is not an empty one."""
    missing = [name for name in _DECISIVE if isinstance(getattr(cluster, name), Missing)]
    return ", ".join(name.replace("_", " ") for name in missing)


def _targets(index: _Index) -> list[Target]:
    """Every container with use, hours, a place in a template or in a living pod."""
    targets = {target for target, _ in index.profiles} | set(index.hours)
    for workload in index.workloads.values():
        targets |= {workload.target.of(c.name) for c in workload.containers if c.runs_on}
    for target, pods in index.pods.items():
        targets |= {target.of(c.name) for pod in pods for c in pod.containers if c.runs_on}
    return sorted(targets)


def _facts(index: _Index, target: Target) -> ContainerFacts:
    workload = index.workloads.get(target.workload)
    pods = index.pods.get(target.workload, [])
    declared = _named(workload.containers if workload else (), target.container)
    running = next((c for p in pods if (c := _named(p.containers, target.container))), None)
    hours = index.hours.get(target, {})
    throttled = index.evidence.throttling.get(target, Throttling(0.0, 0.0))
    sources = label_sources(target, workload, index.namespaces)
    case = Case(
        target=target,
        workload=workload,
        declared=declared,
        running=running,
        pods=pods,
        cpu=index.profiles.get((target, "cpu")),
        memory=index.profiles.get((target, "memory")),
        runs=index.runs.of(target),
        twin=index.twins.twin(target),
        heap=index.heaps.get(target),
        restarts=index.evidence.restarts.get(target, 0),
        unread=index.unread,
        unsplit=target.workload in index.unsplit and not _is_seen(index, target),
    )
    return ContainerFacts(
        target=target,
        labels=index.labels.of(sources),
        match_labels={key: value for source in reversed(sources) for key, value in source.items()},
        exists=workload is not None and (case.spec is not None or not workload.containers),
        requests=_in_force(index, case, _REQUESTS),
        limits=_in_force(index, case, _LIMITS),
        pods=len(pods),
        average_pods=sum(hours.values()) / index.window_hours,
        pod_hours_by_class=dict(sorted(hours.items())),
        cpu=case.cpu,
        memory=case.memory,
        gpu=index.profiles.get((target, "gpu")),
        oom_kills=index.evidence.oom_kills.get(target, ()),
        restarts=case.restarts,
        throttled=throttled.share,
        throttled_at=throttled.at,
        verdicts=verdicts(case),
        autoscaled=index.scalers.divide(target),
        vertically_autoscaled=index.scalers.set_requests_of(target),
        managed_by=managed_by(workload),
        limit_reader=limit_reader(case.spec),
        revised=index.revised.get(target),
        twin=case.twin,
        gpus=gpus(case.spec, [index.nodes.get(p.node, {}) for p in pods]),
    )


def _is_seen(index: _Index, target: Target) -> bool:
    return any((target, resource) in index.profiles for resource in ("cpu", "memory"))


def _named(containers: Iterable[ContainerSpec], name: str) -> ContainerSpec | None:
    return next((c for c in containers if c.name == name), None)


def _in_force(index: _Index, case: Case, names: Mapping[str, str]) -> dict[str, float]:
    """What its living pods have, else its template; of one that is gone, what the series said last."""
    spec = case.spec
    if spec is not None:
        # a limit without a request is the request, too: the API server writes that into pods, not into templates
        defaults = {r: v for r, v in spec.limits.items() if r in _LIMITS.values()}
        return {**defaults, **spec.requests} if names is _REQUESTS else dict(spec.limits)
    found = {resource: index.evidence.in_force.get((case.target, signal)) for signal, resource in names.items()}
    return {resource: value for resource, value in found.items() if value is not None}
