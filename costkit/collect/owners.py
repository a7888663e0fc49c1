"""Which workload a pod belongs to: through controllers that live, through series of those gone, else by its name.

References are Targets without a container. Pure: what is known comes in as mappings.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from costkit.model.target import Target

How = Literal["owner", "series", "living", "name", "pod"]
"""How a pod was joined: owner references, Prometheus' owner series, a living controller's name, its own name's form;
`pod` where it stands alone."""

_DEPTH = 5
_RANDOM = re.compile(r"[bcdfghjklmnpqrstvwxz2456789]{5}")
HASH = re.compile(r"[bcdfghjklmnpqrstvwxz2456789]{6,10}")
"""What a Deployment's controller puts behind the name of a ReplicaSet."""
_JOB_KINDS = re.compile(r"(?!Cron|Scaled).*Job|Workflow|PipelineRun|TaskRun|SparkApplication")
"""Kinds whose objects run once; CronJobs and KEDA's ScaledJobs live on under one name."""
_MADE_UP = re.compile(
    r"\d{4,}|[0-9a-f]{8,}|[bcdfghjklmnpqrstvwxz2456789]{5}"
    r"|(?![a-z]+\d{1,3}[a-z]?$)(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{5,10}"
)
"""Dates and numbers, digests, random suffixes; but `resnet50`, a word with a short number, is a name."""
_MINUTES = re.compile(r"\d{8,}")
"""What a CronJob puts into its Jobs' names: the minute they are of."""
_API_VERSIONS = {
    "ReplicaSet": "apps/v1",
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "ReplicationController": "v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "Rollout": "argoproj.io/v1alpha1",
    "Node": "v1",
}


@dataclass(frozen=True, slots=True)
class Owners:
    """What is known of who controls whom."""

    parents: Mapping[Target, Target] = field(default_factory=dict)
    """Living objects: each to its controller; an object without one is not in it."""
    living: frozenset[Target] = frozenset()
    """Every living controller, by which a pod that is gone can be joined by its name."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Kind -> API version of the living; made from them where it is not given."""

    def __post_init__(self) -> None:
        if not self.versions:
            object.__setattr__(self, "versions", _versions(self.living))

    def top(self, direct: Target) -> Target:
        """The topmost known controller above `direct`, or the family that a made-up name belongs to."""
        owner = direct
        for _ in range(_DEPTH):
            above = self.parents.get(owner)
            if above is None:
                break
            owner = above
        return family(owner)

    def with_series(self, parents: Mapping[Target, Target]) -> "Owners":
        """Owners that series tell of, too; what lives is believed before them."""
        return Owners({**parents, **self.parents}, self.living, self.versions)

    def api_version(self, kind: str) -> str:
        """The API version of a kind that a series names without one; empty for one that nothing here is of."""
        return _API_VERSIONS.get(kind) or self.versions.get(kind, "")

    def of_pod(self, namespace: str, pod: str, direct: Target | None) -> tuple[Target, How]:
        """The workload of a pod that may be gone, and how it was found. `direct` is what its owner series says."""
        orphan = direct is not None and self._is_orphan(direct)
        if direct is None or orphan:
            for guess in _guesses(namespace, pod):
                if guess in self.living:
                    return self.top(guess), "living"
            shaped = _by_shape(namespace, pod)
            if shaped is not None:
                return shaped, "name"
        if direct is not None and direct.kind not in ("Node", ""):
            return self.top(direct), "series"
        return bare_pod(namespace, pod), "pod"

    def _is_orphan(self, direct: Target) -> bool:
        """A ReplicaSet that is gone and that no series tells the owner of: its Deployment is known by name alone."""
        return direct.kind == "ReplicaSet" and direct not in self.living and direct not in self.parents


def _versions(living: Iterable[Target]) -> dict[str, str]:
    """Of a kind that several groups have, the one of the first target in order."""
    first: dict[str, Target] = {}
    for target in living:
        first[target.kind] = min(target, first.get(target.kind, target))
    return {kind: target.api_version for kind, target in first.items()}


def bare_pod(namespace: str, name: str) -> Target:
    return Target(namespace, "Pod", name, "", "v1")


def family(target: Target) -> Target:
    """Jobs with made-up names are one workload: `train-bert-20261101-x7k2p` -> `train-bert-*`."""
    if not _JOB_KINDS.fullmatch(target.kind):
        return target
    words = ["*" if _MADE_UP.fullmatch(word) else word for word in target.name.split("-")]
    name = re.sub(r"(\*-)+\*", "*", "-".join(words))
    return Target(target.namespace, target.kind, name, "", target.api_version)


def _guesses(namespace: str, pod: str) -> list[Target]:
    """Controllers that could have made a pod of this name, the likeliest first."""
    stem, _, last = pod.rpartition("-")
    found = []
    if stem and last.isdigit():
        found.append(Target(namespace, "StatefulSet", stem, "", "apps/v1"))
    if stem and _RANDOM.fullmatch(last):
        kinds = ("ReplicaSet", "DaemonSet", "Job", "ReplicationController")
        found.extend(Target(namespace, kind, stem, "", _API_VERSIONS[kind]) for kind in kinds)
        base, _, hashed = stem.rpartition("-")
        if base and _MINUTES.fullmatch(hashed):
            found.append(Target(namespace, "CronJob", base, "", "batch/v1"))
        if base and HASH.fullmatch(hashed):
            found.append(Target(namespace, "Deployment", base, "", "apps/v1"))
    return found


def _by_shape(namespace: str, pod: str) -> Target | None:
    """`api-7d764666f9-x7k2p` looks like a Deployment's pod, `nightly-29123580-x7k2p` like a CronJob's, gone or not."""
    parts = pod.rsplit("-", 2)
    if len(parts) != 3 or not _RANDOM.fullmatch(parts[2]):
        return None
    if _MINUTES.fullmatch(parts[1]):
        return Target(namespace, "CronJob", parts[0], "", "batch/v1")
    if HASH.fullmatch(parts[1]):
        return Target(namespace, "Deployment", parts[0], "", "apps/v1")
    return None
