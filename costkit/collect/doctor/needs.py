"""What is lost without each metric that the product asks for: the table behind the doctor's checks of series.

A metric that tells of what this cluster has none of (HPAs, GPUs, Jobs) may lack without a loss.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from costkit.collect import queries as q
from costkit.k8s.requests import gpus
from costkit.model.checkup import Job, Level
from costkit.model.cluster import Cluster
from costkit.model.listed import known


@dataclass(frozen=True, slots=True)
class Thing:
    """What a cluster must have for a metric to have series."""

    name: str
    is_in: Callable[[Cluster], bool]
    """False, too, where the list that it would be in could not be read: that list is a finding of its own."""


@dataclass(frozen=True, slots=True)
class Need:
    """Metrics that are lost together, and what with them."""

    metrics: tuple[str, ...]
    lost: str
    level: Level = "warn"
    stops: tuple[Job, ...] = ()
    thing: Thing | None = None
    """None: every cluster has what they tell of."""


def _needs(queries: Iterable[q.Query], *names: str) -> tuple[str, ...]:
    """Metrics of the queries of these names, of all where none is given; each once."""
    return tuple(dict.fromkeys(query.needs for query in queries if not names or query.name in names))


def _workload(name: str, *kinds: str) -> Thing:
    return Thing(name, lambda c: any(w.target.kind in kinds for w in known(c.workloads)))


_JOB = _workload("Job", "Job", "CronJob")
_REPLICASET = _workload("ReplicaSet", "Deployment", "ReplicaSet", "Rollout")
_GPU = Thing("node with GPUs", lambda c: any(gpus(node.allocatable) for node in known(c.nodes)))
_LIMIT = Thing("CPU limit", lambda c: any("cpu" in one.limits for pod in known(c.pods) for one in pod.containers))
_FINISHED = Thing("finished pod", lambda c: any(pod.end is not None for pod in known(c.pods)))
_ENDED = Thing("container that ended", lambda c: any(one.last_exit for pod in known(c.pods) for one in pod.states))
_HPA = Thing("HPA", lambda c: bool(known(c.autoscalers)))
_CLAIM = Thing("volume claim", lambda c: bool(known(c.claims)))

OWNER = _needs(q.PODS, "pod_owner")
NEEDS = (
    Need((q.CPU.needs,), "CPU sizes; CPU of nodes by hour", "FAIL", ("rightsize",)),
    Need((q.MEMORY.needs,), "memory sizes; memory of nodes by hour", "FAIL", ("rightsize",)),
    Need((q.GPU.needs,), "use of GPUs", thing=_GPU),
    Need(_needs(q.PODS, "pod_seen"), "deleted pods, and the nodes that they ran on", "FAIL"),
    Need(OWNER, "deleted pods: joined to workloads by name alone", "FAIL"),
    Need(
        _needs(q.PODS, "replicaset_owner"),
        "deleted pods of ReplicaSets that are gone, too: joined to workloads by name alone",
        "FAIL",
        thing=_REPLICASET,
    ),
    Need(_needs(q.PODS, "job_owner"), "Jobs that are gone: joined to CronJobs by name alone", thing=_JOB),
    Need(_needs(q.PODS, "pod_running"), "requests by node, and when pods ran"),
    Need(_needs(q.PODS, "pod_start"), "when deleted pods began: their hours count from when they were seen"),
    Need(
        _needs(q.PODS, "pod_end"), "when finished pods ended: their hours count to when they were seen", thing=_FINISHED
    ),
    Need(_needs(q.CONTAINER_SIGNALS, "requests"), "past requests; requests by node", "FAIL"),
    Need(_needs(q.CONTAINER_SIGNALS, "limits"), "past limits; the limit at an OOM kill", "FAIL"),
    Need(
        _needs(q.CONTAINER_SIGNALS, "cfs_periods", "cfs_throttled"),
        "throttling: CPU that is short is seen only where use meets the limit",
        thing=_LIMIT,
    ),
    Need(_needs(q.POD_SIGNALS), "network signals"),
    Need(
        _needs(q.EVENTS, "restarts"),
        "OOM kills and restarts: a memory peak that was cut off is not known to be",
        "FAIL",
    ),
    Need(_needs(q.EVENTS, "last_exit"), "OOM kills: a memory peak that was cut off is not known to be", thing=_ENDED),
    Need(_needs(q.EVENTS, "pod_scheduled", "pod_ready"), "time from scheduled to ready"),
    Need(_needs(q.EVENTS, "job_start"), "starts and ends of Jobs", thing=_JOB),
    *(
        Need(
            _needs(asked),
            f"past replicas of {kind}s",
            thing=_REPLICASET if kind == "ReplicaSet" else _workload(kind, kind),
        )
        for kind, asked in q.REPLICAS.items()
    ),
    Need(
        _needs(q.AUTOSCALERS, "hpa_desired", "hpa_minimum", "hpa_maximum"), "how HPAs moved in their bounds", thing=_HPA
    ),
    Need(_needs(q.AUTOSCALERS, "hpa_limited"), "whether HPAs were held at their bounds", thing=_HPA),
    Need(_needs(q.AUTOSCALERS, "hpa_target", "hpa_current"), "what HPAs aimed at, and how near they were", thing=_HPA),
    Need(_needs(q.NODES, "node_seen"), "node-hours: cost is of this moment's nodes, not of a month", "FAIL"),
    Need(_needs(q.NODES, "node_allocatable"), "sizes of nodes that are gone"),
    Need(_needs(q.VOLUMES), "bytes used of volumes, and when they were last mounted", thing=_CLAIM),
)
OPTIONAL = {
    **dict.fromkeys(_needs(q.EVENTS, "job_end", "job_failed"), "no Job ended so"),
    **dict.fromkeys(_needs(q.NODES, "node_price"), "prices come from lists"),
    **dict.fromkeys(_needs(q.NODES, "interruptions"), "no interruption of a spot node was counted"),
}
"""Metric -> what its absence means, where that is no loss."""
STAND_INS = {
    query.needs: tuple(one.needs for one in (query.older, query.lesser) if one is not None) for query in q.EVERY
}
"""Metric -> those that are read in its place where it lacks: older names, or nearly the same."""
LABELS = (*_needs(q.PODS, "pod_labels"), *_needs(q.NODES, "node_labels"))
"""Looked at by `labels`: it is their labels that matter."""


def metrics() -> frozenset[str]:
    """All of NEEDS and OPTIONAL."""
    return frozenset(name for need in NEEDS for name in need.metrics) | OPTIONAL.keys()


def looked_for() -> frozenset[str]:
    """With those that may stand in."""
    return metrics() | {name for names in STAND_INS.values() for name in names}
