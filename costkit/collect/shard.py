"""One shard of one day, from its answers to an Observation."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from costkit.collect import queries as q
from costkit.collect.events import events
from costkit.collect.inside import inside, running
from costkit.collect.lived import PodKey, PodsOfDay, by_namespace, since_first_sample
from costkit.collect.matrix import Matrix
from costkit.collect.owners import Owners
from costkit.collect.reading import Reading
from costkit.collect.samples import samples
from costkit.collect.signals import (
    Day,
    autoscaler_signals,
    container_signals,
    pod_signals,
    replica_signals,
    unsplit_signals,
)
from costkit.collect.usage import Usage, split, with_unseen
from costkit.model.account import Account
from costkit.model.cluster import Cluster
from costkit.model.listed import known
from costkit.model.pods import Pod
from costkit.model.samples import Observation, Samples
from costkit.model.target import Target
from costkit.model.usage import empty, frame, subject
from costkit.model.window import HALF_HOUR, HALF_HOURS, STEPS

_ASKED = (*q.CONTAINER_SIGNALS, *q.POD_SIGNALS, *q.AUTOSCALERS, *q.EVENTS)
_REPLICAS = tuple(query for asked in q.REPLICAS.values() for query in asked)


class Known:
    """What the API server says of now, by the names under which series tell of it."""

    def __init__(self, cluster: Cluster, owners: Owners) -> None:
        self.owners = owners
        self.living = by_namespace(known(cluster.pods))
        self.templates = {w.target: running(w.containers) for w in known(cluster.workloads)}
        self.autoscaled = {(a.meta.namespace, a.meta.name): a.workload for a in known(cluster.autoscalers)}

    def pods_in(self, namespaces: Iterable[str]) -> Mapping[PodKey, Pod]:
        return {key: pod for namespace in namespaces for key, pod in self.living.get(namespace, {}).items()}

    def pods_by_namespace(self) -> dict[str, int]:
        return {namespace: len(pods) for namespace, pods in self.living.items()}


@dataclass(frozen=True, slots=True)
class ShardOfDay:
    """Its queries are on their way; `observation` waits for them."""

    reading: Reading
    known: Known
    configured: Mapping[str, Matrix]
    """The user's own signals, of all pods of the cluster."""
    classes: Mapping[str, str]
    """Node name -> node class."""
    told_until: float
    """Unix seconds until which series tell of the day."""
    share: float
    """Of the day's work that it is."""

    def start(self) -> None:
        self.reading.start((*q.PODS, *q.USAGE, *_ASKED, *_REPLICAS))

    def observation(self) -> Observation:
        reading = self.reading
        living = self.known.pods_in(reading.shard.namespaces or ())
        pods = PodsOfDay(reading.matrices(q.PODS), reading.span, living, self.known.owners, self.told_until)
        answers = {**reading.matrices(_ASKED), **self.configured}
        day = Day(reading.span, answers, pods.by_key, pods.owners, self.known.autoscaled)
        usage, unsplit = self._usage(day, living)
        since = since_first_sample(day.pods, usage.values(), day.span.midnight)
        found = tuple(samples(r, m, day.span, since, self.classes) for r, m in usage.items() if m.keys)
        return Observation(
            day=day.span.midnight,
            until=day.span.until,
            samples=found,
            signals=frame("signals", [*self._signals(day), *unsplit_signals(day, unsplit)]),
            events=frame("events", events(day)),
            nodes=empty("nodes"),
            volumes=empty("volumes"),
            account=reading.account() + _account(pods, unsplit, found),
            share=self.share,
            is_last=False,
        )

    def _signals(self, day: Day) -> list[dict[str, Any]]:
        by_pod = (*(s.name for s in q.POD_SIGNALS), *self.configured)
        rows = [*container_signals(day), *pod_signals(day, by_pod)]
        rows += autoscaler_signals(day, (s.name for s in q.AUTOSCALERS))
        for kind, asked in q.REPLICAS.items():
            rows += replica_signals(day, kind, self.reading.matrices(asked))
        return rows

    def _usage(self, day: Day, living: Mapping[PodKey, Pod]) -> tuple[Usage, Matrix]:
        """Of every container that ran; and the memory of pods that no label splits into containers."""
        usage = dict(self.reading.matrices(q.USAGE))
        asked = (*usage.values(), day.answers["requests"], day.answers["limits"])
        containers = inside(living, day.pods, self.known.templates, (key for matrix in asked for key in matrix.keys))
        unsplit = Matrix((), np.empty((0, STEPS)))
        if not usage["memory"].keys and day.pods:
            found, unsplit = split(self.reading.matrices(q.POD_USAGE), containers.sole(day.pods))
            usage |= found
        return with_unseen(usage, day.pods, containers), unsplit


def _account(pods: PodsOfDay, unsplit: Matrix, found: Iterable[Samples]) -> Account:
    seen = frozenset(at for one in found for at in _half_hours(one))
    return Account(joined=pods.joined, unlabelled_pods=len(unsplit.keys), seen=seen)


def _half_hours(samples: Samples) -> Iterator[float]:
    known_at = np.isfinite(samples.values).any(axis=0).reshape(HALF_HOURS, -1).any(axis=1)
    return (samples.day + HALF_HOUR * float(i) for i in np.flatnonzero(known_at))


def interruptions(answers: Mapping[str, Matrix], midnight: float, cluster_id: str) -> list[dict[str, Any]]:
    """Rows of the frame `signals`: Karpenter's messages of the whole cluster, by kind."""
    target = Target("", "Cluster", cluster_id, "", "")
    return [
        {
            "day": midnight,
            **subject(target),
            "signal": "interruptions",
            "detail": key[0],
            "half_hours": row,
        }
        for key, row in answers["interruptions"].rows()
    ]
