"""Sends named queries about one shard of one day: two in flight at most, each within a bound of samples."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic

from costkit.collect import queries as q
from costkit.collect.matrix import Matrix, Span
from costkit.collect.pace import IN_FLIGHT, Pace
from costkit.collect.pieces import Piece, literal
from costkit.collect.queries import Query
from costkit.collect.spelling import Spelling
from costkit.connect.answers import Answer
from costkit.connect.prometheus import Prometheus, QueryRefusedError
from costkit.model.window import STEP, STEPS

MAX_SAMPLES = 5_000_000
"""A tenth of what Prometheus lets one query hold."""
_A_MINUTE = STEP // 60
"""Samples that a server reads for each that it answers with, at one a minute."""
_PER_POD = 2 * STEPS * _A_MINUTE
"""Samples that are read of a pod on one day for one query, until answers tell."""
_ANY = 10**9
"""Pods; more than there are."""
_PATIENCE = 300.0
"""Seconds that one query may cost a run without an answer: one that stalls must not eat the time of all others."""


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
        self._most = most
        self._fits = _ANY
        self._per_pod = float(_PER_POD)
        self._pace = Pace()
        self._refused_at_floor: set[str] = set()
        self._lost: dict[str, float] = {}
        """Seconds that each query has cost without an answer."""
        self._pool = ThreadPoolExecutor(IN_FLIGHT)

    def close(self) -> None:
        """Queries that wait are dropped; those in flight end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def most_pods(self) -> int:
        """Pods of a piece, from what answers brought and what was refused so far."""
        return max(1, min(self._fits, int(self._most / self._per_pod)))

    def asked(self, queries: Iterable[Query]) -> str:
        """What the queries are, as one word: answers to others are of no use."""
        return sha256(
            repr((self._selector, self._rate, [self._spelling.of(query).expression for query in queries])).encode()
        ).hexdigest()

    def has(self, query: Query) -> bool:
        return self._spelling.has(query)

    def submit(self, read: Callable[[Query], Matrix], query: Query) -> Future[Matrix]:
        """`read` is called on a thread."""
        return self._pool.submit(read, query)

    def ask(self, query: Query, piece: Piece | None, span: Span, since: float) -> Answer:
        """From `since` on. Raises what `Prometheus.range` does."""
        if self._lost.get(query.name, 0.0) > _PATIENCE:
            raise QueryRefusedError(f"given up after {_PATIENCE:.0f} s without an answer", "", too_big=False)
        with self._pace.turn(query.name) as answered:
            answer = self._timed(query, piece, span, since)
            answered(answer.samples)
        if piece is not None and piece.size and "pod" in query.labels:
            self._per_pod = max(self._per_pod, answer.samples * _A_MINUTE / piece.size)
        return answer

    def pod_names(self, piece: Piece, span: Span) -> tuple[str, ...]:
        """Sorted, of all pods that a namespace had on the day; none where the server does not say."""
        try:
            answer = self.ask(q.POD_NAMES, Piece(piece.namespaces), span, span.midnight)
        except QueryRefusedError:
            return ()
        return tuple(sorted({series.metric["pod"] for series in answer.series if series.metric.get("pod")}))

    def fitted(self, piece: Piece | None) -> None:
        """Later pieces of the day are no larger than one that was given after a larger one was refused."""
        if piece is not None:
            self._fits = min(self._fits, max(1, piece.size))

    def new_day(self) -> None:
        """A server that was short of memory yesterday may not be today."""
        self._fits = _ANY

    def may_halve(self, query: Query) -> bool:
        """Not after a piece at the floor was refused: what is wrong with the query then is not its size."""
        return query.name not in self._refused_at_floor

    def refused_at_floor(self, query: Query) -> None:
        self._refused_at_floor.add(query.name)

    def _timed(self, query: Query, piece: Piece | None, span: Span, since: float) -> Answer:
        began = monotonic()
        try:
            return self._send(query, piece, span, since)
        except QueryRefusedError:
            self._lost[query.name] = self._lost.get(query.name, 0.0) + monotonic() - began
            raise

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


def _matchers(piece: Piece | None) -> tuple[str, ...]:
    if piece is None:
        return ()
    matchers = (f"namespace=~{q.quote('|'.join(map(literal, sorted(piece.namespaces))))}",)
    return (*matchers, f"pod=~{q.quote('|'.join(piece.beginnings))}") if piece.beginnings else matchers
