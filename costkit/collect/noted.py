"""A source with one row of coverage more: what was known before it was opened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from costkit.collect.source import Source
from costkit.model.cluster import Cluster, Coverage
from costkit.model.day import Wanted
from costkit.model.samples import Observation
from costkit.model.window import Window


@dataclass(frozen=True, slots=True)
class Noted:
    """Implements collect.source.Source. The note takes the place of the source's own row of that name."""

    source: Source
    note: Coverage

    def cluster(self) -> Cluster:
        return self.source.cluster()

    def reach(self, window: Window) -> list[Window]:
        return self.source.reach(window)

    def observe(self, wanted: Iterable[Wanted]) -> Iterator[Observation]:
        return self.source.observe(wanted)

    def coverage(self) -> tuple[Coverage, ...]:
        return (self.note, *(row for row in self.source.coverage() if row.source != self.note.source))
