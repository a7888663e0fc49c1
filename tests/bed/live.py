"""The past of a running cluster: its live objects and a choice of usage go in, a scene of N days comes out.

Objects are as they are now, but as old as the scene: pods and nodes of a bed live for seconds, a history needs days.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.bed.cluster import Cluster
from tests.bed.quantity import quantity
from tests.bed.scene import (
    FINAL_PHASES,
    AutoscalerSeries,
    ClaimSeries,
    ContainerSeries,
    JobSeries,
    NodeSeries,
    OwnerSeries,
    PodSeries,
    Scene,
    Usage,
)

Object = Mapping[str, Any]

KINDS = (
    "nodes,pods,deployments,replicasets,statefulsets,daemonsets,jobs,horizontalpodautoscalers,persistentvolumeclaims"
)
REPLICATED = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet")
# A finished pod ran for this long and ended this long before the scene does: both are made up, as is every age here.
FINISHED_RAN, FINISHED_AGO = 600, 3600


@dataclass(frozen=True, slots=True)
class Who:
    """Whose usage is asked for; the workload is what owns the pod's ReplicaSet or Job."""

    namespace: str
    kind: str
    workload: str
    pod: str
    container: str


UsageOf = Callable[[Who], Usage]


def from_cluster(
    cluster: Cluster, usage: UsageOf, end: int, days: float = 14.0, namespaces: Sequence[str] | None = None
) -> Scene:
    """All that is in the cluster (or in these namespaces, and all nodes), over the days before `end`."""
    objects = [item for item in cluster.get(KINDS, "-A") if _wanted(item, namespaces)]
    return _Reader(objects, usage, end - int(days * 86400), end).scene()


def with_older_replicas(scene: Scene, namespace: str, deployment: str, until: int, usage: Usage) -> Scene:
    """The same, but a rollout at `until` replaced the Deployment's pods: as many ran before, of another ReplicaSet."""
    sets = {
        s.name
        for s in scene.owners
        if s.kind == "ReplicaSet" and (s.namespace, s.owner_name) == (namespace, deployment)
    }
    now = [pod for pod in scene.pods if pod.namespace == namespace and pod.owner_name in sets]
    old_set = f"{deployment}-5d4f8c7b69"
    old = OwnerSeries(
        "ReplicaSet",
        namespace,
        old_set,
        scene.start,
        replicas=((scene.start, float(len(now))), (until, 0.0)),
        owner_kind="Deployment",
        owner_name=deployment,
    )
    before = [
        replace(
            pod,
            pod=f"{old_set}-{index:05d}",
            uid=f"{pod.uid[:-6]}{index:06d}",
            owner_name=old_set,
            labels={**pod.labels, "pod-template-hash": old_set.rpartition("-")[2]},
            start=scene.start,
            end=until,
            containers=tuple(replace(container, usage=usage) for container in pod.containers),
        )
        for index, pod in enumerate(now)
    ]
    kept = [replace(pod, start=until) if pod in now else pod for pod in scene.pods]
    return replace(scene, pods=(*kept, *before), owners=(*scene.owners, old))


def _wanted(item: Object, namespaces: Sequence[str] | None) -> bool:
    return namespaces is None or item["metadata"].get("namespace", namespaces[0]) in namespaces


class _Reader:
    """Turns objects into series."""

    def __init__(self, objects: Sequence[Object], usage: UsageOf, start: int, end: int) -> None:
        self._objects = objects
        self._usage = usage
        self._start = start
        self._end = end
        self._by_name = {(o["kind"], o["metadata"].get("namespace"), o["metadata"]["name"]): o for o in objects}

    def scene(self) -> Scene:
        return Scene(
            self._start,
            self._end,
            pods=tuple(map(self._pod, self._of("Pod"))),
            nodes=tuple(map(self._node, self._of("Node"))),
            owners=tuple(map(self._replicated, self._of(*REPLICATED))),
            jobs=tuple(map(self._job, self._of("Job"))),
            autoscalers=tuple(map(self._autoscaler, self._of("HorizontalPodAutoscaler"))),
            claims=tuple(map(self._claim, self._of("PersistentVolumeClaim"))),
        )

    def _of(self, *kinds: str) -> list[Object]:
        return [item for item in self._objects if item["kind"] in kinds]

    def _pod(self, pod: Object) -> PodSeries:
        meta, status = pod["metadata"], pod["status"]
        kind, name = _owner(pod)
        finished = status["phase"] in FINAL_PHASES
        return PodSeries(
            meta["namespace"],
            meta["name"],
            meta["uid"],
            pod["spec"].get("nodeName", ""),
            tuple(self._container(pod, container) for container in pod["spec"]["containers"]),
            self._end - FINISHED_AGO - FINISHED_RAN if finished else self._start,
            self._end - FINISHED_AGO if finished else None,
            phase=status["phase"],
            owner_kind=kind,
            owner_name=name,
            labels=meta.get("labels", {}),
            ip=status.get("podIP", ""),
            priority_class=pod["spec"].get("priorityClassName", ""),
        )

    def _container(self, pod: Object, container: Object) -> ContainerSeries:
        meta, resources = pod["metadata"], container.get("resources", {})
        requests, limits = resources.get("requests", {}), resources.get("limits", {})
        kind, workload = self._workload(pod)
        return ContainerSeries(
            container["name"],
            self._usage(Who(meta["namespace"], kind, workload, meta["name"], container["name"])),
            quantity(requests.get("cpu")),
            quantity(requests.get("memory")),
            quantity(limits.get("cpu")),
            quantity(limits.get("memory")),
            container["image"],
        )

    def _workload(self, item: Object) -> tuple[str, str]:
        """The topmost owner."""
        kind, name = _owner(item)
        if not kind:
            return item["kind"], item["metadata"]["name"]
        owner = self._by_name.get((kind, item["metadata"]["namespace"], name))
        return self._workload(owner) if owner else (kind, name)

    def _node(self, node: Object) -> NodeSeries:
        status, meta = node["status"], node["metadata"]
        capacity, allocatable = status["capacity"], status["allocatable"]
        return NodeSeries(
            meta["name"],
            quantity(capacity["cpu"]) or 0.0,
            quantity(capacity["memory"]) or 0.0,
            self._start,
            pods=int(capacity["pods"]),
            allocatable_cpu=quantity(allocatable["cpu"]),
            allocatable_memory=quantity(allocatable["memory"]),
            address=next((a["address"] for a in status.get("addresses", []) if a["type"] == "InternalIP"), ""),
            provider_id=node["spec"].get("providerID", ""),
            labels=meta.get("labels", {}),
            taints=tuple((t["key"], t.get("value", ""), t["effect"]) for t in node["spec"].get("taints", [])),
        )

    def _replicated(self, item: Object) -> OwnerSeries:
        meta, status = item["metadata"], item.get("status", {})
        kind, name = _owner(item)
        daemon = item["kind"] == "DaemonSet"
        wanted = status.get("desiredNumberScheduled", 0) if daemon else item["spec"].get("replicas", 1)
        ready = status.get("numberReady" if daemon else "readyReplicas", 0)
        return OwnerSeries(
            item["kind"],
            meta["namespace"],
            meta["name"],
            self._start,
            replicas=float(wanted),
            ready=float(ready),
            owner_kind=kind,
            owner_name=name,
            labels=meta.get("labels", {}),
        )

    def _job(self, job: Object) -> JobSeries:
        meta, status = job["metadata"], job.get("status", {})
        done = any(c["type"] in ("Complete", "Failed") and c["status"] == "True" for c in status.get("conditions", []))
        kind, name = _owner(job)
        return JobSeries(
            meta["namespace"],
            meta["name"],
            self._end - FINISHED_AGO - FINISHED_RAN if done else self._start,
            self._end - FINISHED_AGO if done else None,
            succeeded=status.get("succeeded", 0),
            failed=status.get("failed", 0),
            owner_kind=kind,
            owner_name=name,
        )

    def _autoscaler(self, item: Object) -> AutoscalerSeries:
        meta, spec, status = item["metadata"], item["spec"], item.get("status", {})
        current = float(status.get("currentReplicas", spec.get("minReplicas", 1)))
        return AutoscalerSeries(
            meta["namespace"],
            meta["name"],
            spec["scaleTargetRef"]["name"],
            spec.get("minReplicas", 1),
            spec["maxReplicas"],
            current,
            self._start,
            target_kind=spec["scaleTargetRef"]["kind"],
            metrics=tuple(_target(metric) for metric in spec.get("metrics", [])),
        )

    def _claim(self, claim: Object) -> ClaimSeries:
        meta, spec = claim["metadata"], claim["spec"]
        return ClaimSeries(
            meta["namespace"],
            meta["name"],
            quantity(spec["resources"]["requests"]["storage"]) or 0.0,
            self._start,
            storage_class=spec.get("storageClassName", ""),
            volume=spec.get("volumeName", ""),
            phase=claim["status"]["phase"],
        )


def _owner(item: Object) -> tuple[str, str]:
    owners = [owner for owner in item["metadata"].get("ownerReferences", []) if owner.get("controller")]
    return (owners[0]["kind"], owners[0]["name"]) if owners else ("", "")


def _target(metric: Object) -> tuple[str, str, float]:
    """As kube-state-metrics names it: the metric, the kind of target, the target."""
    source = next(value for name, value in metric.items() if name != "type")
    name = source.get("name") or source["metric"]["name"]
    kind, key = {"Utilization": ("utilization", "averageUtilization"), "Value": ("value", "value")}.get(
        source["target"]["type"], ("average", "averageValue")
    )
    return name, kind, quantity(str(source["target"][key])) or 0.0
