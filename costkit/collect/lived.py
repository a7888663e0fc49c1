"""Which pods lived on a day, where, how long and whose they were; living pods from the API, gone ones from series."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from costkit.collect.matrix import Matrix, Span
from costkit.collect.owners import HASH, Owners
from costkit.model.pods import Pod
from costkit.model.target import Target
from costkit.model.window import STEP

PodKey = tuple[str, str]
"""Namespace and name."""

_STILL_THERE = 2 * STEP
"""A pod seen this shortly before the end of the day has not ended on it."""


@dataclass(frozen=True, slots=True)
class Lived:
    """A pod on one day."""

    workload: Target
    revision: str
    node: str
    start: float
    end: float
    """Infinity while it runs."""
    ran: bool = True
    """False where nothing tells when it ran on the day: it has ended, or was never on a node."""


class PodsOfDay:
    """Every pod of one day by namespace and name, and how each was joined to its workload.

    `pods` are the answers to queries.PODS; where they are empty only living pods are known.
    """

    def __init__(self, pods: Mapping[str, Matrix], span: Span, living: Mapping[PodKey, Pod], owners: Owners) -> None:
        self._span = span
        self.owners = owners.with_series(_series_parents(pods, owners))
        self._nodes = {(ns, pod): node for ns, pod, node in pods["pod_node"].keys}
        self._direct = {(ns, pod): _owner(owners, ns, kind, name) for ns, pod, kind, name in pods["pod_owner"].keys}
        self._hashes = {(ns, pod): a or b for ns, pod, a, b in pods["pod_labels"].keys}
        self._start = _numbers(pods["pod_start"])
        self._end = _numbers(pods["pod_end"])
        self._seen = _numbers(pods["pod_seen"])
        self._running = _numbers(pods["pod_running"])
        self.joined: Counter[str] = Counter()
        keys = self._seen.keys() | {k for k, p in living.items() if p.start is not None and p.start < span.until}
        self.by_key = {key: self._lived(key, living.get(key)) for key in sorted(keys)}

    def _lived(self, key: PodKey, living: Pod | None) -> Lived:
        if living is not None and (living.start is None or living.start < self._span.until):
            self.joined["owner"] += 1
            return self._alive(key, living)
        workload, how = self.owners.of_pod(*key, self._direct.get(key))
        self.joined[how] += 1
        start, end = self._start.get(key, self._span.midnight), self._ended(key)
        node = self._nodes.get(key, "")
        told = key in self._end or key in self._running or not self._running
        ran = bool(node) and told and end > max(start, self._span.midnight)
        return Lived(workload, self._revision(key), node, start, end, ran)

    def _alive(self, key: PodKey, pod: Pod) -> Lived:
        """A pod that the API has: it may have ended, too."""
        start = self._start.get(key, pod.start or self._span.midnight)
        end = float("inf") if pod.end is None else pod.end
        # one that was evicted has no time of its end
        told = pod.end is not None or pod.holds_resources or key in self._running
        if pod.end is None and not pod.holds_resources and key in self._running:
            end = self._ended(key)
        ran = bool(pod.node) and told and end > max(start, self._span.midnight)
        return Lived(pod.workload, pod.revision, pod.node, min(start, pod.start or start), end, ran)

    def _ended(self, key: PodKey) -> float:
        """Infinity where it still ran when the day ended; a pod may be listed for long after its end."""
        if key in self._end:
            return self._end[key]
        last = self._running.get(key, self._seen.get(key, self._span.until))
        return float("inf") if last >= self._span.until - _STILL_THERE else last

    def _revision(self, key: PodKey) -> str:
        """From the pod's labels where they are exported, else the hash that ends its ReplicaSet's name."""
        direct = self._direct.get(key)
        last = direct.name.rpartition("-")[2] if direct and direct.kind == "ReplicaSet" else ""
        return self._hashes.get(key) or (last if HASH.fullmatch(last) else "")


def _numbers(matrix: Matrix) -> dict[PodKey, float]:
    return {(key[0], key[1]): value for key, value in matrix.numbers().items()}


def _owner(owners: Owners, namespace: str, kind: str, name: str) -> Target | None:
    return None if kind in ("", "<none>") else Target(namespace, kind, name, "", owners.api_version(kind))


def _series_parents(pods: Mapping[str, Matrix], owners: Owners) -> dict[Target, Target]:
    found: dict[Target, Target] = {}
    for answer, kind in (("replicaset_owner", "ReplicaSet"), ("job_owner", "Job")):
        for namespace, name, owner_kind, owner_name in pods[answer].keys:
            owner = _owner(owners, namespace, owner_kind, owner_name)
            if owner is not None:
                found[Target(namespace, kind, name, "", owners.api_version(kind))] = owner
    return found


def since_first_sample(pods: Mapping[PodKey, Lived], usage: Iterable[Matrix], midnight: float) -> dict[PodKey, Lived]:
    """A pod with samples before its start is the second of its name that day (StatefulSets use names again).

    Both stand as one, from the first one's first sample on.
    """
    firsts: dict[PodKey, float] = {}
    for (namespace, pod, *_), row in (named for matrix in usage for named in matrix.rows()):
        known = ~np.isnan(row)
        at = midnight + STEP * float(known.argmax())
        if known.any():
            firsts[(namespace, pod)] = min(at, firsts.get((namespace, pod), at))
    # a sample at the very start is the pod's own
    return {k: replace(p, start=firsts[k]) if firsts.get(k, p.start) + STEP < p.start else p for k, p in pods.items()}


def by_namespace(pods: Iterable[Pod]) -> dict[str, dict[PodKey, Pod]]:
    """Living pods, grouped once: a shard takes those of its namespaces."""
    found: dict[str, dict[PodKey, Pod]] = {}
    for pod in pods:
        found.setdefault(pod.meta.namespace, {})[(pod.meta.namespace, pod.meta.name)] = pod
    return found
