"""Which files of a folder are costkit's own: those that its earlier index lists, with the content it lists.

In: a folder. Out: hashes by path. Nothing is changed here, and nothing outside the folder is looked at.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from costkit.errors import OutputError
from costkit.patch.index import API_VERSION, KIND
from costkit.patch.paths import INDEX

Owned = Mapping[str, frozenset[str]]
"""Relative path -> hashes of the contents that costkit wrote there."""


def earlier(folder: Path) -> Owned:
    """What the folder's own index lists; empty without one. OutputError where that file is not costkit's."""
    path = folder / INDEX
    if not path.exists() and not path.is_symlink():
        return {}
    owned: dict[str, frozenset[str]] = {}
    for entry in _read(path)["files"]:
        if _is_inside(entry["path"]):
            owned[entry["path"]] = owned.get(entry["path"], frozenset()) | {entry["sha256"]}
    return owned


def is_ours(folder: Path, path: str, owned: Owned) -> bool:
    """Whether a file is there as costkit wrote it, by no way through a link."""
    place = folder / path
    if path not in owned or crosses_link(folder, path) or not place.is_file():
        return False
    return hashlib.sha256(place.read_bytes()).hexdigest() in owned[path]


def crosses_link(folder: Path, path: str) -> bool:
    """Whether the path, or a folder on the way to it, is a symbolic link."""
    parts = PurePosixPath(path).parts
    return any(folder.joinpath(*parts[: i + 1]).is_symlink() for i in range(len(parts)))


def _read(path: Path) -> dict[str, Any]:
    refused = OutputError(f"{path} is not an index of costkit's", "choose another folder, or move that file away")
    if path.is_symlink():
        raise refused
    try:
        document = json.loads(path.read_bytes())
        known = document["apiVersion"] == API_VERSION and document["kind"] == KIND
        entries = [(entry["path"], entry["sha256"]) for entry in document["files"]]
    except (ValueError, TypeError, KeyError) as error:
        raise refused from error
    if not known or not all(isinstance(text, str) for entry in entries for text in entry):
        raise refused
    return dict(document)


def _is_inside(path: str) -> bool:
    """A path of an index is not trusted: it may have been edited."""
    pure = PurePosixPath(path)
    return bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts and "\0" not in path
