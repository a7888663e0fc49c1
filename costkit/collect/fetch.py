"""Runs named queries over one day and lays the answers on the day's grid. Two are in flight at most.

What a query could not give is kept account of: `absent` (no such series), `partial` (a warning), `missing` (refused).
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from costkit.collect.queries import Query, bind
from costkit.connect.prometheus import Answer, Prometheus, QueryRefusedError
from costkit.model.cluster import Coverage
from costkit.model.window import DAY

_IN_FLIGHT = 2
_NEEDED = ("cpu", "memory")


@dataclass(frozen=True, slots=True)
class Span:
    """A UTC day, or the part of it that has passed; unix seconds."""

    midnight: float
    until: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """Series by the query's labels, in order; `values[i, j]` is series i in step j of the day, NaN where unknown.

    A query that is read once a day has one column.
    """

    keys: tuple[tuple[str, ...], ...]
    values: NDArray[np.float64]

    def rows(self) -> Iterator[tuple[tuple[str, ...], NDArray[np.float64]]]:
        return iter(zip(self.keys, self.values, strict=True))

    def numbers(self) -> dict[tuple[str, ...], float]:
        """Of a query that is read once a day: key -> number."""
        return {key: float(row[0]) for key, row in self.rows()}


@dataclass
class Account:
    """What came of each query over all days and shards."""

    absent: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    warned: dict[str, str] = field(default_factory=dict)

    def coverage(self) -> tuple[Coverage, ...]:
        rows = [Coverage(f"series {name}", "missing", text) for name, text in self.refused.items()]
        rows += [Coverage(f"series {n}", "partial", t) for n, t in self.warned.items() if n not in self.refused]
        rows += [_absent(name) for name in self.absent - self.answered - self.refused.keys() - self.warned.keys()]
        seen = self.answered - self.refused.keys() - self.warned.keys()
        rows += [Coverage(f"series {n}", "ok") for n in seen]
        return tuple(sorted(rows, key=lambda row: row.source))


def _absent(name: str) -> Coverage:
    """Without CPU or memory there is nothing to size by; other series are of things that a cluster may not have."""
    return Coverage(f"series {name}", "missing" if name in _NEEDED else "absent", "no such series")


class Fetcher:
    """Queries of one Prometheus for one cluster."""

    def __init__(self, prometheus: Prometheus, selector: tuple[str, ...], names: frozenset[str], rate: int) -> None:
        self._prometheus = prometheus
        self._selector = selector
        self._names = names
        self._rate = rate
        self.account = Account()

    def matrices(self, queries: Iterable[Query], span: Span, matchers: tuple[str, ...] = ()) -> Mapping[str, Matrix]:
        """Name -> matrix of each query; an empty one for what has no series."""
        asked = list(queries)
        with ThreadPoolExecutor(_IN_FLIGHT) as pool:
            found = list(pool.map(lambda query: self._matrix(query, span, matchers), asked))
        return {query.name: matrix for query, matrix in zip(asked, found, strict=True)}

    def _matrix(self, query: Query, span: Span, matchers: tuple[str, ...]) -> Matrix:
        if query.needs and query.needs not in self._names:
            self.account.absent.add(query.name)
            return on_grid(Answer((), ()), query, span)
        expression = bind(query, (*matchers, *self._selector), self._rate, span.until - span.midnight)
        try:
            answer = self._ask(query, expression, span)
        except QueryRefusedError as error:
            self.account.refused.setdefault(query.name, error.message)
            answer = Answer((), ())
        if answer.warnings:
            self.account.warned.setdefault(query.name, "; ".join(answer.warnings))
        (self.account.answered if answer.series else self.account.absent).add(query.name)
        return on_grid(answer, query, span)

    def _ask(self, query: Query, expression: str, span: Span) -> Answer:
        if not query.step:
            return self._prometheus.instant(expression, span.midnight if query.reading == "before" else span.until)
        start = span.midnight + query.step
        if start > span.until:
            return Answer((), ())
        return self._prometheus.range(expression, start, span.until, query.step)


def on_grid(answer: Answer, query: Query, span: Span) -> Matrix:
    """The answer's series in the order of their labels, on the steps of the day. What is infinite is not known."""
    columns = DAY // query.step if query.step else 1
    series = sorted(answer.series, key=lambda s: tuple(s.metric.get(label, "") for label in query.labels))
    values = np.full((len(series), columns), np.nan)
    for row, one in zip(values, series, strict=True):
        if one.value is not None:
            row[0] = one.value[1]
        elif one.values:
            points = np.array(one.values)
            places = np.rint((points[:, 0] - span.midnight) / query.step).astype(int) - 1
            row[places] = points[:, 1]
    keys = tuple(tuple(s.metric.get(label, "") for label in query.labels) for s in series)
    return Matrix(keys, np.where(np.isinf(values), np.nan, values))
