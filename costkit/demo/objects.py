"""The API server's nodes, namespaces, workloads and pods, as they are at the end of the span.

In: places. Out: model objects. What stands around them (autoscalers, volumes, services) is in `surroundings`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from costkit.demo.incidents import incidents
from costkit.demo.lives import FOREVER, Span, created
from costkit.demo.names import instance, uid
from costkit.demo.place import Life, Machine
from costkit.demo.pools import REGION
from costkit.demo.rows import Row
from costkit.demo.signals import SCALED_KINDS
from costkit.demo.specs import running, template
from costkit.demo.workloads import WORKLOADS
from costkit.model.nodes import Node
from costkit.model.objects import Namespace, Workload
from costkit.model.pods import ContainerState, Meta, Pod
from costkit.model.window import DAY

UNUSED_NAMESPACE = "legacy-reports"
_FAMILY_DAYS = 3
"""Jobs of a family are kept so long after their pods."""
_NAMESPACES: Mapping[str, Mapping[str, str]] = {
    "kube-system": {},
    "platform": {"team": "platform", "env": "production"},
    "search": {"team": "search", "env": "production"},
    "payments": {"team": "payments", "env": "production", "istio-injection": "enabled"},
    "web": {"team": "web", "env": "production"},
    "data": {"team": "data", "env": "production"},
    "ml-platform": {"env": "production"},
    "staging": {"env": "staging"},
    "dev": {"env": "dev"},
    UNUSED_NAMESPACE: {"team": "Data", "cost_center": "cc-3010"},
}


def nodes(machines: Iterable[Machine], seed: int, span: Span) -> tuple[Node, ...]:
    there = sorted((m for m in machines if m.start <= span.at < m.end), key=lambda m: m.name)
    return tuple(_node(machine, seed) for machine in there)


def _node(machine: Machine, seed: int) -> Node:
    pool, zone = machine.slot.pool, machine.slot.zone
    labels = {
        "kubernetes.io/hostname": machine.name,
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": pool.type.name,
        "topology.kubernetes.io/region": REGION,
        "topology.kubernetes.io/zone": zone,
        "karpenter.sh/nodepool" if pool.karpenter else "eks.amazonaws.com/nodegroup": pool.name,
    }
    if pool.karpenter:
        labels["karpenter.sh/capacity-type"] = pool.capacity_type
    return Node(
        meta=Meta(machine.name, uid=uid(seed, machine.name), created=machine.start, labels=labels),
        capacity=pool.type.capacity,
        allocatable=pool.type.allocatable,
        instance_type=pool.type.name,
        capacity_type=pool.capacity_type,
        region=REGION,
        zone=zone,
        pool=pool.name,
        provider_id=f"aws:///{zone}/{instance(seed, machine.name)}",
        taints=(pool.taint,) if pool.taint else (),
    )


def namespaces(seed: int, span: Span) -> tuple[Namespace, ...]:
    return tuple(
        Namespace(Meta(name, uid=uid(seed, "namespace", name), created=span.founded, labels=labels))
        for name, labels in sorted(_NAMESPACES.items())
    )


def workloads(seed: int, span: Span, lives: Iterable[Life]) -> tuple[Workload, ...]:
    jobs: dict[str, set[str]] = {}
    wanted: Counter[str] = Counter()
    for life in lives:
        wanted[life.row.key] += lives_at(life, span.at)
        if life.row.family and life.run.start > span.at - _FAMILY_DAYS * DAY:
            jobs.setdefault(life.row.key, set()).add(life.run.job)
    found = (_workload(row, seed, span, (wanted[row.key], len(jobs.get(row.key, ())))) for row in WORKLOADS)
    return tuple(sorted(found, key=lambda workload: workload.target))


def _workload(row: Row, seed: int, span: Span, counts: tuple[int, int]) -> Workload:
    pods, jobs = counts
    return Workload(
        target=row.target,
        meta=Meta(
            name=row.name,
            namespace=row.namespace,
            uid=uid(seed, row.key),
            created=created(row, span),
            labels={**selector(row), **row.labels},
            annotations=row.annotations,
            managers=row.managers,
        ),
        containers=template(row),
        replicas=pods if row.kind in SCALED_KINDS else None,
        template_labels={**selector(row), **row.labels} if template(row) else {},
        template_annotations=row.template_annotations,
        members=max(jobs, 1),
        owner=row.owner,
    )


def selector(row: Row) -> dict[str, str]:
    """Labels by which the row's pods are found."""
    return {"app.kubernetes.io/name": row.name}


def lives_at(life: Life, at: float) -> bool:
    return life.run.start <= at < life.run.end


def pods(seed: int, span: Span, lives: Iterable[Life]) -> tuple[Pod, ...]:
    """Those that run, and those that failed and were not removed. Jobs' pods go as soon as they are done."""
    listed = (li for li in lives if lives_at(li, span.at) or (li.row.leftover and li.run.failed))
    return tuple(sorted((_pod(life, seed, span) for life in listed), key=lambda p: (p.meta.namespace, p.meta.name)))


def _pod(life: Life, seed: int, span: Span) -> Pod:
    row, run = life.row, life.run
    ended = run.end < FOREVER
    return Pod(
        meta=Meta(
            name=run.pod,
            namespace=row.namespace,
            uid=uid(seed, run.pod, run.start),
            created=run.start,
            labels={**selector(row), **row.labels, **({"pod-template-hash": run.revision} if run.revision else {})},
            annotations=row.template_annotations,
        ),
        workload=row.target,
        containers=running(row),
        states=tuple(_state(life, name, span) for name in (c.name for c in running(row) if c.runs_on)),
        phase="Failed" if ended else "Running",
        node=life.machine.name,
        start=run.start,
        end=run.end if ended else None,
        revision=run.revision,
        priority=row.priority,
    )


def _state(life: Life, container: str, span: Span) -> ContainerState:
    found = [i for i in incidents(life, life.run.start, span.at) if i.box.name == container]
    waiting = "CrashLoopBackOff" if life.row.broken else ""
    return ContainerState(container, len(found), waiting, found[-1].reason if found else "")
