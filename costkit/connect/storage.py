"""Files on any fsspec URL: read whole, written whole. A local folder, `s3://`, `gs://`, `az://` by the user's packages.

A reader sees the old file or the new one: a local file is written beside and renamed, an object is one put.
"""

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self

import fsspec

from costkit.errors import OutputError, UsageError

PART = ".part-"
"""What the name of a file that is still being written begins with."""
_NAME_ONE = "name a folder, or a URL whose fsspec package is installed (s3fs, gcsfs, adlfs)"
_NOT_THERE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)
_OBJECTS = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "memory"}
"""Stores in which one put is all or nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder; bytes (0 for a folder), unix seconds of its last change (0 where the store tells none)."""

    name: str
    size: int = 0
    changed: float = 0.0
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Storage:
    """A folder. Paths are relative to it, with `/` between their parts. Every method raises OutputError."""

    url: str
    _fs: Any
    _root: str

    @classmethod
    def open(cls, url: str) -> Self:
        """UsageError for a URL whose package is not installed, or that is none."""
        try:
            fs, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{_shown(url)} cannot be opened: {_line(error)}", _NAME_ONE) from error
        except Exception as error:  # each package has exceptions of its own, and some repeat the address
            raise UsageError(f"{_shown(url)} cannot be opened: {type(error).__name__}", _NAME_ONE) from error
        if Path(root).is_file() and "://" not in url:
            raise UsageError(f"{url} is a file", _NAME_ONE)
        return cls(_shown(url).rstrip("/"), fs, root.rstrip("/"))

    def entries(self, folder: str = "") -> tuple[Entry, ...]:
        """What lies in a folder, by name; nothing where the folder is not there."""
        place = self._at(folder)
        try:
            self._fs.invalidate_cache()
            found = self._fs.ls(place, detail=True)
        except _NOT_THERE:
            return ()
        except Exception as error:
            raise self._failed("list", folder, error) from error
        entries = (_entry(one) for one in found if one["name"].rstrip("/") != place)
        return tuple(sorted(entries, key=lambda entry: entry.name))

    def read(self, path: str) -> bytes | None:
        """The file's bytes, None where there is none."""
        return self.read_all([path]).get(path)

    def read_all(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Path -> bytes, of the files that are there; side by side where the store is far."""
        places = {self._at(path): path for path in paths}
        try:
            found = self._fs.cat(list(places), on_error="return") if places else {}
        except Exception as error:
            raise self._failed("read", "", error) from error
        return {places[place]: body for place, body in self._there(found, places).items()}

    def write(self, path: str, body: bytes) -> None:
        """Where it cannot be written, what was there before is there still."""
        place = self._at(path)
        try:
            self._put(place, body)
        except Exception as error:
            raise self._failed("write", path, error) from error

    def remove(self, path: str) -> None:
        """A file or a whole folder; nothing happens where there is none."""
        try:
            self._fs.rm(self._at(path), recursive=True)
        except FileNotFoundError:
            return
        except Exception as error:
            raise self._failed("remove", path, error) from error

    def _put(self, place: str, body: bytes) -> None:
        spoken = {self._fs.protocol} if isinstance(self._fs.protocol, str) else set(self._fs.protocol)
        if "file" in spoken:
            _replace(place, body)
        elif spoken & _OBJECTS:
            self._fs.pipe_file(place, body)
        else:
            self._rename(place, body)

    def _rename(self, place: str, body: bytes) -> None:
        """On servers of files (SFTP, SMB, HDFS): beside the file, then renamed."""
        folder, _, name = place.rpartition("/")
        beside = f"{folder}/{PART}{secrets.token_hex(4)}-{name}"
        self._fs.makedirs(folder, exist_ok=True)
        self._fs.pipe_file(beside, body)
        self._fs.mv(beside, place)

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}".rstrip("/")

    def _there(self, found: Mapping[str, bytes | Exception], places: Mapping[str, str]) -> dict[str, bytes]:
        there = {}
        for place, body in found.items():
            if isinstance(body, bytes):
                there[place] = body
            elif not isinstance(body, _NOT_THERE):
                raise self._failed("read", places[place], body) from body
        return there

    def _failed(self, verb: str, path: str, error: Exception) -> OutputError:
        """Stores raise what they like: each package has exceptions of its own."""
        return OutputError(
            f"cannot {verb} {self.url}/{path}: {_line(error)}", "check the address and your rights to it"
        )


def _replace(place: str, body: bytes) -> None:
    """Beside the file, flushed to the disk, then renamed. A name of its own: two runs may write at once."""
    path = Path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{PART}{secrets.token_hex(4)}-{path.name}")
    try:
        with beside.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _entry(one: Mapping[str, Any]) -> Entry:
    changed = one.get("mtime") or one.get("LastModified") or one.get("last_modified") or one.get("updated") or 0.0
    seconds = changed.timestamp() if hasattr(changed, "timestamp") else changed
    name = PurePosixPath(one["name"]).name
    is_folder = one["type"] == "directory"
    return Entry(name, int(one.get("size") or 0), float(seconds) if _is_number(seconds) else 0.0, is_folder)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _shown(url: str) -> str:
    """Without a password, which some addresses hold: `ftp://user:password@host/path`."""
    return re.sub(r"^(\w+://[^/@:]*):[^/@]*@", r"\1@", url)


def _line(error: Exception) -> str:
    return getattr(error, "strerror", None) or (str(error) or type(error).__name__).splitlines()[0]
