"""What a finding is about: one workload, or one container of it."""

from dataclasses import dataclass, replace

_SHORT = {
    "deployment": "deploy",
    "statefulset": "sts",
    "daemonset": "ds",
    "replicaset": "rs",
    "replicationcontroller": "rc",
    "cronjob": "cj",
    "persistentvolumeclaim": "pvc",
    "persistentvolume": "pv",
    "namespace": "ns",
    "service": "svc",
}


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """An object of the cluster by its coordinates; `container` is empty where the whole workload is meant.

    The order of targets (namespace first) is the order of every list that has no better one.
    """

    namespace: str
    kind: str
    name: str
    container: str = ""
    api_version: str = "apps/v1"

    @property
    def workload(self) -> "Target":
        return replace(self, container="")

    def of(self, container: str) -> "Target":
        return Target(self.namespace, self.kind, self.name, container, self.api_version)

    @property
    def group(self) -> str:
        """The API group, empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def short_kind(self) -> str:
        """kubectl's short name for the kind (`deploy`), or the kind in lower case."""
        return _SHORT.get(self.kind.lower(), self.kind.lower())

    @property
    def short(self) -> str:
        """As kubectl writes it: `deploy/api`."""
        return f"{self.short_kind}/{self.name}"

    def __str__(self) -> str:
        place = f"{self.namespace}/{self.short}" if self.namespace else self.short
        return f"{place}:{self.container}" if self.container else place
