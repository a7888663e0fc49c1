"""`python -m benchmarks.krr FOLDER [PODS]`: costkit beside the queries that KRR would send for the same containers.

The folder keeps the past that Prometheus is given: 1,000 pods of one container, 14 days, a sample a minute. PODS are
those of a Deployment, 1 by default; 50, which is as many as KRR puts into one query, are its best case.

KRR itself does not run: its seven queries for each container of a workload are sent from 10 threads, none waiting for
another's answer, and nothing is done with the answers but to decode them; so KRR is made faster than it is. Its step
is 5 minutes, which is costkit's, and once more the 75 s that it has by default.

costkit is the whole command with a history, once for all signals and once for CPU and memory alone (`usage_alone`). A
night's run finds all days but the last in its history, the first fill finds none. Beside each: the time in which its
own queries, two in flight, are merely received.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.fleet import END, Fleet
from benchmarks.floor import IN_FLIGHT
from benchmarks.measure import FailedError, measure
from benchmarks.recorded import Asked, recorded
from benchmarks.replay import command, replay
from benchmarks.served import COSTKIT, WROTE, Served, served
from costkit.model.day import SETTLED
from costkit.model.window import DAY
from tests.bed.prometheus import Prometheus
from tests.bed.scene import PodSeries

WINDOW = "14d"
NOW = END + SETTLED
RUNS = 3
STEPS = ("5m", "75s")
WORKERS, PODS_A_QUERY, NAMES_A_QUERY = 10, 50, 100
"""KRR's own: threads; pods in a query for usage; owners or pods in one that finds pods."""


@dataclass(frozen=True, slots=True)
class Way:
    """Of collecting; KRR's wall is to be `least` times its own at the least."""

    name: str
    least: float
    is_night: bool
    usage_alone: bool

    @property
    def slug(self) -> str:
        return self.name.replace(",", "").replace(" ", "-")


WAYS = (
    Way("night, CPU and memory", 20.0, is_night=True, usage_alone=True),
    Way("night, all signals", 12.0, is_night=True, usage_alone=False),
    Way("first fill, CPU and memory", 2.5, is_night=False, usage_alone=True),
    Way("first fill, all signals", 1.0, is_night=False, usage_alone=False),
)


def krr_queries(pods: Sequence[PodSeries], step: str) -> list[Asked]:
    """Of all containers of all Deployments."""
    workloads = groupby(pods, key=lambda pod: (pod.namespace, pod.owner_name))
    return [
        ("query", {"query": asked, "time": str(NOW)}) for _, own in workloads for asked in _of_workload([*own], step)
    ]


def _of_workload(pods: Sequence[PodSeries], step: str) -> Iterator[str]:
    for container in pods[0].containers:
        yield from _that_find_pods(pods)
        for part in _parts([pod.pod for pod in pods], PODS_A_QUERY):
            yield from _of_usage(f'namespace="{pods[0].namespace}",pod=~"{part}",container="{container.name}"', step)


def _that_find_pods(pods: Sequence[PodSeries]) -> Iterator[str]:
    """Sent for each container again, as KRR does."""
    namespace, replica_set = pods[0].namespace, pods[0].owner_name
    deployment = replica_set.rpartition("-")[0]
    yield (
        f'kube_replicaset_owner{{owner_name="{deployment}",owner_kind="Deployment",namespace="{namespace}"}}[{WINDOW}]'
    )
    owned = f'owner_name=~"{replica_set}",owner_kind="ReplicaSet",namespace="{namespace}"'
    yield f"last_over_time(kube_pod_owner{{{owned}}}[{WINDOW}])"
    for part in _parts([pod.pod for pod in pods], NAMES_A_QUERY):
        yield f'kube_pod_status_phase{{phase="Running",pod=~"{part}",namespace="{namespace}"}} == 1'


def _of_usage(matchers: str, step: str) -> Iterator[str]:
    cpu, memory = (
        f"container_{name}{{{matchers}}}" for name in ("cpu_usage_seconds_total", "memory_working_set_bytes")
    )
    by, span = "by (container,pod,job)", f"[{WINDOW}:{step}]"
    yield f"quantile_over_time(0.95, max(rate({cpu}[{step}])) {by}{span})"
    yield f"max_over_time(max({memory}) {by}{span})"
    yield f"count_over_time(max({cpu}) {by}{span})"
    yield f"count_over_time(max({memory}) {by}{span})"


def _parts(names: Sequence[str], most: int) -> Iterator[str]:
    return ("|".join(names[i : i + most]) for i in range(0, len(names), most))


def require_series(prometheus: Prometheus, asked: Sequence[Asked]) -> None:
    """A query without an answer would cost nothing."""
    for call, form in asked:
        if not prometheus.ask(f"/api/v1/{call}", form)["result"]:
            raise FailedError(f"no series: {form['query']}")


@dataclass(frozen=True, slots=True)
class Bench:
    """The servers, and a folder for what is made: `before` in it is the history of the night before."""

    fleet: Fleet
    servers: Served
    place: Path

    def prepare(self) -> None:
        """The night before; then each way once, to know its queries."""
        measure([*COSTKIT, *self.servers.collect(self._before, NOW - DAY, WINDOW)], WROTE)
        for step in STEPS:
            asked = krr_queries(self.fleet.scene().pods, step)
            require_series(self.servers.prometheus, asked[: len(asked) // self.fleet.workloads])
            self.asked(step).write_text(json.dumps(asked))
        for way in WAYS:
            self._begin(way)
            if way.usage_alone:
                measure(self._command(way), WROTE)
            else:
                recorded(self._words(way), self.asked(way.slug))

    def asked(self, name: str) -> Path:
        return self.place / f"{name}.json"

    def krr(self, step: str) -> float:
        return measure(command(self.servers.prometheus.url, self.asked(step), WORKERS), [0]).seconds

    def costkit(self, way: Way) -> float:
        self._begin(way)
        return measure(self._command(way), WROTE).seconds

    def raw(self, way: Way) -> float:
        """In this process: no start of a program counts."""
        asked = json.loads(self.asked(way.slug).read_text())
        start = time.perf_counter()
        replay(self.servers.prometheus.url, asked, IN_FLIGHT, decodes=False)
        return time.perf_counter() - start

    @property
    def _before(self) -> Path:
        return self.place / "before"

    def _begin(self, way: Way) -> None:
        shutil.rmtree(self.place / way.slug, ignore_errors=True)
        if way.is_night:
            shutil.copytree(self._before, self.place / way.slug)

    def _command(self, way: Way) -> list[str]:
        if not way.usage_alone:
            return [*COSTKIT, *self._words(way)]
        return [sys.executable, "-m", "benchmarks.usage_alone", str(self.asked(way.slug)), *self._words(way)]

    def _words(self, way: Way) -> list[str]:
        return self.servers.collect(self.place / way.slug, NOW, WINDOW)


def one_round(bench: Bench) -> dict[str, float]:
    """Seconds of each: KRR, then each way and its raw pull."""
    took = {step: _told(f"KRR at a step of {step}", bench.krr(step)) for step in STEPS}
    for way in WAYS:
        took[way.name] = _told(way.name, bench.costkit(way))
        took[f"raw {way.name}"] = _told("its raw pull", bench.raw(way))
    return took


def _told(name: str, seconds: float) -> float:
    print(f"{name} {seconds:.2f} s, load {os.getloadavg()[0]:.1f}", flush=True)
    return seconds


def report(bench: Bench, rounds: Sequence[dict[str, float]]) -> None:
    containers = bench.fleet.workloads * len(bench.fleet.containers)

    def line(name: str, key: str, file: str) -> None:
        seconds, sent = median(one[key] for one in rounds), len(json.loads(bench.asked(file).read_text()))
        each = seconds / containers * 1000
        print(f"{name}: median {seconds:.2f} s, {sent} queries, {each:.1f} ms for a workload's container")

    for step in STEPS:
        line(f"KRR at a step of {step}", step, step)
    for way in WAYS:
        line(way.name, way.name, way.slug)
        for step in STEPS:
            ours, raw = (median(one[step] / one[name] for one in rounds) for name in (way.name, f"raw {way.name}"))
            print(f"  KRR at {step} takes {ours:.1f} times that (asked: {way.least:g}), {raw:.1f} times the raw pull")


def main(folder: Path, replicas: int = 1) -> None:
    fleet = Fleet(pods=1_000, containers=("main",), days=14, replicas=replicas)
    with TemporaryDirectory() as place, served(fleet, folder) as servers:
        bench = Bench(fleet, servers, Path(place))
        bench.prepare()
        report(bench, [one_round(bench) for _ in range(RUNS)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
