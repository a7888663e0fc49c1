"""`python -m benchmarks.samples OBJECTS.json.gz TRACES.parquet SNAPSHOT.zip`: a snapshot of real objects.

A `kubectl get -o json` list and usage traces go in, a snapshot comes out from which `costkit recommend --snapshot` and
`costkit report --snapshot` run. The objects are decoded by the code that reads an API server. Their past is made up:
every pod is as old as the window, and each container uses its trace's share of what it may use.

The traces are a long table (series_id, ts, cpu_cores, mem_bytes, cpu_alloc, mem_alloc; 5 minutes).
"""

import gzip
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from costkit import pipeline
from costkit.collect.kube import read_cluster
from costkit.connect.kube import Kube, ListError
from costkit.history.snapshots import write_snapshot
from costkit.model.cluster import Cluster, Coverage
from costkit.model.day import Wanted
from costkit.model.listed import known
from costkit.model.pods import ContainerSpec, Pod
from costkit.model.quantities import MEBIBYTE
from costkit.model.samples import Observation, Samples, Series
from costkit.model.usage import empty
from costkit.model.window import DAY, STEP, STEPS, Window
from costkit.progress import Silent

DAYS = 14
UNBOUND = {"cpu": 0.25, "memory": 256.0 * MEBIBYTE}
"""What a container without request and limit may use: cores, bytes."""

Floats = NDArray[np.float64]
Shares = Mapping[str, list[Floats]]
"""Resource -> traces, each a share of an allocation (0..1) by five minutes."""


class FileKube(Kube):
    """Answers for an API server from a list of objects in a file, which names no kind that it has none of."""

    def __init__(self, items: list[dict[str, Any]], identity: str) -> None:
        self._items = items
        self._identity = identity

    def get(self, path: str, query: tuple[tuple[str, str], ...] = ()) -> bytes:
        del query
        if path == "/version":
            return b"{}"
        if path == "/api/v1/namespaces/kube-system":
            return json.dumps({"metadata": {"name": "kube-system", "uid": self._identity}}).encode()
        raise ListError(404, "not in the file")

    def pages(self, path: str) -> Iterator[bytes]:
        plural = path.rpartition("/")[2]
        yield json.dumps({"items": [item for item in self._items if _plural(item["kind"]) == plural]}).encode()


class SampleSource:
    """Implements costkit.collect.source.Source."""

    def __init__(self, cluster: Cluster, shares: Shares, window: Window) -> None:
        self._cluster = cluster
        self._shares = shares
        self._window = window
        self._classes = {node.name: node.node_class for node in known(cluster.nodes)}

    def cluster(self) -> Cluster:
        return self._cluster

    def coverage(self) -> tuple[Coverage, ...]:
        return (
            Coverage("usage", "ok", "made up from traces: it is not what these containers used"),
            Coverage("objects", "ok", "a kind that is not in the file is taken to have none"),
        )

    def reach(self, window: Window) -> list[Window]:
        return [window.within(midnight) for midnight in window.midnights()]

    def observe(self, wanted: Iterable[Wanted]) -> Iterator[Observation]:
        return (self._day(one.midnight, one.window.end) for one in wanted)

    def _day(self, midnight: float, until: float) -> Observation:
        first = int((midnight - self._window.start) // STEP)
        running = [(pod, c) for pod in known(self._cluster.pods) if pod.holds_resources for c in pod.containers]
        found = [(pod, c) for pod, c in running if c.runs_on]
        series = tuple(self._series(pod, c.name) for pod, c in found)
        passed = midnight + STEP * np.arange(1, STEPS + 1) <= until
        return Observation(
            day=midnight,
            until=until,
            samples=tuple(
                Samples(
                    resource, midnight, series, np.where(passed, self._values(resource, found, first), np.nan), until
                )
                for resource in self._shares
            ),
            signals=empty("signals"),
            events=empty("events"),
            nodes=empty("nodes"),
            volumes=empty("volumes"),
        )

    def _series(self, pod: Pod, container: str) -> Series:
        start, name = self._window.start, pod.meta.name
        node_class = self._classes.get(pod.node, "")
        return Series(pod.workload.of(container), name, pod.revision, node_class, start, float("inf"))

    def _values(self, resource: str, found: list[tuple[Pod, ContainerSpec]], first: int) -> Floats:
        traces = self._shares[resource]
        rows = [
            traces[crc32(f"{pod.workload}/{c.name}".encode()) % len(traces)][first : first + STEPS]
            * _most(c, resource)
            * (0.9 + crc32(pod.meta.name.encode()) % 11 / 100)
            for pod, c in found
        ]
        return np.array(rows).reshape(len(found), STEPS)


def _plural(kind: str) -> str:
    return kind.lower() + ("es" if kind.endswith("ss") else "s")


def _most(container: ContainerSpec, resource: str) -> float:
    return container.limits.get(resource) or container.requests.get(resource) or UNBOUND[resource]


def read_shares(path: Path, window: Window) -> Shares:
    """The series that cover the window without a gap. CPU and memory of one place are one machine's."""
    table = pq.read_table(path)
    steps = int((window.end - window.start) // DAY + 1) * STEPS
    kept: dict[str, list[Floats]] = {"cpu": [], "memory": []}
    for name in sorted(pc.unique(table["series_id"]).to_pylist()):
        one = table.filter(pc.equal(table["series_id"], name)).sort_by("ts")
        if one.num_rows >= steps and pc.mean(one["cpu_cores"]).as_py() and pc.mean(one["mem_bytes"]).as_py():
            kept["cpu"].append(_share(one, "cpu_cores", "cpu_alloc")[:steps])
            kept["memory"].append(_share(one, "mem_bytes", "mem_alloc")[:steps])
    return kept


def _share(table: pa.Table, used: str, allocated: str) -> Floats:
    share: Floats = np.clip(table[used].to_numpy() / table[allocated].to_numpy(), 0.0, 1.0)
    return share


def _moment(items: list[dict[str, Any]]) -> float:
    """Unix seconds just after the newest object was made."""
    made = [item["metadata"]["creationTimestamp"] for item in items if "creationTimestamp" in item["metadata"]]
    return datetime.fromisoformat(max(made)).timestamp() + 3600


def main(objects: str, traces: str, target: str) -> None:
    items = json.loads(gzip.decompress(Path(objects).read_bytes()))["items"]
    name = Path(objects).name.partition(".")[0]
    at = _moment(items)
    window = Window.back_from(at, DAYS)
    cluster, _ = read_cluster(FileKube(items, f"file-{name}"), name)
    source = SampleSource(cluster, read_shares(Path(traces), window), window)
    start = time.perf_counter()
    write_snapshot(pipeline.observe(source, window, at, Silent()), Path(target))
    print(f"{target}: {len(known(cluster.pods))} pods of {name}, {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
