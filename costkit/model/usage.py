"""The frames that cross stages: Arrow tables with fixed columns, one row a UTC day and subject.

`usage`    sketches of CPU, memory and GPU use of a container (DESIGN §3)
`signals`  48 half hours of one named signal of a container, workload or pod selector
`events`   OOM kills, restarts, exits, Job starts and ends, time to ready
`nodes`    a node's presence, offer, price, requests and use
`volumes`  a claim's used bytes and mounts
A half hour that nobody saw is NaN; a signal that no series gives has no row, and its absence stands in coverage.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from costkit.errors import FrameError
from costkit.model.target import Target
from costkit.model.window import HALF_HOURS

_HALF_HOURS = pa.list_(pa.float32(), HALF_HOURS)
_SUBJECT = [(name, pa.string()) for name in ("api_version", "kind", "namespace", "name", "container")]

USAGE = pa.schema(
    [
        ("day", pa.float64()),  # unix seconds of the UTC midnight
        *_SUBJECT,
        ("revision", pa.string()),
        ("node_class", pa.string()),
        ("resource", pa.string()),
        ("buckets", pa.list_(pa.int32())),  # of all pods
        ("counts", pa.list_(pa.int64())),
        ("hottest_pod", pa.string()),  # empty where all are pooled: no pod with 6 h of samples
        ("hottest_buckets", pa.list_(pa.int32())),
        ("hottest_counts", pa.list_(pa.int64())),
        ("peak", pa.float64()),  # exact; cores, bytes, share of a GPU
        ("peak_at", pa.float64()),  # unix seconds
        ("peak_pod", pa.string()),
        ("start_peak", pa.float64()),  # in the first 10 minutes of a pod; NaN where none started
        ("mean", pa.float64()),  # over all samples of all pods
        ("hottest_means", _HALF_HOURS),
        ("hottest_peaks", _HALF_HOURS),
        ("total_means", _HALF_HOURS),  # of the sum over pods
        ("total_peaks", _HALF_HOURS),
        ("samples", pa.int64()),
        ("samples_expected", pa.int64()),
        ("pods", pa.int32()),
        ("pod_hours", pa.float64()),  # from start and end, not from samples
    ]
)

_NARROW = {"hottest_buckets": pa.list_(pa.int16()), "hottest_counts": pa.list_(pa.int32())}
"""Of all days together the sketches are most of what is held."""
PAST = pa.schema(
    [
        USAGE.field(name).with_type(_NARROW.get(name, USAGE.field(name).type))
        for name in (
            *("day", *(name for name, _ in _SUBJECT), "revision", "node_class", "resource"),
            *("hottest_pod", "hottest_buckets", "hottest_counts", "hottest_peaks"),
            *("peak", "peak_pod", "samples", "samples_expected"),
        )
    ]
)
"""What is read of `usage` for days before the window: the sizes' rule looks further back than the evidence."""

SIGNALS = pa.schema(
    [
        ("day", pa.float64()),
        *_SUBJECT,
        ("signal", pa.string()),
        ("detail", pa.string()),  # the metric's name, where one signal has several series
        ("half_hours", _HALF_HOURS),
    ]
)

EVENTS = pa.schema(
    [
        ("day", pa.float64()),
        *_SUBJECT,
        ("pod", pa.string()),
        ("at", pa.float64()),  # unix seconds
        ("event", pa.string()),
        ("value", pa.float64()),
        ("detail", pa.string()),
    ]
)

NODES = pa.schema(
    [
        ("day", pa.float64()),
        ("name", pa.string()),
        ("half_hours", pa.int64()),  # 48 bits
        ("instance_type", pa.string()),
        ("capacity_type", pa.string()),
        ("region", pa.string()),
        ("zone", pa.string()),
        ("pool", pa.string()),
        ("allocatable_cpu", pa.float64()),
        ("allocatable_memory", pa.float64()),
        ("allocatable_gpu", pa.float64()),
        ("allocatable_pods", pa.float64()),
        ("price", pa.float64()),  # USD an hour; NaN where no metric says
        ("requested_cpu", _HALF_HOURS),
        ("requested_memory", _HALF_HOURS),
        ("cpu_p95", pa.list_(pa.float32(), 24)),  # by hour
        ("memory_peak", pa.list_(pa.float32(), 24)),
    ]
)

VOLUMES = pa.schema(
    [
        ("day", pa.float64()),
        ("namespace", pa.string()),
        ("claim", pa.string()),
        ("used", pa.float64()),  # bytes, the day's last; NaN where no series says
        ("mounted", pa.float64()),  # unix seconds at which it was last seen mounted; NaN where it was not
    ]
)

FRAMES = {"usage": USAGE, "signals": SIGNALS, "events": EVENTS, "nodes": NODES, "volumes": VOLUMES}

SIGNAL_NAMES = (
    "request_cpu",
    "request_memory",
    "request_gpu",
    "limit_cpu",
    "limit_memory",
    "replicas_desired",
    "replicas_ready",
    "hpa_desired",
    "hpa_minimum",
    "hpa_maximum",
    "hpa_limited",
    "hpa_current",
    "hpa_target",
    "network_in",
    "network_out",
    "request_rate",
    "consumer_lag",
    "cfs_periods",
    "cfs_throttled",
    "interruptions",
    "unsplit_memory",
)
"""Requests and limits: the most of any pod, cores, bytes, count. Replicas and HPA: counts, hpa_limited 0 or 1.
Network: bytes a second. Request rate: a second. Lag: messages. CFS: periods in the half hour. Interruptions: count.
Unsplit memory: bytes of whole pods of several containers, where the series have no container label."""

EVENT_NAMES = ("oom_kill", "restart", "exit", "job_start", "job_end", "ready")
"""value: oom_kill the limit in bytes; restart 1; exit 0; job_end seconds it ran; ready seconds from scheduled.
detail: exit its reason; job_end `complete` or `failed`."""


def check(name: str, table: pa.Table) -> pa.Table:
    """The table, if it has the columns of frame `name` in their order; FrameError names the first that differs."""
    for field in FRAMES[name]:
        if field.name not in table.column_names:
            raise FrameError(f"the frame {name} has no column {field.name}", "collect the snapshot again")
        if table.schema.field(field.name).type != field.type:
            found = table.schema.field(field.name).type
            raise FrameError(f"{name}.{field.name} is {found}, not {field.type}", "collect the snapshot again")
    _check_words(name, table)
    return table.select(FRAMES[name].names)


def _check_words(name: str, table: pa.Table) -> None:
    """Signals and events are those that are listed above: a word that nobody reads would be lost in silence."""
    column, known = {"signals": ("signal", SIGNAL_NAMES), "events": ("event", EVENT_NAMES)}.get(name, ("", ()))
    unknown = sorted(set(table[column].unique().to_pylist()) - set(known)) if column else []
    if unknown:
        raise FrameError(f"{name}.{column} has {unknown[0]!r}, which is none that is known", "update costkit")


def frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """A frame from rows; a column that a row lacks is null."""
    held = list(rows)
    columns = [_column(field, [row.get(field.name) for row in held]) for field in FRAMES[name]]
    return pa.Table.from_arrays(columns, schema=FRAMES[name])


def _column(field: pa.Field, values: list[Any]) -> pa.Array:
    """Lists of one length are laid end to end first: one by one Arrow takes ten times as long."""
    if not pa.types.is_fixed_size_list(field.type) or not values or any(value is None for value in values):
        return pa.array(values, field.type)
    flat = np.concatenate([np.asarray(value, np.float32) for value in values])
    return pa.FixedSizeListArray.from_arrays(pa.array(flat, field.type.value_type), field.type.list_size)


def empty(name: str) -> pa.Table:
    return FRAMES[name].empty_table()


def subject(target: Target) -> dict[str, str]:
    """A target as the five columns that name it."""
    return {
        "api_version": target.api_version,
        "kind": target.kind,
        "namespace": target.namespace,
        "name": target.name,
        "container": target.container,
    }


def target_of(row: Mapping[str, Any]) -> Target:
    """The target that the five columns of a row name."""
    return Target(row["namespace"], row["kind"], row["name"], row["container"], row["api_version"])
