"""`python -m benchmarks.study [CONTAINERS] [DAYS]`: wall time and peak memory of `analyze.facts.study`.

A made-up snapshot goes in: Deployments of one pod and one container, one in ten with an autoscaler; rows of two
resources, each with sketches of 40 buckets, and ten signals a day. Two lines come out: what the frames take, and what
study takes on top.
"""

import resource
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from costkit.analyze.facts import study
from costkit.model.cluster import Cluster
from costkit.model.listed import Present
from costkit.model.nodes import Node
from costkit.model.objects import Autoscaler, HpaMetric, Namespace, Workload
from costkit.model.pods import ContainerSpec, Meta, Pod
from costkit.model.snapshot import Frames, Snapshot
from costkit.model.target import Target
from costkit.model.usage import SIGNALS, USAGE, empty
from costkit.model.window import DAY, HALF_HOURS, Window

START = 1_763_596_800.0  # a midnight
BUCKETS = 40
SIGNALS_OF_CONTAINERS = (
    "request_cpu", "request_memory", "limit_cpu", "limit_memory", "cfs_periods", "cfs_throttled",
)  # fmt: skip
SIGNALS_OF_WORKLOADS = ("network_in", "network_out", "replicas_desired", "replicas_ready")
GIB = 2.0**30


def main(containers: int = 10_000, days: int = 14) -> None:
    snapshot = made(containers, days)
    frames = snapshot.frames
    print(f"frames: usage {frames.usage.num_rows:,} rows, signals {frames.signals.num_rows:,} rows, {peak():,.0f} MiB")
    wall, processor = time.perf_counter(), time.process_time()
    facts = study(snapshot, ("team", "env", "cost-center"))
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(
        f"study: {len(facts.containers):,} containers x {days} days in {wall:.1f} s ({processor:.1f} s of processor), "
        f"peak {peak():,.0f} MiB"
    )


def peak() -> float:
    """MiB of the largest resident set so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made(containers: int, days: int) -> Snapshot:
    targets = [Target(f"ns{i % 200:03d}", "Deployment", f"w{i:05d}") for i in range(containers)]
    midnights = [START + day * DAY for day in range(days)]
    random = np.random.default_rng(0)
    usage = [usage_day(targets, day, name, random) for day in midnights for name in ("cpu", "memory")]
    signals = [signal_day(targets, day, name) for day in midnights for name in SIGNALS_OF_CONTAINERS]
    signals += [signal_day(targets, day, name, "") for day in midnights for name in SIGNALS_OF_WORKLOADS]
    frames = Frames(pa.concat_tables(usage), pa.concat_tables(signals), *map(empty, ("events", "nodes", "volumes")))
    window = Window(START, START + days * DAY)
    return Snapshot(window.end, window, cluster(targets), frames)


def usage_day(targets: Sequence[Target], day: float, name: str, random: np.random.Generator) -> pa.Table:
    count = len(targets)
    numbers = (random.integers(100, 600, count)[:, np.newaxis] + np.arange(BUCKETS)).ravel()
    offsets = np.arange(0, count * BUCKETS + 1, BUCKETS)
    peaks = (random.random(count) + 0.1) * (1e9 if name == "memory" else 1.0)
    half_hours = pa.FixedSizeListArray.from_arrays(
        pa.array(random.random(count * HALF_HOURS).astype(np.float32)), HALF_HOURS
    )
    pods = pa.array([f"{target.name}-x" for target in targets])
    sketch = {
        "buckets": pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(numbers, pa.int32())),
        "counts": pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(np.full(len(numbers), 7))),
    }
    return table(USAGE, count, {
        **subjects(targets, "app"),
        **sketch,
        **{f"hottest_{column}": lists for column, lists in sketch.items()},
        **dict.fromkeys(("hottest_pod", "peak_pod"), pods),
        **dict.fromkeys(("hottest_means", "hottest_peaks", "total_means", "total_peaks"), half_hours),
        "peak": pa.array(peaks), "mean": pa.array(peaks / 2),
        "day": day, "revision": "r1", "node_class": "m5.large/on-demand", "resource": name, "peak_at": day + 300,
        "start_peak": float("nan"), "samples": 280, "samples_expected": 287, "pods": 1, "pod_hours": 24.0,
    })  # fmt: skip


def signal_day(targets: Sequence[Target], day: float, name: str, container: str = "app") -> pa.Table:
    ones = pa.array(np.ones(len(targets) * HALF_HOURS, np.float32))
    half_hours = pa.FixedSizeListArray.from_arrays(ones, HALF_HOURS)
    columns = {**subjects(targets, container), "day": day, "signal": name, "detail": "", "half_hours": half_hours}
    return table(SIGNALS, len(targets), columns)


def subjects(targets: Sequence[Target], container: str) -> dict[str, Any]:
    return {
        "api_version": "apps/v1",
        "kind": "Deployment",
        "namespace": pa.array([target.namespace for target in targets]),
        "name": pa.array([target.name for target in targets]),
        "container": container,
    }


def table(schema: pa.Schema, rows: int, columns: dict[str, Any]) -> pa.Table:
    """A frame's table; what is no array is the value of all rows."""
    arrays = [
        columns[field.name] if isinstance(columns[field.name], pa.Array)
        else pa.repeat(pa.scalar(columns[field.name], field.type), rows)
        for field in schema
    ]  # fmt: skip
    return pa.table(arrays, schema=schema)


def cluster(targets: Sequence[Target]) -> Cluster:
    labels = {"team": "a", "env": "prod", "app.kubernetes.io/name": "x", "app.kubernetes.io/instance": "y"}
    app = ContainerSpec("app", "img", {"cpu": 1.0, "memory": GIB}, {"cpu": 2.0, "memory": 2 * GIB})
    metric = HpaMetric("Resource", "cpu", target_type="Utilization", target=70.0)
    namespaces = sorted({target.namespace for target in targets})
    offer = {"cpu": 16.0, "memory": 64 * GIB}
    return Cluster(
        "id",
        "made up",
        nodes=Present(tuple(Node(Meta(f"n{i}"), offer, offer, "m5.large") for i in range(1000))),
        namespaces=Present(tuple(Namespace(Meta(name)) for name in namespaces)),
        workloads=Present(tuple(Workload(t, Meta(t.name, t.namespace, labels=labels), (app,), 1) for t in targets)),
        pods=Present(
            tuple(
                Pod(Meta(f"{t.name}-x", t.namespace), t, (app,), node=f"n{i % 1000}", start=START)
                for i, t in enumerate(targets)
            )
        ),
        autoscalers=Present(tuple(Autoscaler(Meta(t.name, t.namespace), t, 1, 5, (metric,)) for t in targets[::10])),
        vertical_autoscalers=Present(()),
        limit_ranges=Present(()),
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
