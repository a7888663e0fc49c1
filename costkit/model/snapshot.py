"""One observation of one cluster: every later command runs from it, without the cluster."""

from dataclasses import dataclass

import pyarrow as pa

from costkit.model.cluster import Cluster, Coverage
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
