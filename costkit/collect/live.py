"""The source that is a real cluster: its API server, and the Prometheus that watches it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from costkit.collect import queries as q
from costkit.collect.events import events
from costkit.collect.fetch import Fetcher, Matrix, Span
from costkit.collect.inside import inside, running
from costkit.collect.kube import read_cluster
from costkit.collect.lived import PodKey, PodsOfDay, by_namespace, since_first_sample
from costkit.collect.nodes import classes_of, node_rows, volume_rows
from costkit.collect.samples import samples
from costkit.collect.selector import check_nodes, matchers, rate_window
from costkit.collect.shards import shards
from costkit.collect.signals import (
    Day,
    autoscaler_signals,
    container_signals,
    pod_signals,
    replica_signals,
    unsplit_signals,
)
from costkit.collect.usage import Usage, split, with_unseen
from costkit.connect.kube import Kube
from costkit.connect.prometheus import Prometheus
from costkit.model.cluster import Cluster, Coverage
from costkit.model.listed import Present, known
from costkit.model.pods import Pod
from costkit.model.samples import Observation, Samples
from costkit.model.target import Target
from costkit.model.usage import empty, frame, subject
from costkit.model.window import HALF_HOUR, HALF_HOURS, STEPS, Window

_ENOUGH = 0.9
"""Share of the window from which it counts as seen."""


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """What the user says of the metrics. Configured signals are expressions that keep namespace and pod."""

    cluster_name: str = ""
    selector: str = ""
    request_rate: str = ""
    consumer_lag: str = ""

    @property
    def configured(self) -> tuple[q.Query, ...]:
        pairs = (("request_rate", self.request_rate), ("consumer_lag", self.consumer_lag))
        return tuple(q.configured(name, expression) for name, expression in pairs if expression)


@dataclass
class Seen:
    """What the days told, for coverage."""

    joined: Counter[str] = field(default_factory=Counter)
    unlabelled_pods: int = 0
    """Pods whose containers have no label and cannot be split."""
    half_hours: set[float] = field(default_factory=set)
    """Unix seconds at which each half hour with a sample begins."""

    def note(self, samples: Iterable[Samples]) -> None:
        for one in samples:
            seen = np.isfinite(one.values).any(axis=0).reshape(HALF_HOURS, -1).any(axis=1)
            self.half_hours.update(one.day + HALF_HOUR * float(i) for i in np.flatnonzero(seen))


class LiveSource:
    """Implements collect.source.Source. Everything is read; nothing is written."""

    def __init__(self, kube: Kube, prometheus: Prometheus, window: Window, options: LiveOptions) -> None:
        self._prometheus = prometheus
        self._options = options
        self._selector = matchers(options.selector)
        self._cluster, self._owners = read_cluster(kube, options.cluster_name)
        self._living = by_namespace(known(self._cluster.pods))
        self._templates = {w.target: running(w.containers) for w in known(self._cluster.workloads)}
        self._nodes = {node.name: node for node in known(self._cluster.nodes)}
        self._note = self._checked(window)
        names = prometheus.names(window.start, window.end)
        rate = rate_window(prometheus, self._selector, window.end)
        self._window = window
        self._fetch = Fetcher(prometheus, self._selector, names, rate)
        self._seen = Seen()

    def cluster(self) -> Cluster:
        return self._cluster

    def observe(self, midnight: float, window: Window) -> Iterator[Observation]:
        span = Span(midnight, window.within(midnight).end)
        wide = self._fetch.matrices((*q.NODES, *q.VOLUMES, q.NAMESPACES), span)
        classes = classes_of(wide, self._nodes)
        yield self._wide(wide, span)
        for bundle in shards(self._pods_by_namespace(wide)):
            yield self._shard(bundle, span, classes)

    def coverage(self) -> tuple[Coverage, ...]:
        gone = {how: n for how, n in self._seen.joined.items() if how != "owner"}
        joined = ", ".join(f"{n} by {how}" for how, n in sorted(gone.items())) or "none"
        rows = [self._note, Coverage("pods that are gone", "ok", f"pod-days joined to workloads: {joined}")]
        if self._seen.unlabelled_pods:
            detail = f"{self._seen.unlabelled_pods} pod-days of several containers without a container label"
            rows.append(Coverage("container labels", "partial", detail))
        return (*rows, self._share_seen(), *self._fetch.account.coverage())

    def _share_seen(self) -> Coverage:
        """How much of the window has any sample: a shorter past is said, not taken for idleness."""
        seen = len(self._seen.half_hours) * HALF_HOUR / 3600
        detail = f"samples in {seen:g} of {self._window.hours:g} hours"
        return Coverage("window", "ok" if seen >= _ENOUGH * self._window.hours else "partial", detail)

    def _checked(self, window: Window) -> Coverage:
        if not isinstance(self._cluster.nodes, Present):
            return Coverage("node check", "missing", "the API's nodes could not be read")
        line = check_nodes(self._prometheus, self._selector, self._nodes, window.end)
        return Coverage("node check", "ok", line)

    def _pods_by_namespace(self, wide: Mapping[str, Matrix]) -> dict[str, int]:
        """From series, and from the API for namespaces that the series lack."""
        living = {namespace: len(pods) for namespace, pods in self._living.items()}
        told = {key[0]: int(n) for key, n in wide[q.NAMESPACES.name].numbers().items()}
        return {**living, **told}

    def _wide(self, wide: Mapping[str, Matrix], span: Span) -> Observation:
        signals = [
            {
                "day": span.midnight,
                **subject(Target("", "Cluster", self._cluster.id, "", "")),
                "signal": "interruptions",
                "detail": key[0],
                "half_hours": row,
            }
            for key, row in wide["interruptions"].rows()
        ]
        return Observation(
            samples=(),
            signals=frame("signals", signals),
            events=empty("events"),
            nodes=frame("nodes", node_rows(wide, span, self._nodes)),
            volumes=frame("volumes", volume_rows(wide, span)),
        )

    def _shard(self, namespaces: tuple[str, ...], span: Span, classes: Mapping[str, str]) -> Observation:
        within = (f"namespace=~{q.quote('|'.join(namespaces))}",)
        living = {key: pod for namespace in namespaces for key, pod in self._living.get(namespace, {}).items()}
        pods = PodsOfDay(self._fetch.matrices(q.PODS, span, within), span, living, self._owners)
        self._seen.joined.update(pods.joined)
        day = self._day(span, within, pods)
        usage, unsplit = self._usage(day, within, living)
        since = since_first_sample(day.pods, usage.values(), span.midnight)
        found = tuple(samples(r, m, span, since, classes) for r, m in usage.items() if m.keys)
        self._seen.note(found)
        return Observation(
            samples=found,
            signals=frame("signals", [*self._signals(day, within), *unsplit_signals(day, unsplit)]),
            events=frame("events", events(day)),
            nodes=empty("nodes"),
            volumes=empty("volumes"),
        )

    def _day(self, span: Span, within: tuple[str, ...], pods: PodsOfDay) -> Day:
        asked = (*q.CONTAINER_SIGNALS, *q.POD_SIGNALS, *q.AUTOSCALERS, *q.EVENTS, *self._options.configured)
        scaled = {(a.meta.namespace, a.meta.name): a.workload for a in known(self._cluster.autoscalers)}
        return Day(span, self._fetch.matrices(asked, span, within), pods.by_key, pods.owners, scaled)

    def _signals(self, day: Day, within: tuple[str, ...]) -> list[dict[str, Any]]:
        by_pod = (*(s.name for s in q.POD_SIGNALS), *(s.name for s in self._options.configured))
        rows = [*container_signals(day), *pod_signals(day, by_pod)]
        rows += autoscaler_signals(day, (s.name for s in q.AUTOSCALERS))
        for kind, asked in q.REPLICAS.items():
            rows += replica_signals(day, kind, self._fetch.matrices(asked, day.span, within))
        return rows

    def _usage(self, day: Day, within: tuple[str, ...], living: Mapping[PodKey, Pod]) -> tuple[Usage, Matrix]:
        """Of every container that ran; and the memory of pods that no label splits into containers."""
        usage = dict(self._fetch.matrices(q.USAGE, day.span, within))
        asked = (*usage.values(), day.answers["requests"], day.answers["limits"])
        containers = inside(living, day.pods, self._templates, (key for matrix in asked for key in matrix.keys))
        unsplit = Matrix((), np.empty((0, STEPS)))
        if not usage["memory"].keys and day.pods:
            whole = self._fetch.matrices(q.POD_USAGE, day.span, within)
            found, unsplit = split(whole, containers.sole(day.pods))
            usage |= found
            self._seen.unlabelled_pods += len(unsplit.keys)
        return with_unseen(usage, day.pods, containers), unsplit
