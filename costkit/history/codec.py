"""Tables <-> Parquet bytes, with the schema version in the file and a reader for every older one."""

import io
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from costkit.errors import SnapshotError
from costkit.model.snapshot import SCHEMA_VERSION

_VERSION = b"costkit.schema_version"
_PREFIX = "costkit."


class DamagedError(SnapshotError):
    """Bytes that are not what they should be."""


def encode(table: pa.Table, notes: Mapping[str, str] | None = None) -> bytes:
    """`notes`: what else the file is to hold. The same table is the same bytes."""
    named = {f"{_PREFIX}{name}".encode(): text.encode() for name, text in (notes or {}).items()}
    noted = table.replace_schema_metadata({_VERSION: str(SCHEMA_VERSION), **named})
    sink = io.BytesIO()
    pq.write_table(noted, sink, compression="zstd")
    return sink.getvalue()


Only = tuple[str, str]
"""Which rows: those with a value in a column."""


def decode(
    body: bytes, where: str, columns: Sequence[str] | None = None, only: Only | None = None
) -> tuple[pa.Table, Mapping[str, str]]:
    """The table, or some of its columns and rows, and its notes. SnapshotError for what is damaged, or of a newer
    costkit."""
    try:
        # a day's file is small: Arrow's threads take longer to share it out, and each keeps memory of its own
        table = pq.ParquetFile(io.BytesIO(body)).read(None if columns is None else list(columns), use_threads=False)
        held = table.schema.metadata or {}
        version = int(held[_VERSION])
    except (pa.ArrowException, KeyError, ValueError, OSError) as error:
        raise damaged(where, error) from error
    require_known(version, where)
    if only is not None:
        table = table.filter(pc.equal(table[only[0]], only[1]))
    notes = {key.decode().removeprefix(_PREFIX): value.decode() for key, value in held.items()}
    return table.replace_schema_metadata(None), notes


def require_known(version: int, where: str) -> None:
    """SnapshotError for what a newer costkit wrote."""
    if version > SCHEMA_VERSION:
        raise SnapshotError(
            f"{where} was written by a newer costkit (schema {version}, this one reads up to {SCHEMA_VERSION})",
            "update costkit",
        )


def damaged(where: str, error: Exception) -> DamagedError:
    line = (str(error) or type(error).__name__).splitlines()[0]
    return DamagedError(f"{where} is damaged: {line}", "`costkit history verify` names what can be read again")
