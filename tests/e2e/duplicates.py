"""Clusters beside each other in one Prometheus, told apart by a label: what each holds twice, in part or renamed.

In each namespace one thing is wrong; what is right is the same everywhere: one container, 0.4 cores, 200 MiB, scraped
every minute for a day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

from tests.bed import exposition
from tests.bed import scene_rows as r
from tests.bed.fixtures import NODES
from tests.bed.samples import Row
from tests.bed.scene import (
    AutoscalerSeries,
    ContainerSeries,
    NodeSeries,
    OwnerSeries,
    PodSeries,
    Restart,
    Scene,
    steady,
)
from tests.e2e.test_signals import DAY, MEBIBYTE, MIDNIGHT

HOUR = 3600
START, END = MIDNIGHT - HOUR, MIDNIGHT + DAY
NOON = MIDNIGHT + 12 * HOUR
SIX = MIDNIGHT + 6 * HOUR
CORES, MEMORY = 0.4, 200.0 * MEBIBYTE
RS = "api-7d4f8c7b69"
API = ContainerSeries("api", steady(CORES, MEMORY), 0.5, 256 * MEBIBYTE, 1.0, 320 * MEBIBYTE)
OWN = {"namespace": "monitoring", "pod": "ksm-0", "container": "kube-state-metrics", "node": "node-3"}
"""Labels of the pod that kube-state-metrics runs in, as a scrape adds them."""


def pod(namespace: str, name: str = f"{RS}-bbbbb", container: ContainerSeries = API, **fields: Any) -> PodSeries:
    told: dict[str, Any] = {"start": START, "owner_kind": "ReplicaSet", "owner_name": RS, "node": "node-0", **fields}
    return PodSeries(
        namespace=namespace, pod=name, uid=f"{namespace}-{name}-{told['start']}", containers=(container,), **told
    )


def rows(*pods: PodSeries, end: int = END, **fields: Any) -> list[Row]:
    """With the owners of the pods; nodes are the cluster's and stand for themselves."""
    spaces = sorted({one.namespace for one in pods})
    owners = tuple(OwnerSeries("ReplicaSet", n, RS, START, owner_kind="Deployment", owner_name="api") for n in spaces)
    return list(exposition.rows(Scene(START, end, pods=pods, owners=owners, **{"state_step": 60, **fields})))


def kubelet(found: Iterable[Row]) -> list[Row]:
    return [row for row in found if row.name.startswith("container_")]


def state(found: Iterable[Row]) -> list[Row]:
    return [row for row in found if row.name.startswith("kube_")]


def nodes(end: int = END) -> list[Row]:
    here = tuple(NodeSeries(m.name, 8.0, 32e9, START) for m in NODES)
    types = {"node.kubernetes.io/instance-type": "c5.large", "karpenter.sh/capacity-type": "spot"}
    gone = NodeSeries("spare-0", 2.0, 4e9, START, NOON + 2 * HOUR, labels=types)
    return rows(nodes=(*here, gone), end=end)


def wave(times):
    """Busy for the first half of each hour."""
    busy = times % 3600 < 1800
    return np.where(busy, 0.8, 0.2), np.where(busy, 300.0, 100.0) * MEBIBYTE


def modern() -> Iterator[Row]:
    """Names as they are today; duplicates and gaps."""
    yield from nodes()
    yield from rows(pod("plain"))
    pair = rows(pod("pair"))
    yield from r.labelled(pair, prometheus_replica="a")
    yield from r.labelled(pair, prometheus_replica="b")
    holed = rows(pod("pair-with-gaps"))
    yield from r.labelled(holed, prometheus_replica="a")
    yield from r.labelled(r.without(r.without(holed, SIX, SIX + 1200), NOON, NOON + 60), prometheus_replica="b")
    yield from _two_states()
    yield from _two_kubelets()
    yield from _restarts()
    yield from _used_again()
    yield from _clocks()
    yield from _gaps()


def _two_states() -> Iterator[Row]:
    """Two kube-state-metrics, of which the second hears of everything 20 minutes later."""
    found = rows(
        pod("two-states"),
        pod("two-states", f"{RS}-ccccc", end=NOON),
        pod("two-states", f"{RS}-ddddd", container=replace(API, restarts=_two_ends())),
    )
    yield from found
    yield from r.labelled(r.lasting(state(found), 1200), job="second", instance="10.244.0.4:8080")


def _two_ends() -> tuple[Restart, ...]:
    """A kill in the night, then an exit of another kind."""
    return Restart(MIDNIGHT + HOUR, "OOMKilled", 137), Restart(NOON - 30, "Error", 1)


SLICED = ("container_cpu_usage_seconds_total", "container_memory_working_set_bytes")


def _two_kubelets() -> Iterator[Row]:
    found = rows(pod("two-kubelets", container=replace(API, usage=wave, throttled=0.25), received=1000.0))
    yield from found
    yield from r.scraped_again(found)
    for row in found:
        if row.labels.get("container") == "api" and row.name in SLICED:
            slices = {"id": "/kubepods/burstable", "job": "kubelet", "node": "node-0"}
            yield replace(row, labels=slices, values=np.arange(row.span.stop - row.span.start) * 1e9)


def _restarts() -> Iterator[Row]:
    """A container whose old rows stay for four minutes; and one whose counter falls to nothing within a step."""
    doubled = rows(pod("restarted", container=replace(API, restarts=(Restart(NOON + 120),))))
    yield from state(doubled)
    yield from r.lasting(kubelet(doubled), 240)
    yield from rows(pod("reset", container=replace(API, restarts=(Restart(NOON + 120, same_id=True),))))


def _used_again() -> Iterator[Row]:
    """A StatefulSet's pod moves to another kind of node with another revision; the one before used twice as much."""
    owner = {"owner_kind": "StatefulSet", "owner_name": "db"}
    before = replace(API, name="db", usage=steady(2 * CORES, 2 * MEMORY))
    old = {"controller-revision-hash": "db-1", "statefulset.kubernetes.io/pod-name": "db-0"}
    new = {**old, "controller-revision-hash": "db-2"}
    first = pod("used-again", "db-0", before, node="spare-0", end=NOON, labels=old, **owner)
    second = pod("used-again", "db-0", replace(API, name="db"), start=NOON + 120, labels=new, **owner)
    yield from rows(first, second)


def _clocks() -> Iterator[Row]:
    """Scrapers whose clocks are 90 s ahead and behind; others whose clocks are set by 90 s within a step."""
    for name, seconds in (("clock-ahead", 90), ("clock-behind", -90)):
        found = rows(pod(name, start=SIX + 30))
        yield from chain(state(found), r.shifted(kubelet(found), seconds))
    for name, seconds in (("clock-forward", 90), ("clock-back", -90)):
        found = rows(pod(name), end=END + 300)
        yield from chain(state(found), r.after_a_step(kubelet(found), NOON + 150, seconds))


def _gaps() -> Iterator[Row]:
    """Of the kubelets' scrapes: one is lost, 20 minutes are, a night is."""
    for name, seconds in (("lost-one", 60), ("lost-minutes", 1200), ("lost-night", 8 * HOUR)):
        found = rows(pod(name))
        yield from chain(state(found), r.without(kubelet(found), NOON, NOON + seconds))


def exported() -> Iterator[Row]:
    """kube-state-metrics and the kubelet without honor_labels; the GPU's exporter, too, which has an idle GPU."""
    found = [*nodes(), *rows(pod(SPACE, **HELD), autoscalers=(SCALER,))]
    found = list(r.exported(found, OWN, lambda name: name.startswith("kube_")))
    yield from r.exported(found, {"namespace": "kube-system"}, lambda name: name.startswith("container_"))
    memory = next(row for row in found if row.name in SLICED and not row.labels["container"])
    gpu = {"namespace": "gpu-operator", "pod": "dcgm-0", "container": "dcgm", "gpu": "0"}
    used = {"exported_namespace": SPACE, "exported_pod": f"{RS}-bbbbb", "exported_container": "api"}
    yield replace(memory, name="DCGM_FI_DEV_GPU_UTIL", labels={**gpu, **used}, values=70.0)
    yield replace(memory, name="DCGM_FI_DEV_GPU_UTIL", labels={**gpu, "gpu": "1"}, values=20.0)


SPACE = "duplicates"
SCALER = AutoscalerSeries(SPACE, "api", "api", 2, 9, 3.0, START)
HELD: dict[str, Any] = {
    "container": replace(API, restarts=(Restart(NOON + 60, "OOMKilled", 137),)),
    "labels": {"pod-template-hash": "h7"},
    "received": 1000.0,
}


def mixed() -> Iterator[Row]:
    """One kube-state-metrics with its labels honored, and one without, which tell of the same and of more."""
    yield from nodes()
    both = rows(pod("both"))
    yield from both
    yield from r.exported(state(both), OWN, bool)
    yield from r.exported(rows(pod("foreign")), OWN, lambda name: name.startswith("kube_"))
    yield from rows(
        pod("monitoring", "ksm-0", container=replace(API, name="kube-state-metrics"), owner_kind="", owner_name="")
    )


def old() -> Iterator[Row]:
    """kube-state-metrics 1.x and a kubelet of before Kubernetes 1.16."""
    found = [*nodes(), *rows(pod(SPACE, **HELD), autoscalers=(SCALER,))]
    yield from r.older_cadvisor(r.older_state(found))


MORNING = END + 8 * HOUR


def night() -> Iterator[Row]:
    """Prometheus was down from 16:00 to 06:00, when one of two pods went; the other had gone at noon."""
    found = rows(pod(SPACE, end=END + 5 * HOUR), pod(SPACE, f"{RS}-ccccc", end=NOON), end=MORNING)
    yield from r.without([*nodes(MORNING), *found], MIDNIGHT + 16 * HOUR, END + 6 * HOUR)


def bare() -> Iterator[Row]:
    """No row of a container has its name, and scrapes are four minutes apart."""
    yield from nodes()
    two = replace(pod("pair", "two-0"), containers=(API, replace(API, name="mesh")))
    yield from rows(pod("sole"), two, container_names=False, step=240, state_step=240)


CLUSTERS = {"modern": modern, "exported": exported, "mixed": mixed, "old": old, "night": night, "bare": bare}

HPA = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "api", "namespace": SPACE},
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"},
        "minReplicas": 2,
        "maxReplicas": 9,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
            }
        ],
    },
}
