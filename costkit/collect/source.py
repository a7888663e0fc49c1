"""Where observations come from: a cluster with its Prometheus, or the made-up platform of the demo."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from costkit.model.cluster import Cluster, Coverage
from costkit.model.day import Wanted
from costkit.model.samples import Observation
from costkit.model.window import Window


class Source(Protocol):
    def cluster(self) -> Cluster:
        """The cluster as it is at the end of the window."""

    def reach(self, window: Window) -> list[Window]:
        """The parts of UTC days in a window that may have data, newest first."""

    def observe(self, wanted: Iterable[Wanted]) -> Iterator[Observation]:
        """The days in the order asked, each shard by shard. Each pod of a day is in exactly one shard.

        A day whose last observation does not come was broken off.
        """

    def coverage(self) -> tuple[Coverage, ...]:
        """What could not be seen, or was seen in part; complete once all days were observed."""
