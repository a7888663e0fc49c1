"""A Snapshot as one file: a zip of snapshot.json and a Parquet file a frame. Written whole, then renamed."""

import contextlib
import io
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from costkit.errors import OutputError, SnapshotError
from costkit.model.cluster import Cluster, Coverage
from costkit.model.snapshot import SCHEMA_VERSION, Frames, Snapshot
from costkit.model.usage import FRAMES, PAST, check
from costkit.model.window import Window

_JSON = "snapshot.json"
_PAST = "past.parquet"
"""Only where a history knew of days before the window."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Every entry's time: the same snapshot is the same bytes."""
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError),
    *(msgspec.MsgspecError, pa.ArrowException, OSError, ValueError, MemoryError),
)
"""All that zipfile, msgspec and pyarrow raise on bytes that are not what they should be."""


class _Version(msgspec.Struct):
    schema_version: int


@dataclass(frozen=True, slots=True)
class _Header:
    """All of a snapshot but its frames."""

    schema_version: int
    taken_at: float
    window: Window
    cluster: Cluster
    coverage: tuple[Coverage, ...]


def write_snapshot(snapshot: Snapshot, path: Path) -> None:
    """OutputError if the file cannot be written; then nothing of it is left."""
    header = _Header(SCHEMA_VERSION, snapshot.taken_at, snapshot.window, snapshot.cluster, snapshot.coverage)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(part, "w") as archive:
            archive.writestr(zipfile.ZipInfo(_JSON, _EPOCH), msgspec.json.encode(header), zipfile.ZIP_DEFLATED)
            for name in FRAMES:
                archive.writestr(zipfile.ZipInfo(f"{name}.parquet", _EPOCH), _parquet(getattr(snapshot.frames, name)))
            if snapshot.past.num_rows:
                archive.writestr(zipfile.ZipInfo(_PAST, _EPOCH), _parquet(snapshot.past))
        part.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}", "name a folder that you may write to") from error
    finally:
        _drop(part)  # it is there if anything stopped the writing, Ctrl-C included


def read_snapshot(path: Path) -> Snapshot:
    """SnapshotError for what is no snapshot, is damaged, or was written by a newer costkit."""
    try:
        with zipfile.ZipFile(path) as archive:
            body = archive.read(_JSON)
            _require_known(path, body)
            header = msgspec.json.decode(body, type=_Header)
            frames = {name: check(name, _table(archive.read(f"{name}.parquet"))) for name in FRAMES}
            past = _table(archive.read(_PAST)).cast(PAST) if _PAST in archive.namelist() else PAST.empty_table()
    except FileNotFoundError as error:
        raise SnapshotError(f"there is no snapshot {path}", "make one with `costkit collect`") from error
    except (PermissionError, IsADirectoryError, NotADirectoryError) as error:
        raise SnapshotError(f"cannot read the snapshot {path}: {error.strerror}", "check its permissions") from error
    except _DAMAGE as error:
        raise SnapshotError(
            f"{path} is not a snapshot, or is damaged: {_first_line(error)}", "collect it again with `costkit collect`"
        ) from error
    return Snapshot(header.taken_at, header.window, header.cluster, Frames(**frames), header.coverage, past)


def _require_known(path: Path, body: bytes) -> None:
    version = msgspec.json.decode(body, type=_Version).schema_version
    if version > SCHEMA_VERSION:
        raise SnapshotError(
            f"{path} was written by a newer costkit (schema {version}, this one reads up to {SCHEMA_VERSION})",
            "update costkit",
        )


def _drop(part: Path) -> None:
    with contextlib.suppress(OSError):
        part.unlink()


def _parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _table(body: bytes) -> pa.Table:
    return pq.read_table(io.BytesIO(body))


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
