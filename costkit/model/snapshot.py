"""One observation of one cluster: every later command runs from it, without the cluster."""

from dataclasses import dataclass, field

import pyarrow as pa

from costkit.model.cluster import Cluster, Coverage
from costkit.model.usage import PAST
from costkit.model.window import Window

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Frames:
    """The tables of model.usage, a row a day and subject."""

    usage: pa.Table
    signals: pa.Table
    events: pa.Table
    nodes: pa.Table
    volumes: pa.Table


@dataclass(frozen=True, slots=True)
class Snapshot:
    taken_at: float
    """Unix seconds."""
    window: Window
    cluster: Cluster
    frames: Frames
    coverage: tuple[Coverage, ...] = ()
    past: pa.Table = field(default_factory=PAST.empty_table)
    """Use on days before the window (model.usage.PAST)."""

    @property
    def known_usage(self) -> pa.Table:
        """The columns of PAST for all days that are known."""
        return pa.concat_tables([part.select(PAST.names).cast(PAST) for part in (self.past, self.frames.usage)])
