"""What series tell of pods on one day, each pod by its uid: a name may be used again."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from costkit.collect.matrix import Matrix
from costkit.collect.owners import HASH, Owners
from costkit.model.target import Target
from costkit.model.window import STEP

V = TypeVar("V")

PodKey = tuple[str, str]
"""Namespace and name."""

Life = tuple[str, str, str]
"""Namespace, name and uid of one pod; the uid is empty where series do not tell it."""


class PodSeries:
    """The answers to queries.PODS. Times are unix seconds; what no series tells is None or empty.

    Before kube-state-metrics 2 few series had a uid: then what is told of a name is told of each of its pods.
    """

    def __init__(self, answers: Mapping[str, Matrix], owners: Owners) -> None:
        self.parents = _parents(answers, owners)
        self._seen = _seen(answers["pod_seen"])
        self._owners = {_life(k): _owner(owners, k[0], k[3], k[4]) for k in answers["pod_owner"].keys}
        self._hashes = {_life(key): key[3] or key[4] for key in answers["pod_labels"].keys}
        self._start, self._end = (
            {_life(key): at for key, at in answers[name].numbers().items()} for name in ("pod_start", "pod_end")
        )
        self._running = _by_teller(answers["pod_running"])
        self._tellers = _latest(self._running.values())

    @property
    def keys(self) -> frozenset[PodKey]:
        return frozenset(self._seen)

    @property
    def tells_what_runs(self) -> bool:
        return bool(self._running)

    def uids(self, key: PodKey) -> list[str]:
        """Of all pods that had the name, in the order in which they began."""
        seen = self._seen.get(key, {})
        return sorted(seen, key=lambda uid: (self._start.get((*key, uid), 0.0), seen[uid]))

    def is_told_apart(self, life: Life) -> bool:
        return bool(life[2]) and life in self._start

    def node(self, life: Life) -> str:
        """Where it was last."""
        return self._last(life)[1]

    def seen(self, life: Life) -> float:
        """When it was last listed."""
        return self._last(life)[0]

    def start(self, life: Life) -> float | None:
        return _told(self._start, life)

    def end(self, life: Life) -> float | None:
        """When it completed; what ended before it began is an earlier pod's of its name."""
        end = _told(self._end, life)
        return None if end is None or end <= (self.start(life) or 0.0) else end

    def ran_at(self, life: Life) -> float | None:
        """When it was last seen to run."""
        told = _told(self._running, life)
        return None if told is None else max(told.values())

    def may_end_at(self, life: Life) -> float:
        """When one kube-state-metrics, which told on of others, had it end, while another tells of it still.

        The other one lags, or is the shard that took the pod over. Infinity where all say the same.
        """
        told = _told(self._running, life) or {}
        ends = [at for teller, at in told.items() if at + 2 * STEP < min(max(told.values()), self._tellers[teller])]
        return min(ends, default=float("inf"))

    def owner(self, life: Life) -> Target | None:
        return _told(self._owners, life)

    def revision(self, life: Life) -> str:
        """From the pod's labels where they are exported, else the hash that ends its ReplicaSet's name."""
        direct = self.owner(life)
        last = direct.name.rpartition("-")[2] if direct and direct.kind == "ReplicaSet" else ""
        return _told(self._hashes, life) or (last if HASH.fullmatch(last) else "")

    def _last(self, life: Life) -> tuple[float, str]:
        return self._seen.get((life[0], life[1]), {}).get(life[2], (float("inf"), ""))


def _told(facts: Mapping[Life, V], life: Life) -> V | None:
    return facts.get(life, facts.get((life[0], life[1], "")))


def _life(key: tuple[str, ...]) -> Life:
    return key[0], key[1], key[2]


def _by_teller(running: Matrix) -> dict[Life, dict[str, float]]:
    """Pod -> instance of kube-state-metrics -> when that saw it run last."""
    found: dict[Life, dict[str, float]] = {}
    for key, at in running.numbers().items():
        found.setdefault(_life(key), {})[key[3]] = at
    return found


def _latest(told: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Instance -> when it told of any pod last."""
    found: dict[str, float] = {}
    for tellers in told:
        for teller, at in tellers.items():
            found[teller] = max(at, found.get(teller, at))
    return found


def _seen(matrix: Matrix) -> dict[PodKey, dict[str, tuple[float, str]]]:
    """Pod -> uid -> when it was seen last, and on which node."""
    found: dict[PodKey, dict[str, tuple[float, str]]] = {}
    for (namespace, pod, uid, node), at in matrix.numbers().items():
        uids = found.setdefault((namespace, pod), {})
        uids[uid] = max(uids.get(uid, (at, node)), (at, node))
    return found


def _owner(owners: Owners, namespace: str, kind: str, name: str) -> Target | None:
    return None if kind in ("", "<none>") else Target(namespace, kind, name, "", owners.api_version(kind))


def _parents(answers: Mapping[str, Matrix], owners: Owners) -> dict[Target, Target]:
    found: dict[Target, Target] = {}
    for answer, kind in (("replicaset_owner", "ReplicaSet"), ("job_owner", "Job")):
        for namespace, name, owner_kind, owner_name in answers[answer].keys:
            above = _owner(owners, namespace, owner_kind, owner_name)
            if above is not None:
                found[Target(namespace, kind, name, "", owners.api_version(kind))] = above
    return found
