"""One shard of one day: its queries on their way, its answers, and what came of them.

What a query could not give is kept account of: `absent` (no such series), `partial` (a warning), `missing` (refused).
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

import pyarrow as pa

from costkit.collect.earlier import Earlier, kept
from costkit.collect.fetch import Fetcher, Shard
from costkit.collect.matrix import Matrix, Span, after, beside, nothing, on_grid
from costkit.collect.pieces import Piece, halves
from costkit.collect.queries import Query
from costkit.connect.prometheus import QueryRefusedError
from costkit.model.account import Account
from costkit.model.day import MATRICES

_LEAST_STEPS = 12
"""Steps of the day below which no part of it is asked for."""


@dataclass
class Reading:
    """One shard of one day: its answers, and what came of them."""

    fetcher: Fetcher
    span: Span
    shard: Shard
    earlier: Earlier
    _futures: dict[Query, Future[Matrix]] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    _warned: dict[str, str] = field(default_factory=dict)

    def start(self, queries: Iterable[Query]) -> None:
        """Sends them on their way; none waits."""
        for query in queries:
            if query not in self._futures:
                self._futures[query] = self.fetcher.submit(self.read, query)

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

    @property
    def lacking(self) -> frozenset[str]:
        """Names of queries of which not all came."""
        return frozenset(self._refused.keys() | self._warned.keys())

    def answers(self) -> pa.Table:
        """All answers as rows of MATRICES."""
        until = self.span.until - self.span.midnight
        parts = [kept(query, future.result(), until) for query, future in self._futures.items()]
        return pa.concat_tables([MATRICES.empty_table(), *parts])

    def read(self, query: Query) -> Matrix:
        """Called on a thread of the fetcher's."""
        if not self.fetcher.has(query):
            return nothing(query)
        since = self.earlier.since(query)
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
            yield from self._halved(query, piece, span, since, error)
            return
        if answer.warnings:
            self._warned.setdefault(query.name, "; ".join(answer.warnings))
        yield on_grid(answer, query, span)

    def _halved(
        self, query: Query, piece: Piece | None, span: Span, since: float, error: QueryRefusedError
    ) -> Iterator[Matrix]:
        may = error.too_big and self.fetcher.may_halve(query)
        smaller = list(self._smaller(query, piece, span, since)) if may else []
        if not smaller:
            self._refused.setdefault(query.name, error.message)
        if may and not smaller:
            self.fetcher.refused_at_floor(query)
        for part, until, start in smaller:
            for found in self._parts(query, part, Span(span.midnight, until), start):
                self.fetcher.fitted(part)
                yield found

    def _smaller(
        self, query: Query, piece: Piece | None, span: Span, since: float
    ) -> Iterator[tuple[Piece | None, float, float]]:
        """(piece, until, since) of fewer pods; where there are none, of less time."""
        if piece is not None:
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
