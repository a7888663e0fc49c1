"""Containers' facts in, what each claims of the nodes out: amounts of CPU, memory and GPU, and hours by node class.

An amount is max(request, mean usage). Hours come from the facts; where nodes have no history, from the living pods.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from costkit.k8s.placement import held_hours
from costkit.k8s.requests import container_shares, gpus
from costkit.model.cluster import Cluster
from costkit.model.facts import ContainerFacts, Facts, ResourceProfile
from costkit.model.listed import known
from costkit.model.pods import Pod, ResourceMap
from costkit.model.quantities import GIBIBYTE
from costkit.model.snapshot import Snapshot
from costkit.model.target import Target
from costkit.model.window import MONTH_HOURS
from costkit.price.nodes import NodeMonth
from costkit.price.rates import ELSEWHERE, RESOURCES, Amounts


@dataclass(frozen=True, slots=True)
class Claim:
    target: Target
    labels: Mapping[str, str]
    amounts: Amounts
    """Of one pod."""
    hours: Mapping[str, float]
    """Node class -> pod-hours a month."""

    @property
    def pods(self) -> float:
        """On average over the month."""
        return sum(self.hours.values()) / MONTH_HOURS


def claims(facts: Facts, snapshot: Snapshot, month: NodeMonth) -> tuple[Claim, ...]:
    """One claim a container, in the order of the facts. An init container claims nothing of its own: the pod's
    effective request, which it may raise, is shared among the containers that stay."""
    living = living_pods(snapshot.cluster)
    hours = _hours_now(snapshot.cluster) if month.basis == "now" else _hours_then(facts, month)
    return tuple(
        Claim(
            target=f.target,
            labels=f.labels,
            amounts=_amounts(f, living.get(f.target.workload, ())),
            hours=hours.get(f.target, {}),
        )
        for f in facts.containers
    )


def asked(of: Iterable[Claim]) -> dict[str, dict[str, float]]:
    """Node class -> resource -> amount x hours a month that all claims ask for together."""
    total: dict[str, dict[str, float]] = {}
    for claim in of:
        for node_class, hours in claim.hours.items():
            sums = total.setdefault(node_class, dict.fromkeys(RESOURCES, 0.0))
            for resource, amount in claim.amounts.items():
                sums[resource] += amount * hours
    return total


def _hours_now(cluster: Cluster) -> dict[Target, dict[str, float]]:
    """As if the pods that hold a node now held it the month through."""
    return held_hours(known(cluster.pods), known(cluster.nodes), lambda _: MONTH_HOURS)


def _hours_then(facts: Facts, month: NodeMonth) -> dict[Target, dict[str, float]]:
    classes = {node.node_class for node in month.nodes}
    return {f.target: _known_classes(f.pod_hours_by_class, classes, month.scale) for f in facts.containers}


def _known_classes(hours: Mapping[str, float], classes: set[str], scale: float) -> dict[str, float]:
    """Hours of a month; those on nodes that no row tells of are gathered under ELSEWHERE."""
    total: dict[str, float] = {}
    for node_class, value in hours.items():
        key = node_class if node_class in classes else ELSEWHERE
        total[key] = total.get(key, 0.0) + value * scale
    return total


def living_pods(cluster: Cluster) -> dict[Target, tuple[Pod, ...]]:
    """Workload -> its pods that hold a node."""
    grouped: dict[Target, list[Pod]] = {}
    for pod in known(cluster.pods):
        if pod.holds_resources:
            grouped.setdefault(pod.workload, []).append(pod)
    return {workload: tuple(members) for workload, members in grouped.items()}


def pods_of_workloads(cluster: Cluster) -> dict[Target, tuple[Pod, ...]]:
    """Workload -> its pods that hold a node, else one as its template has it: what its requests make a pod reserve."""
    templates = {w.target: (Pod(w.meta, w.target, w.containers),) for w in known(cluster.workloads) if w.containers}
    return {**templates, **living_pods(cluster)}


def _amounts(facts: ContainerFacts, pods: tuple[Pod, ...]) -> Amounts:
    if _only_starts(facts.target.container, pods):
        return dict.fromkeys(RESOURCES, 0.0)
    reserved = _reserved(facts, pods)
    return {
        "cpu": max(reserved["cpu"], _mean(facts.cpu)),
        "memory": max(reserved["memory"], _mean(facts.memory) / GIBIBYTE),
        "gpu": max(reserved["gpu"], _mean(facts.gpu)),
    }


def _only_starts(container: str, pods: tuple[Pod, ...]) -> bool:
    declared = [c for pod in pods for c in pod.containers if c.name == container]
    return bool(declared) and not any(c.runs_on for c in declared)


def _reserved(facts: ContainerFacts, pods: tuple[Pod, ...]) -> Amounts:
    """Of one pod: the mean share of the living ones, else what the facts say."""
    shares = [share for pod in pods if (share := container_shares(pod).get(facts.target.container)) is not None]
    found = [_units(s) for s in shares] or [_units(facts.requests)]
    return {resource: sum(one[resource] for one in found) / len(found) for resource in RESOURCES}


def _units(requests: ResourceMap) -> dict[str, float]:
    return {
        "cpu": requests.get("cpu", 0.0),
        "memory": requests.get("memory", 0.0) / GIBIBYTE,
        "gpu": gpus(requests),
    }


def _mean(profile: ResourceProfile | None) -> float:
    """Average usage, 0 where none was seen (NaN)."""
    return profile.mean if profile is not None and profile.mean > 0 else 0.0
