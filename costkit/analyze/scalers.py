"""A cluster's autoscalers by the workload that they act on: looked up once a container, listed once a cluster."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from costkit.model.cluster import Cluster
from costkit.model.listed import known
from costkit.model.objects import Autoscaler
from costkit.model.target import Target


@dataclass(frozen=True, slots=True)
class Scalers:
    """A reference names kind and name; its API version may be an older one of the same group."""

    horizontal: Mapping[Target, list[Autoscaler]]
    vertical: Mapping[Target, str]
    """Workload -> the VPA that sets its requests; one that only recommends does not."""

    @classmethod
    def of(cls, cluster: Cluster) -> "Scalers":
        horizontal: dict[Target, list[Autoscaler]] = defaultdict(list)
        for autoscaler in known(cluster.autoscalers):
            horizontal[_unversioned(autoscaler.workload)].append(autoscaler)
        vertical: dict[Target, str] = {}
        for vpa in known(cluster.vertical_autoscalers):
            if vpa.mode != "Off":
                vertical.setdefault(_unversioned(vpa.workload), vpa.meta.name)
        return cls(horizontal, vertical)

    def divide(self, target: Target) -> tuple[str, ...]:
        """Resources of the container whose request an HPA divides by, ordered."""
        metrics = [m for a in self.horizontal.get(_unversioned(target), ()) for m in a.metrics]
        return tuple(
            sorted({m.name for m in metrics if m.divides_by_request and m.container in ("", target.container)})
        )

    def set_requests_of(self, target: Target) -> str:
        """Name of the VPA that does, empty where none."""
        return self.vertical.get(_unversioned(target), "")


def _unversioned(target: Target) -> Target:
    """The workload, its group in place of its API version."""
    return Target(target.namespace, target.kind, target.name, api_version=target.group)
