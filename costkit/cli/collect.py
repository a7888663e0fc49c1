"""`costkit collect`: one snapshot file, from which everything else runs without the cluster."""

import re
import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from costkit.cli import exits
from costkit.cli.flags import (
    CLUSTER,
    METRICS,
    READING,
    TALK,
    ClusterFlags,
    MetricsFlags,
    ReadingFlags,
    SourceFlags,
    TalkFlags,
)
from costkit.cli.inputs import Where, snapshot
from costkit.cli.outputs import check_file
from costkit.cli.talk import say
from costkit.history.snapshots import write_snapshot
from costkit.model.snapshot import Snapshot


def collect(  # noqa: PLR0913 - each is a flag or a group of flags
    *,
    output: Annotated[
        Path | None, Parameter(name=["--output", "-o"], help="The file; else snapshot-CLUSTER-TIME.zip here.")
    ] = None,
    at: Annotated[str, Parameter(help="The moment up to which metrics are read: RFC 3339, or now.")] = "now",
    cluster: ClusterFlags = CLUSTER,
    metrics: MetricsFlags = METRICS,
    reading: ReadingFlags = READING,
    talk: TalkFlags = TALK,
) -> int:
    """Observe the cluster and its Prometheus once, and write what was seen to one file."""
    if output is not None:
        check_file(output)
    taken = snapshot(Where(cluster, metrics, reading, SourceFlags(at=at), talk))
    path = output or Path(default_name(taken))
    write_snapshot(taken, path)
    say(f"{path}: {taken.window.days:.1f} days, {taken.frames.usage.num_rows} sketches", talk)
    return exits.for_coverage(taken.coverage)


def default_name(taken: Snapshot) -> str:
    """A file name that any file system takes, from a name that anybody may have given."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", taken.cluster.name).strip("-.")[:60] or "cluster"
    return f"snapshot-{name}-{time.strftime('%Y%m%dT%H%MZ', time.gmtime(taken.taken_at))}.zip"
