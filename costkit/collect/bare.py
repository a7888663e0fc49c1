"""The source that is a cluster without any Prometheus: its objects now, and no past."""

from collections.abc import Iterable, Iterator

from costkit.collect.kube import read_cluster
from costkit.connect.kube import Kube
from costkit.model.cluster import Cluster, Coverage
from costkit.model.day import Wanted
from costkit.model.samples import Observation
from costkit.model.window import Window


class BareSource:
    """Implements collect.source.Source: cost by requests can be told from it, sizes cannot."""

    def __init__(self, kube: Kube, cluster_name: str) -> None:
        self._cluster, _ = read_cluster(kube, cluster_name)

    def cluster(self) -> Cluster:
        return self._cluster

    def reach(self, window: Window) -> list[Window]:
        del window
        return []

    def observe(self, wanted: Iterable[Wanted]) -> Iterator[Observation]:
        del wanted
        return iter(())

    def coverage(self) -> tuple[Coverage, ...]:
        return (Coverage("prometheus", "missing", "no address was given: nothing is known of what was used"),)
