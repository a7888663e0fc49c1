"""A fleet of which one replica in ten is three times as hot as the others, on a bed of its own, with 49 days of past.

Made up: levels wander from day to day and from week to week, each Deployment's by its own seeded walk, so that the week
that comes is not the week that was. What the hot replicas really used is at hand as a function of time.
"""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.bed import exposition, live
from tests.bed.cluster import Cluster
from tests.bed.nodes import Machine
from tests.bed.prometheus import Prometheus
from tests.bed.scene import Floats, Times, Usage
from tests.e2e.stage import ROOT, Done, costkit

DAY, STEP, WEEK = 86_400, 300, 7
END = 1_780_012_800 // DAY * DAY
DAYS = 49
START = END - DAYS * DAY
CUTS = tuple(END - WEEK * DAY * weeks for weeks in (3, 2, 1))
"""Moments at which sizes are asked for; the week after each is judged."""

SCRAPED, STATE = 75, 290
"""Seconds: the longest at which a rate is over five minutes, and at which Prometheus finds state. Five minutes are
four scrapes, so a rate is what was used."""

SPACE = "fleet"
DEPLOYMENTS, REPLICAS, HOTTER = 20, 10, 3.0
NAMES = tuple(f"app-{number:02d}" for number in range(DEPLOYMENTS))
SIZES = {"requests": {"cpu": "2", "memory": "1Gi"}, "limits": {"memory": "2Gi"}}
"""Far above any use: what is recommended is what the rule says."""
MACHINES = tuple(Machine(f"node-{i}", cpu="64", memory="256Gi", instance_type="m6i.16xlarge") for i in range(7))

WEEKLY, DAILY, NOISE = 0.06, 0.05, 0.12
"""Standard deviations, on the logarithm: of a step from one week to the next, of a day, of five minutes."""
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Fleet:
    prometheus: Prometheus
    kubeconfig: Path
    hot: Mapping[str, Usage]
    """Deployment -> its hot replica's use."""
    others: Mapping[str, tuple[Usage, ...]]

    def costkit(self, *words: str | Path, at: float) -> Done:
        """With the reader's token."""
        where = ("--kubeconfig", self.kubeconfig, "--prometheus-url", self.prometheus.url, "--at", str(at))
        return costkit(*words, *where)

    def of_hot(self, name: str, start: int, days: int) -> Floats:
        """Cores at each five minutes."""
        return self.hot[name](_times(start, days))[0]

    def of_all(self, name: str, start: int, days: int) -> Floats:
        """The same of all replicas together."""
        uses = (self.hot[name], *self.others[name])
        return np.concatenate([use(_times(start, days))[0] for use in uses])


@contextmanager
def fleet(folder: Path) -> Iterator[Fleet]:
    with Cluster.start(folder) as cluster:
        _populate(cluster)
        replicas = _replicas(cluster)
        scene = live.from_cluster(cluster, lambda who: replicas[who.workload][who.pod], END, days=DAYS)
        scene = replace(scene, step=SCRAPED, state_step=STATE)
        with Prometheus.start(folder / "prometheus", exposition.write(scene, folder)) as prometheus:
            hot = {name: next(iter(uses.values())) for name, uses in replicas.items()}
            others = {name: tuple(uses.values())[1:] for name, uses in replicas.items()}
            yield Fleet(prometheus, cluster.service_account_kubeconfig("costkit", "costkit-reader"), hot, others)


def _populate(cluster: Cluster) -> None:
    cluster.add_nodes(MACHINES)
    cluster.create_namespace(SPACE)
    cluster.kubectl("apply", "-f", ROOT / "deploy" / "rbac-reader.yaml")
    cluster.apply([_deployment(name) for name in NAMES])
    cluster.wait_ready(SPACE, seconds=120)


def _deployment(name: str) -> dict[str, Any]:
    container = {"name": "main", "image": "registry.example/main:1.0", "resources": SIZES}
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": SPACE},
        "spec": {"replicas": REPLICAS, "selector": {"matchLabels": {"app": name}}, "template": template},
    }


def _replicas(cluster: Cluster) -> Mapping[str, Mapping[str, Usage]]:
    """Deployment -> pod -> its use, the hot one first."""
    pods = sorted((p["metadata"]["labels"]["app"], p["metadata"]["name"]) for p in cluster.get("pods", "-n", SPACE))
    found: dict[str, dict[str, Usage]] = {}
    for name, pod in pods:
        place = len(found.setdefault(name, {}))
        found[name][pod] = _usage(name, place)
    return found


def _usage(name: str, replica: int) -> Usage:
    """Constant within five minutes, so that a rate over these is exact. Names of pods differ from run to run, and say
    nothing of their use."""
    walk, own = _random(name), _random(f"{name}/{replica}")
    level = 0.03 * np.exp(0.6 * walk.standard_normal()) * (HOTTER if replica == 0 else 1.0)
    weeks = np.cumsum(WEEKLY * walk.standard_normal(DAYS // WEEK))
    days = np.repeat(weeks, WEEK) + DAILY * walk.standard_normal(DAYS)
    noise = NOISE * own.standard_normal(DAYS * DAY // STEP)

    def usage(times: Times) -> tuple[Floats, Floats]:
        bins = np.clip((times - 1 - START) // STEP, 0, len(noise) - 1)
        wave = 0.3 * np.sin(bins * STEP / DAY * 2 * np.pi)
        use = days[bins * STEP // DAY] + wave + noise[bins]
        return level * np.exp(use), 300 * MEBIBYTE * np.exp(0.1 * use)

    return usage


def _random(words: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(words.encode()))


def _times(start: int, days: int) -> Times:
    return start + STEP * np.arange(1, days * DAY // STEP + 1, dtype=np.int64)
