"""The source that is a real cluster: its API server, and the Prometheus that watches it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

import pyarrow as pa

from costkit.collect import queries as q
from costkit.collect.earlier import Earlier
from costkit.collect.fetch import MAX_SAMPLES, Fetcher, Shard
from costkit.collect.kube import read_cluster
from costkit.collect.matrix import Span
from costkit.collect.nodes import classes_of, node_rows, told_until, volume_rows
from costkit.collect.pieces import bundles, split_pods
from costkit.collect.reading import Reading
from costkit.collect.selector import check_nodes, days_with_data, matchers, rate_window
from costkit.collect.shard import Known, ShardOfDay, interruptions
from costkit.collect.spelling import spelling
from costkit.connect.kube import Kube
from costkit.connect.prometheus import Prometheus
from costkit.connect.session import DeadlineError
from costkit.model.cluster import Cluster, Coverage
from costkit.model.day import OpenDay, Wanted
from costkit.model.listed import Present, known
from costkit.model.samples import Observation
from costkit.model.usage import empty, frame
from costkit.model.window import Window

_AHEAD = 2
"""Readings that are on their way while one is reduced."""
_SHARDS = 0.9
"""Of a day's work, beside its nodes and volumes."""
_WIDE = (*q.NODES, *q.VOLUMES, q.NAMESPACES)
_ALL = (
    *(*_WIDE, *q.PODS, *q.USAGE, *q.POD_USAGE, *q.CONTAINER_SIGNALS, *q.POD_SIGNALS, *q.AUTOSCALERS, *q.EVENTS),
    *(query for asked in q.REPLICAS.values() for query in asked),
)


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """What the user says of the metrics. Configured signals are expressions that keep namespace and pod."""

    cluster_name: str = ""
    selector: str = ""
    request_rate: str = ""
    consumer_lag: str = ""
    max_samples: int = MAX_SAMPLES
    """Samples that a query may bring."""

    @property
    def configured(self) -> tuple[q.Query, ...]:
        pairs = (("request_rate", self.request_rate), ("consumer_lag", self.consumer_lag))
        return tuple(q.configured(name, expression) for name, expression in pairs if expression)


@dataclass
class _Day:
    """A day that is being read."""

    wanted: Wanted
    earlier: Earlier
    wide: Reading
    shards: list[Reading] = field(default_factory=list)
    """Those whose answers are kept."""
    shares: int = 0
    """How many there are."""

    @property
    def span(self) -> Span:
        return self.wide.span


class LiveSource:
    """Implements collect.source.Source. Everything is read; nothing is written. Use as a context manager."""

    def __init__(self, kube: Kube, prometheus: Prometheus, window: Window, options: LiveOptions) -> None:
        """`window`: the longest that will be asked of."""
        self._prometheus = prometheus
        self._options = options
        self._selector = matchers(options.selector)
        self._cluster, owners = read_cluster(kube, options.cluster_name)
        self._known = Known(self._cluster, owners)
        self._nodes = {node.name: node for node in known(self._cluster.nodes)}
        self._note = self._checked(window)
        names = prometheus.names(window.start, window.end)
        rate = rate_window(prometheus, self._selector, window.end)
        self._spelling = spelling(prometheus, self._selector, names, window)
        self._fetch = Fetcher(prometheus, self._selector, self._spelling, rate, options.max_samples)
        self._asked = self._fetch.asked((*_ALL, *options.configured))
        self._late: tuple[Coverage, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._fetch.close()

    def cluster(self) -> Cluster:
        return self._cluster

    def reach(self, window: Window) -> list[Window]:
        parts = [window.within(midnight) for midnight in window.midnights()]
        return days_with_data(self._prometheus, self._selector, parts[::-1])

    def observe(self, wanted: Iterable[Wanted]) -> Iterator[Observation]:
        """The next readings are on their way while one is reduced. Past the deadline no further day comes."""
        days = list(wanted)
        done = 0
        try:
            for finish in _ahead(self._readings(days)):
                observation = finish()
                done += observation.is_last
                yield observation
        except DeadlineError as error:
            left = f"{done} of {len(days)} days were read: {error.message}"
            self._late = (Coverage("deadline", "partial", left),)

    def coverage(self) -> tuple[Coverage, ...]:
        return (self._note, self._spelling.coverage(), *self._late)

    def _checked(self, window: Window) -> Coverage:
        if not isinstance(self._cluster.nodes, Present):
            return Coverage("node check", "missing", "the API's nodes could not be read")
        line = check_nodes(self._prometheus, self._selector, self._nodes, window.end)
        return Coverage("node check", "ok", line)

    def _readings(self, wanted: list[Wanted]) -> Iterator[Callable[[], Observation]]:
        """A day's nodes are asked for while the day before is read: its shards are known when their turn comes."""
        following = (self._begun(one) for one in wanted)
        day = next(following, None)
        while day is not None:
            after = next(following, None)
            yield from self._shards(day)
            yield self._closing(day)
            day = after

    def _begun(self, wanted: Wanted) -> _Day:
        earlier = Earlier(wanted.earlier, wanted.midnight, self._asked)
        reading = Reading(self._fetch, Span(wanted.midnight, wanted.window.end), Shard(), earlier)
        reading.start((*_WIDE, *self._options.configured))
        return _Day(wanted, earlier, reading)

    def _shards(self, day: _Day) -> Iterator[Callable[[], Observation]]:
        nodes = day.wide.matrices(q.NODES)
        classes, until = classes_of(nodes, self._nodes), told_until(nodes, day.span)
        configured = day.wide.matrices(self._options.configured)
        self._fetch.new_day()
        shards = list(self._bounded(day))
        day.shares = len(shards)
        for shard in shards:
            reading = Reading(self._fetch, day.span, shard, day.earlier)
            of_day = ShardOfDay(reading, self._known, configured, classes, until, _SHARDS / len(shards))
            of_day.start()
            if day.wanted.keeps_answers:
                day.shards.append(reading)
            yield of_day.observation

    def _bounded(self, day: _Day) -> Iterator[Shard]:
        """Whole namespaces; a huge one by the beginnings of its pods' names."""
        told = {key[0]: int(n) for key, n in day.wide.matrices([q.NAMESPACES])[q.NAMESPACES.name].numbers().items()}
        most = self._fetch.most_pods
        for piece in bundles({**self._known.pods_by_namespace(), **told}, most):
            if piece.size <= most:
                yield Shard(piece)
                continue
            namespace = next(iter(piece.namespaces))
            names = self._fetch.pod_names(piece, day.span)
            yield Shard(piece, tuple(split_pods(namespace, names, most)))

    def _closing(self, day: _Day) -> Callable[[], Observation]:
        def finish() -> Observation:
            wide, span = day.wide.matrices(_WIDE), day.span
            return Observation(
                day=span.midnight,
                until=span.until,
                samples=(),
                signals=frame("signals", interruptions(wide, span.midnight, self._cluster.id)),
                events=empty("events"),
                nodes=frame("nodes", node_rows(wide, span, self._nodes)),
                volumes=frame("volumes", volume_rows(wide, span)),
                account=day.wide.account(),
                share=1 - _SHARDS if day.shares else 1.0,
                answers=self._answers(day) if day.wanted.keeps_answers else None,
            )

        return finish

    def _answers(self, day: _Day) -> OpenDay:
        readings = (day.wide, *day.shards)
        matrices = pa.concat_tables([reading.answers() for reading in readings])
        lacking = frozenset(name for reading in readings for name in reading.lacking)
        return OpenDay(day.span.midnight, day.span.until, self._asked, matrices, lacking)


def _ahead(readings: Iterator[Callable[[], Observation]]) -> Iterator[Callable[[], Observation]]:
    """The same, each given out only when the next ones have begun."""
    begun: deque[Callable[[], Observation]] = deque()
    try:
        for one in readings:
            begun.append(one)
            if len(begun) > _AHEAD:
                yield begun.popleft()
    except DeadlineError:
        yield from begun  # what has come in by now is whole
        raise
    yield from begun
