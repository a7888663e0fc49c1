"""An answer laid on the grid of its day: one row a series, one column a step."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costkit.collect.queries import Query
from costkit.connect.answers import Answer
from costkit.model.window import DAY


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


def columns(query: Query) -> int:
    """Steps of a day; 1 for a query that is read once."""
    return DAY // query.step if query.step else 1


def nothing(query: Query) -> Matrix:
    return Matrix((), np.empty((0, columns(query))))


def on_grid(answer: Answer, query: Query, span: Span) -> Matrix:
    """The answer's series in the order of their labels, on the steps of the day. What is infinite is not known."""
    series = sorted(answer.series, key=lambda s: tuple(s.metric.get(label, "") for label in query.labels))
    values = np.full((len(series), columns(query)), np.nan)
    if query.step and series:
        rows = np.repeat(np.arange(len(series)), [one.times.size for one in series])
        times = np.concatenate([one.times for one in series])
        places = np.rint((times - span.midnight) / query.step).astype(int) - 1
        values[rows, places] = np.concatenate([one.numbers for one in series])
    else:
        values[:, 0] = [np.nan if one.value is None else one.value[1] for one in series]
    keys = tuple(tuple(s.metric.get(label, "") for label in query.labels) for s in series)
    return Matrix(keys, np.where(np.isinf(values), np.nan, values))


def beside(parts: Iterable[Matrix], query: Query) -> Matrix:
    """Answers about different series as one, in the order of their labels. A series in two of them is their maximum."""
    found = [part for part in parts if part.keys]
    if len(found) == 1:
        return found[0]
    return over(found, query, np.fmax)


def over(parts: Iterable[Matrix], query: Query, both: np.ufunc) -> Matrix:
    """Rows of all parts; `both` decides where two know of one place."""
    held = list(parts)
    keys = sorted({key for part in held for key in part.keys})
    places = {key: i for i, key in enumerate(keys)}
    values = np.full((len(keys), columns(query)), np.nan)
    for part in held:
        rows = [places[key] for key in part.keys]
        values[rows] = both(values[rows], part.values)
    return Matrix(tuple(keys), values)


def after(earlier: Matrix, later: Matrix, query: Query, since: float, span: Span) -> Matrix:
    """Earlier answers up to `since`, later ones from there on; of what is read once a day the later is true."""
    if not query.step:
        return over((_only(earlier, later), later), query, np.fmax)
    first = round((since - span.midnight) / query.step)
    kept = Matrix(earlier.keys, earlier.values.copy())
    kept.values[:, first:] = np.nan
    joined = over((kept, later), query, np.fmax)
    known = [i for i, row in enumerate(joined.values) if not np.isnan(row).all()]
    return Matrix(tuple(joined.keys[i] for i in known), joined.values[known])


def _only(matrix: Matrix, other: Matrix) -> Matrix:
    """The rows whose keys the other lacks."""
    held = set(other.keys)
    kept = [i for i, key in enumerate(matrix.keys) if key not in held]
    return Matrix(tuple(matrix.keys[i] for i in kept), matrix.values[kept])
