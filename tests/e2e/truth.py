"""What was really used, from the scene that the Prometheus was filled with: plain numpy, none of costkit's own code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tests.bed.scene import Floats, NodeSeries, PodSeries, Scene

STEPS = 288
STEP = 300
DAY = 86400

Key = tuple[str, str, str, str]
"""Namespace, kind and name of the workload, container."""
Group = tuple[Key, str, str]
"""A container with its node class and template revision: what makes one sketch."""


@dataclass(frozen=True)
class PodDay:
    """One pod's container on one day: cores and bytes at each of the steps, NaN where it did not run."""

    pod: str
    cpu: Floats
    memory: Floats
    seconds: float
    """That it ran within the day."""
    node_class: str
    revision: str
    vanished: bool
    """Deleted within the day without a completion: its end is known to a scrape of kube-state-metrics only."""


def groups(scene: Scene, midnight: int, until: int) -> Mapping[Group, list[PodDay]]:
    found: dict[Group, list[PodDay]] = {}
    for key, days in pod_days(scene, midnight, until).items():
        for day in days:
            found.setdefault((key, day.node_class, day.revision), []).append(day)
    return found


def pod_days(scene: Scene, midnight: int, until: int) -> Mapping[Key, list[PodDay]]:
    """Every container of the day, under the topmost workload."""
    found: dict[Key, list[PodDay]] = {}
    classes = {n.name: _node_class(n) for n in scene.nodes}
    ends = midnight + STEP * np.arange(1, STEPS + 1)
    for pod in scene.pods:
        start, end = max(pod.start, midnight), min(pod.ends(scene.end), until)
        ran = (ends > start) & (ends <= end)
        # A gauge is there at the very moment of the start; a rate needs two samples.
        there = (ends >= pod.start) & (ends <= end)
        if not ran.any():
            continue
        for container in pod.containers:
            cores, memory = container.usage(ends.astype(np.int64))
            day = PodDay(
                pod.pod,
                np.where(ran, cores, np.nan),
                np.where(there, memory, np.nan),
                float(end - start),
                classes[pod.node],
                _revision(pod),
                vanished=end < until and pod.phase == "Running",
            )
            found.setdefault((pod.namespace, *workload(scene, pod), container.name), []).append(day)
    return found


def _node_class(node: NodeSeries) -> str:
    return f"{node.labels['node.kubernetes.io/instance-type']}/{node.labels['karpenter.sh/capacity-type']}"


def _revision(pod: PodSeries) -> str:
    keys = ("pod-template-hash", "controller-revision-hash", "rollouts-pod-template-hash")
    return next((pod.labels[key] for key in keys if key in pod.labels), "")


def workload(scene: Scene, pod: PodSeries) -> tuple[str, str]:
    """Kind and name of the top owner."""
    kind, name = pod.owner_kind, pod.owner_name
    for owner in scene.owners:
        if (owner.kind, owner.namespace, owner.name) == (kind, pod.namespace, name) and owner.owner_kind:
            return owner.owner_kind, owner.owner_name
    if kind == "StrimziPodSet":
        return "Kafka", "events"
    if kind == "Job":
        return "Job", "train-bert-*"
    return (kind, name) if kind else ("Pod", pod.pod)


def hottest(days: list[PodDay], resource: str) -> Floats:
    """All samples of the day's hottest pod: CPU by p95, memory by peak, of pods with 6 h; else of all pods."""
    long = [getattr(d, resource) for d in days if np.isfinite(getattr(d, resource)).sum() >= 72]
    if not long:
        return seen(np.concatenate([getattr(d, resource) for d in days]))
    heat = [np.quantile(seen(v), 0.95, method="inverted_cdf") if resource == "cpu" else np.nanmax(v) for v in long]
    return seen(long[int(np.argmax(heat))])


def all_samples(days: list[PodDay], resource: str) -> Floats:
    return seen(np.concatenate([getattr(d, resource) for d in days]))


def midnights(start: int, end: int) -> Iterator[int]:
    yield from range(start // DAY * DAY, end, DAY)


def seen(values: Floats) -> Floats:
    return values[np.isfinite(values)]
