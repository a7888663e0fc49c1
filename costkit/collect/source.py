"""Where observations come from: a cluster with its Prometheus, or the made-up platform of the demo."""

from collections.abc import Iterator
from typing import Protocol

from costkit.model.cluster import Cluster, Coverage
from costkit.model.samples import Observation
from costkit.model.window import Window


class Source(Protocol):
    def cluster(self) -> Cluster:
        """The cluster as it is at the end of the window."""

    def observe(self, midnight: float, window: Window) -> Iterator[Observation]:
        """One UTC day, shard by shard, cut to the window. Each pod of the day is in exactly one shard."""

    def coverage(self) -> tuple[Coverage, ...]:
        """What could not be seen, or was seen in part; complete once all days were observed."""
