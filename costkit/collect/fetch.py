"""Runs named queries over one shard of one day. Two are in flight at most; what is refused for its size is halved.

What a query could not give is kept account of: `absent` (no such series), `partial` (a warning), `missing` (refused).
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256

import pyarrow as pa

from costkit.collect import queries as q
from costkit.collect.earlier import Earlier, kept
from costkit.collect.matrix import Matrix, Span, after, beside, nothing, on_grid
from costkit.collect.pace import IN_FLIGHT, Pace
from costkit.collect.pieces import Piece, halves
from costkit.collect.queries import Query
from costkit.collect.spelling import Spelling
from costkit.connect.answers import Answer
from costkit.connect.prometheus import Prometheus, QueryRefusedError
from costkit.model.account import Account
from costkit.model.day import MATRICES
from costkit.model.window import STEPS

MAX_SAMPLES = 5_000_000
"""A tenth of what Prometheus lets one query hold."""
_AT_ONCE = 1_000_000
"""Samples that one answer brings into memory, whatever the server would give."""
_PER_POD = 2 * STEPS
"""Samples of a pod on one day in one query, until answers tell."""
_LEAST_STEPS = 12
"""Steps of the day below which no part of it is asked for."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What is read together: all of it by one query, or what tells of pods by one query a piece."""

    whole: Piece | None = None
    """None: the cluster."""
    pieces: tuple[Piece, ...] = ()

    @property
    def namespaces(self) -> Iterable[str] | None:
        return None if self.whole is None else self.whole.namespaces

    def asked_by(self, query: Query) -> Iterable[Piece | None]:
        return self.pieces if self.pieces and "pod" in query.labels else (self.whole,)


class Fetcher:
    """Queries of one Prometheus for one cluster."""

    def __init__(
        self,
        prometheus: Prometheus,
        selector: tuple[str, ...],
        spelling: Spelling,
        rate: int,
        most: int = MAX_SAMPLES,
    ) -> None:
        self._prometheus = prometheus
        self._selector = selector
        self._spelling = spelling
        self._rate = rate
        self._most = min(most, _AT_ONCE)
        self._per_pod = float(_PER_POD)
        self._pace = Pace()
        self._pool = ThreadPoolExecutor(IN_FLIGHT)

    def close(self) -> None:
        """Queries that wait are dropped; those in flight end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def most_pods(self) -> int:
        """Pods of a piece, from what answers brought and what was refused so far."""
        return max(1, int(self._most / self._per_pod))

    def asked(self, queries: Iterable[Query]) -> str:
        """What the queries are, as one word: answers to others are of no use."""
        return sha256(
            repr((self._selector, self._rate, [self._spelling.of(query).expression for query in queries])).encode()
        ).hexdigest()

    def has(self, query: Query) -> bool:
        return self._spelling.has(query)

    def submit(self, reading: "Reading", query: Query) -> "Future[Matrix]":
        return self._pool.submit(reading.read, query)

    def ask(self, query: Query, piece: Piece | None, span: Span, since: float) -> Answer:
        """From `since` on. Raises what `Prometheus.range` does."""
        with self._pace.turn(query.name) as answered:
            answer = self._send(query, piece, span, since)
            answered(answer.samples)
        if piece is not None and piece.size and "pod" in query.labels:
            self._per_pod = max(self._per_pod, answer.samples / piece.size)
        return answer

    def pod_names(self, piece: Piece, span: Span) -> tuple[str, ...]:
        """Sorted, of all pods that a namespace had on the day."""
        answer = self.ask(q.POD_NAMES, Piece(piece.namespaces), span, span.midnight)
        return tuple(sorted({series.metric["pod"] for series in answer.series if series.metric.get("pod")}))

    def too_big(self, piece: Piece) -> None:
        """Later pieces are smaller than one that was refused."""
        self._most = min(self._most, max(1, int(piece.size * self._per_pod / 2)))

    def _send(self, query: Query, piece: Piece | None, span: Span, since: float) -> Answer:
        expression = q.bind(
            self._spelling.of(query), (*_matchers(piece), *self._selector), self._rate, span.until - since
        )
        if not query.step:
            return self._prometheus.instant(expression, span.midnight if query.reading == "before" else span.until)
        start = since + query.step
        return (
            Answer((), ()) if start > span.until else self._prometheus.range(expression, start, span.until, query.step)
        )


@dataclass
class Reading:
    """One shard of one day: its answers, and what came of them."""

    fetcher: Fetcher
    span: Span
    shard: Shard
    earlier: Earlier
    _futures: dict[Query, "Future[Matrix]"] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    _warned: dict[str, str] = field(default_factory=dict)

    def start(self, queries: Iterable[Query]) -> None:
        """Sends them on their way; none waits."""
        for query in queries:
            if query not in self._futures:
                self._futures[query] = self.fetcher.submit(self, query)

    def matrices(self, queries: Iterable[Query]) -> Mapping[str, Matrix]:
        """Name -> matrix of each query; an empty one for what has no series."""
        asked = list(queries)
        self.start(asked)
        return {query.name: self._futures[query].result() for query in asked}

    def account(self) -> Account:
        """Of all that was asked so far."""
        told = {query.name for query, future in self._futures.items() if future.result().keys}
        asked = {query.name for query in self._futures}
        refused, warned = dict(sorted(self._refused.items())), dict(sorted(self._warned.items()))
        return Account(frozenset(told), frozenset(asked - told), refused, warned)

    def answers(self) -> pa.Table:
        """All answers as rows of MATRICES."""
        until = self.span.until - self.span.midnight
        parts = [kept(query, future.result(), until) for query, future in self._futures.items()]
        return pa.concat_tables([MATRICES.empty_table(), *parts])

    def read(self, query: Query) -> Matrix:
        """Called on a thread of the fetcher's."""
        if not self.fetcher.has(query):
            return nothing(query)
        since = self.earlier.since
        known = self.earlier.matrix(query, self.shard.namespaces)
        if query.reading == "before" and since > self.span.midnight:
            return known
        pieces = self.shard.asked_by(query)
        found = beside((part for piece in pieces for part in self._parts(query, piece, self.span, since)), query)
        return after(known, found, query, since, self.span) if since > self.span.midnight else found

    def _parts(self, query: Query, piece: Piece | None, span: Span, since: float) -> Iterator[Matrix]:
        """The answer, or those to its halves where the server will not give it whole."""
        try:
            answer = self.fetcher.ask(query, piece, span, since)
        except QueryRefusedError as error:
            smaller = list(self._smaller(query, piece, span, since)) if error.too_big else []
            if not smaller:
                self._refused.setdefault(query.name, error.message)
            for part, until, start in smaller:
                yield from self._parts(query, part, Span(span.midnight, until), start)
            return
        if answer.warnings:
            self._warned.setdefault(query.name, "; ".join(answer.warnings))
        yield on_grid(answer, query, span)

    def _smaller(
        self, query: Query, piece: Piece | None, span: Span, since: float
    ) -> Iterator[tuple[Piece | None, float, float]]:
        """(piece, until, since) of fewer pods; where there are none, of less time."""
        if piece is not None:
            self.fetcher.too_big(piece)
            parts = halves(piece, self._pods(piece) if "pod" in query.labels else ())
            if parts:
                yield from ((part, span.until, since) for part in parts)
                return
        steps = (span.until - since) / query.step if query.step else 0
        if steps >= 2 * _LEAST_STEPS:
            middle = since + steps // 2 * query.step
            yield from ((piece, middle, since), (piece, span.until, middle))

    def _pods(self, piece: Piece) -> tuple[str, ...]:
        return () if piece.pods or len(piece.namespaces) > 1 else self.fetcher.pod_names(piece, self.span)


def _matchers(piece: Piece | None) -> tuple[str, ...]:
    if piece is None:
        return ()
    matchers = (f"namespace=~{q.quote('|'.join(sorted(piece.namespaces)))}",)
    return (*matchers, f"pod=~{q.quote('|'.join(piece.beginnings))}") if piece.beginnings else matchers
