"""Traces of single containers from a file, to try rules on: samples as they were taken, not sketches."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from costkit.collect.trace_file import NUMBERS, USED, Columns, read_columns
from costkit.errors import UsageError
from costkit.model.trace import NO_USE, Floats, Trace, Use

_YEAR_2100 = 4_102_444_800.0
_MOST = {"cpu_cores": 1e6, "mem_bytes": 2.0**60, "cpu_alloc": 1e6, "mem_alloc": 2.0**60}
"""Amounts beyond any machine."""


def read_traces(path: Path) -> tuple[tuple[Trace, ...], tuple[str, ...]]:
    """The traces of a long table (Parquet or CSV, a row a series and moment in any order), by id, and notes for people.

    Columns: `series_id`, `ts` (unix seconds), `cpu_cores` and/or `mem_bytes`, `mem_alloc` (the memory limit; 0 or
    nothing: none); others are not read. UsageError for a file that is not such a table.
    """
    columns = read_columns(path)
    _check(path, columns)
    rows, repeated = _ordered(columns)
    traces = tuple(trace for trace in _traces(rows) if trace.cpu.samples or trace.memory.samples)
    if not traces:
        raise UsageError(f"{path} holds no sample", "cpu_cores and mem_bytes are empty: give what containers used")
    return traces, tuple(_notes(repeated, len(columns.names) - len(traces)))


def _check(path: Path, columns: Columns) -> None:
    """UsageError for moments and amounts that cannot be."""
    moments = columns.numbers["ts"]
    if not np.isfinite(moments).all():
        raise UsageError(f"{path}: rows without a ts: {np.sum(~np.isfinite(moments))}", "ts is in unix seconds")
    if moments.max() > _YEAR_2100:
        raise UsageError(f"{path}: ts {moments.max():.0f} lies after 2100", "ts is in seconds, not in milliseconds")
    if moments.min() < 0:
        raise UsageError(f"{path}: ts {moments.min():.0f} is negative", "ts is in unix seconds")
    for name in NUMBERS[1:]:
        values = columns.numbers.get(name, np.empty(0))
        wrong = np.flatnonzero((values < 0) | (values > _MOST[name]))
        if len(wrong):
            row = int(wrong[0])
            told = f"{name} {values[row]:g} of {columns.names[columns.series[row]]} at {moments[row]:.0f}"
            raise UsageError(f"{path}: {told} is no amount (rows: {len(wrong)})", "leave out rows that hold no sample")


def _ordered(columns: Columns) -> tuple[Columns, int]:
    """By series and moment, one row for each; the second number is how many rows there were too many."""
    order = np.lexsort((columns.numbers["ts"], columns.series))
    if np.array_equal(order, np.arange(len(order))):
        ordered = columns  # as most files are: no need of a second copy
    else:
        numbers = {name: values[order] for name, values in columns.numbers.items()}
        ordered = Columns(columns.names, columns.series[order], numbers)
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(ordered.series) != 0) | (np.diff(ordered.numbers["ts"]) != 0)
    return (ordered, 0) if first.all() else (_highest(ordered, np.flatnonzero(first)), int(np.sum(~first)))


def _highest(rows: Columns, starts: NDArray[np.int64]) -> Columns:
    """One row for all from one start to the next."""
    numbers = {name: np.fmax.reduceat(values, starts) for name, values in rows.numbers.items()}
    return Columns(rows.names, rows.series[starts], numbers)


def _traces(rows: Columns) -> Iterator[Trace]:
    """Arrays are shared where they are equal, and so cannot be written to."""
    edges = np.searchsorted(rows.series, np.arange(len(rows.names) + 1))
    ones = np.ones(int(np.diff(edges).max()), np.int64)
    for array in (ones, *rows.numbers.values()):
        array.setflags(write=False)
    for name, start, end in zip(rows.names, edges[:-1], edges[1:], strict=True):
        part = {column: values[start:end] for column, values in rows.numbers.items()}
        cpu, memory = (_use(part["ts"], part.get(column), ones) for column in USED)
        yield Trace(name, cpu, memory, *_caps(part["ts"], part.get("mem_alloc")))


def _use(at: Floats, values: Floats | None, ones: NDArray[np.int64]) -> Use:
    if values is None:
        return NO_USE
    known = ~np.isnan(values)
    if known.all():
        return Use(at, values, ones[: len(at)])
    return Use(at[known], values[known], ones[: int(known.sum())])


def _caps(at: Floats, allowed: Floats | None) -> tuple[Floats, Floats]:
    """The moments at which the cap changed, and to what."""
    if allowed is None:
        return np.empty(0), np.empty(0)
    caps = np.where(allowed > 0, allowed, np.nan)
    before, after = caps[:-1], caps[1:]
    changed = np.flatnonzero((before != after) & ~(np.isnan(before) & np.isnan(after))) + 1
    places = np.concatenate(([0], changed))
    return at[places], caps[places]


def _notes(repeated: int, empty: int) -> Iterator[str]:
    if repeated:
        yield f"rows that repeat a moment of their series: {repeated}; the highest value of each moment was taken"
    if empty:
        yield f"series that hold no sample and were left out: {empty}"
