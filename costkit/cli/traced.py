"""Where the traces of a back-test come from: a file of them, a snapshot, or a history."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from costkit import pipeline
from costkit.errors import UsageError
from costkit.model.trace import Trace
from costkit.model.window import DAY, Window

if TYPE_CHECKING:
    from costkit.history.store import History
    from costkit.model.snapshot import Snapshot


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class TraceFlags:
    """What rules are tried on: one of the three."""

    traces: Annotated[
        Path | None, Parameter(help="Parquet or CSV: series_id, ts, cpu_cores and/or mem_bytes, mem_alloc.")
    ] = None
    snapshot: Annotated[Path | None, Parameter(help="The containers of this snapshot.")] = None
    history: Annotated[str, Parameter(help="Folder or URL (s3://, gs://, az://) where days are kept.")] = ""
    cluster_id: Annotated[str, Parameter(help="Which cluster of the history, where it holds several.")] = ""


TRACES = TraceFlags()

Read = tuple[tuple[Trace, ...], tuple[str, ...]]
"""Traces, and what is to be said of how they were read."""


def read(flags: TraceFlags) -> Read:
    """UsageError unless one source is named, and for one that cannot be read."""
    if sum(map(bool, (flags.traces, flags.snapshot, flags.history))) != 1:
        hint = "one of --traces FILE, --snapshot FILE, --history URL; one that a file or COSTKIT_* names: --history ''"
        raise UsageError("a back-test needs one place to take usage from", hint)
    if flags.cluster_id and not flags.history:
        raise UsageError("--cluster-id names a cluster of a history", "give --history, or leave it out")
    if flags.traces is not None:
        from costkit.collect.traces import read_traces

        return read_traces(flags.traces)
    taken = _snapshot(flags)
    return pipeline.traces_of(taken), ()


def _snapshot(flags: TraceFlags) -> "Snapshot":
    from costkit.history.snapshots import read_snapshot
    from costkit.history.store import History

    if flags.snapshot is not None:
        return read_snapshot(flags.snapshot)
    history = History.open(flags.history)
    return _of_history(history, _cluster(history, flags))


def _of_history(history: "History", cluster_id: str) -> "Snapshot":
    """What a back-test reads of all days that are kept; of the cluster itself no more than its id is known."""
    from costkit.model.cluster import Cluster
    from costkit.model.snapshot import Frames, Snapshot
    from costkit.model.usage import FRAMES, empty

    days = history.days(cluster_id)
    kept = days.midnights()
    if not kept:
        raise UsageError(f"{history.storage.url} has no whole day of {cluster_id}", "let `costkit nightly` fill it")
    end = kept[-1] + DAY
    past = days.before(Window(end, end), (end - kept[0]) / DAY)
    frames = Frames(**{name: empty(name) for name in FRAMES} | {"signals": days.signal("limit_memory")})
    return Snapshot(end, Window(end, end), Cluster(cluster_id, cluster_id), frames, days.coverage(), past)


def _cluster(history: "History", flags: TraceFlags) -> str:
    """The one that is named, or the only one."""
    from costkit.history.layout import CLUSTER

    names = [entry.name for entry in history.storage.entries() if entry.is_folder]
    held = sorted(name.removeprefix(CLUSTER) for name in names if name.startswith(CLUSTER))
    if not held:
        raise UsageError(f"nothing is kept in {history.storage.url}", "`costkit nightly --history` fills it")
    if flags.cluster_id in held or (len(held) == 1 and not flags.cluster_id):
        return flags.cluster_id or held[0]
    told = f"has no cluster {flags.cluster_id}" if flags.cluster_id else f"holds {len(held)} clusters"
    raise UsageError(f"{history.storage.url} {told}", f"--cluster-id is one of: {', '.join(held)}")
