"""Answers of a day that is not over <-> one table, so that the next run reads only what has come since."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import pyarrow as pa

from costkit.collect.matrix import Matrix, columns, nothing
from costkit.collect.queries import Query
from costkit.model.day import MATRICES, OpenDay
from costkit.model.window import HALF_HOUR


class Earlier:
    """What is known of a day already; nothing, where its answers were to other queries."""

    def __init__(self, day: OpenDay | None, midnight: float, asked: str) -> None:
        self._day = day if day is not None and day.asked == asked else None
        self._midnight = midnight

    def since(self, query: Query) -> float:
        """Unix seconds from which on is read, on a step of the query's; midnight where its answers are not all there.

        The last half hour is read again: it may not all have come in.
        """
        if self._day is None or query.name in self._day.lacking:
            return self._midnight
        passed = max(0.0, self._day.until - HALF_HOUR - self._midnight)
        return self._midnight + (passed // query.step * query.step if query.step else passed)

    def matrix(self, query: Query, namespaces: Iterable[str] | None) -> Matrix:
        """All rows of a query, or those of some namespaces."""
        whole = self._by_query.get(_name(query))
        if whole is None:
            return nothing(query)
        wanted = None if namespaces is None else set(namespaces)
        rows = [i for i, key in enumerate(whole[0]) if wanted is None or key[0] in wanted]
        found = np.full((len(rows), columns(query)), np.nan)
        for row, i in zip(found, rows, strict=True):
            row[: len(whole[1][i])] = whole[1][i]
        return Matrix(tuple(whole[0][i] for i in rows), found)

    @cached_property
    def _by_query(self) -> Mapping[str, tuple[list[tuple[str, ...]], list[np.ndarray]]]:
        found: dict[str, tuple[list[tuple[str, ...]], list[np.ndarray]]] = {}
        if self._day is None:
            return found
        table = self._day.matrices
        values = (np.asarray(one.values) for one in table["values"])
        for query, key, row in zip(table["query"].to_pylist(), table["key"].to_pylist(), values, strict=True):
            keys, rows = found.setdefault(query, ([], []))
            keys.append(tuple(key))
            rows.append(row)
        return found


def _name(query: Query) -> str:
    """Some have one name and different labels: pods as a whole where containers have none."""
    return f"{query.name} by {','.join(query.labels)}"


def kept(query: Query, matrix: Matrix, until: float) -> pa.Table:
    """Rows of MATRICES; steps after `until` (seconds since midnight) are left out."""
    steps = round(until / query.step) if query.step else 1
    values = np.ascontiguousarray(matrix.values[:, :steps])
    offsets = np.arange(len(matrix.keys) + 1, dtype=np.int32) * values.shape[1]
    labels = np.arange(len(matrix.keys) + 1, dtype=np.int32) * len(query.labels)
    arrays = [
        pa.array([_name(query)] * len(matrix.keys), pa.string()),
        pa.ListArray.from_arrays(
            pa.array(labels), pa.array([text for key in matrix.keys for text in key], pa.string())
        ),
        pa.ListArray.from_arrays(pa.array(offsets), pa.array(values.ravel(), pa.float64())),
    ]
    return pa.Table.from_arrays(arrays, schema=MATRICES)
