"""A file of traces, Parquet or CSV, as columns of numbers. UsageError for what is no such table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from costkit.errors import UsageError
from costkit.model.trace import Floats

USED = ("cpu_cores", "mem_bytes")
NUMBERS = ("ts", *USED, "mem_alloc")
_HINT = "a long table, Parquet or CSV: series_id, ts (unix seconds), cpu_cores and/or mem_bytes, perhaps mem_alloc"
_ZIPPED = b"\x1f\x8b"
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Columns:
    """Arrays of one length, in the file's order; NaN where the file says nothing."""

    names: Sequence[str]
    """The ids of the series, ascending."""
    series: NDArray[np.int64]
    """Of each row, which of them it belongs to."""
    numbers: dict[str, Floats]
    """`ts`, and what there is of cpu_cores, mem_bytes and mem_alloc."""


@dataclass(frozen=True, slots=True)
class _File:
    names: Sequence[str]
    rows: int
    column: Callable[[str], pa.ChunkedArray]


def read_columns(path: Path) -> Columns:
    """The columns that are used. UsageError where one is missing, is not numbers, or there is no row."""
    try:
        file = _opened(path)
        if not file.rows:
            raise UsageError(f"{path} has no rows", _HINT)
        names, series = _ids(path, file.column("series_id"))
        numbers = {name: _numbers(path, name, file.column(name)) for name in NUMBERS if name in file.names}
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or _line(error)}", _HINT) from error
    except (pa.ArrowException, ValueError) as error:
        raise UsageError(f"{path} is no table of traces: {_line(error)}", _HINT) from error
    return Columns(names, series, numbers)


def _opened(path: Path) -> _File:
    """Parquet is read column by column: a whole table beside its columns would be twice the memory."""
    if path.is_fifo():
        raise UsageError(f"{path} is a pipe, and traces are read more than once", "write them to a file first")
    with path.open("rb") as file:
        begins = file.read(4)
    if begins == _PARQUET:
        parquet = pq.ParquetFile(path)
        _require_columns(path, parquet.schema_arrow.names)
        rows = parquet.metadata.num_rows
        return _File(parquet.schema_arrow.names, rows, lambda name: parquet.read([name]).column(name))
    table = _csv(path, "gzip" if begins.startswith(_ZIPPED) else None)
    return _File(table.column_names, table.num_rows, table.column)


def _csv(path: Path, compression: str | None) -> pa.Table:
    with pa.input_stream(path, compression=compression) as text, pa_csv.open_csv(text) as head:
        _require_columns(path, head.schema.names)
        wanted = [name for name in ("series_id", *NUMBERS) if name in head.schema.names]
    types = {name: pa.float64() for name in NUMBERS} | {"series_id": pa.string()}
    options = pa_csv.ConvertOptions(include_columns=wanted, column_types=types)
    with pa.input_stream(path, compression=compression) as text:
        return pa_csv.read_csv(text, convert_options=options)


def _require_columns(path: Path, names: list[str]) -> None:
    lacking = [name for name in ("series_id", "ts") if name not in names]
    if not lacking and not set(USED) & set(names):
        lacking = [" or ".join(USED)]
    if lacking:
        raise UsageError(f"{path} has no column {lacking[0]}", _HINT)
    twice = [name for name in ("series_id", *NUMBERS) if names.count(name) > 1]
    if twice:
        raise UsageError(f"{path}: column {twice[0]} stands twice", _HINT)


def _ids(path: Path, column: pa.ChunkedArray) -> tuple[Sequence[str], NDArray[np.int64]]:
    """The ids ascending, whatever order the rows have, and which of them is each row's."""
    coded = pc.dictionary_encode(column).combine_chunks()
    names: list[str] = pc.cast(coded.dictionary, pa.string()).to_pylist()
    if column.null_count or "" in names:
        raise UsageError(f"{path}: a row has no series_id", "name the container of each sample")
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    return [names[code] for code in order], place[coded.indices.to_numpy()]


def _numbers(path: Path, name: str, column: pa.ChunkedArray) -> Floats:
    try:
        numbers: Floats = pc.cast(column, pa.float64(), safe=False).to_numpy()
    except pa.ArrowException as error:
        raise UsageError(f"{path}: {name} is not numbers", _HINT) from error
    return numbers


def _line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
