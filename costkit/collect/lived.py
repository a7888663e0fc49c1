"""Which pods lived on a day, where, how long and whose they were; living pods from the API, gone ones from series."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from costkit.collect.fetch import Matrix, Span
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
        self.joined: Counter[str] = Counter()
        keys = self._seen.keys() | {k for k, p in living.items() if p.start is not None and p.start < span.until}
        self.by_key = {key: self._lived(key, living.get(key)) for key in sorted(keys)}

    def _lived(self, key: PodKey, living: Pod | None) -> Lived:
        start = self._start.get(key, living.start if living and living.start else self._span.midnight)
        if living is not None and (living.start is None or living.start < self._span.until):
            self.joined["owner"] += 1
            end = living.end if living.end is not None else float("inf")
            return Lived(living.workload, living.revision, living.node, min(start, living.start or start), end)
        workload, how = self.owners.of_pod(*key, self._direct.get(key))
        self.joined[how] += 1
        return Lived(workload, self._revision(key), self._nodes.get(key, ""), start, self._ended(key))

    def _ended(self, key: PodKey) -> float:
        if key in self._end:
            return self._end[key]
        seen = self._seen.get(key, self._span.until)
        return float("inf") if seen >= self._span.until - _STILL_THERE else seen

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


def living_pods(pods: Iterable[Pod]) -> dict[PodKey, Pod]:
    return {(p.meta.namespace, p.meta.name): p for p in pods}
