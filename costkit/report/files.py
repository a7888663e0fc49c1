"""Writing a report: a reader of the path sees the old file or the new one, never half of one."""

import os
from pathlib import Path

from costkit.errors import OutputError


def write_whole(path: Path, content: str | bytes) -> None:
    """Write beside `path`, then rename; a pipe or device is written to as it is. OutputError if it cannot be.

    Text is written as UTF-8.
    """
    body = content.encode("utf-8") if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(body)
        else:
            _replace(path.resolve(), body)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"cannot write {path}: {reason}", "give a path in a folder that exists and that you may write to"
        ) from error


def new_folder(path: Path) -> None:
    """With all folders above it, unless it is there. OutputError if it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot make the folder {path}: {error.strerror}", "name a folder that you may write to"
        ) from error


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:  # Ctrl-C, too
        beside.unlink(missing_ok=True)
        raise
