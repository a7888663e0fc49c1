"""A closed day's manifest: which files are the day, written last. A day without one was never finished.

The files' names hold their content's hash: two runs that close one day write the same names with the same bytes, and
a file that no manifest names is nothing's.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import pyarrow as pa

from costkit.history.codec import damaged, require_known
from costkit.history.layout import is_frame
from costkit.model.account import Account
from costkit.model.snapshot import SCHEMA_VERSION
from costkit.model.usage import FRAMES
from costkit.model.window import DAY


@dataclass(frozen=True, slots=True)
class File:
    """A frame's file: its name beside the manifest, bytes, rows."""

    name: str
    size: int
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    midnight: float
    until: float
    files: Mapping[str, File]
    """Frame -> its file."""
    account: Account
    readings: int = 1
    """How many times the day was read: one that a server refuses in part is not tried for ever."""
    schema_version: int = SCHEMA_VERSION


class _Version(msgspec.Struct):
    schema_version: int


def file_of(frame: str, body: bytes, rows: int) -> File:
    digest = hashlib.sha256(body).hexdigest()
    return File(f"{frame}-{digest[:16]}.parquet", len(body), rows, digest)


def is_intact(file: File, body: bytes | None) -> bool:
    """The bytes are those that were written."""
    return body is not None and hashlib.sha256(body).hexdigest() == file.sha256


def is_of(made: Manifest, file: File, table: pa.Table) -> bool:
    """The table is the day's: all its rows, and no row of another."""
    days = table["day"].unique().to_pylist()
    return table.num_rows == file.rows and days in ([], [made.midnight])


def encode(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"))


def decode(body: bytes, where: str) -> Manifest:
    """SnapshotError for what is damaged, or of a newer costkit."""
    try:
        version = msgspec.json.decode(body, type=_Version).schema_version
        require_known(version, where)
        made = msgspec.json.decode(body, type=Manifest, strict=False)
        _check(made)
    except (msgspec.MsgspecError, ValueError) as error:
        raise damaged(where, error) from error
    return made


def _check(made: Manifest) -> None:
    """ValueError for a frame that lacks, or a file that would not lie beside the manifest."""
    lacking = sorted(FRAMES.keys() - made.files.keys())
    if lacking:
        raise ValueError(f"it names no {lacking[0]}")
    if not made.midnight < made.until <= made.midnight + DAY:
        raise ValueError(f"it goes from {made.midnight:.0f} to {made.until:.0f}")
    odd = next((f.name for f in made.files.values() if not is_frame(f.name)), None)
    if odd is not None:
        raise ValueError(f"it names {odd!r}")
