"""Writes a tree of patches into a folder, whole or not at all, and takes away what an earlier run left.

In: a PatchTree and a folder. Out: what was done. A file that costkit did not write, or that a person changed since, is
never overwritten and never removed.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from costkit.errors import OutputError
from costkit.model.patch import PatchTree
from costkit.patch.index import dumps
from costkit.patch.ownership import Owned, crosses_link, earlier, is_ours
from costkit.patch.paths import INDEX


@dataclass(frozen=True, slots=True)
class Written:
    """Relative paths, ordered."""

    folder: Path
    written: tuple[str, ...]
    """Files of the tree that are there now as the tree has them."""
    removed: tuple[str, ...]
    """Files of an earlier run that this one has no more."""
    kept: tuple[str, ...]
    """Files that a person made or changed: left as they are, though this run would write or remove them."""


def write_patches(tree: PatchTree, folder: Path) -> Written:
    """OutputError, with nothing changed, where the folder cannot take the tree."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _write(tree, folder)
    except OSError as error:
        raise OutputError(
            f"cannot write patches to {folder}: {error.strerror or error}", "choose another folder, or free this one"
        ) from error


def _write(tree: PatchTree, folder: Path) -> Written:
    owned = earlier(folder)
    for path in tree.paths:
        _refuse_blocked(folder, path)
    kept = {path for path in tree.paths if path != INDEX and _is_foreign(folder, path, tree.files[path], owned)}
    stale = sorted(owned.keys() - tree.files.keys())
    removable = [path for path in stale if is_ours(folder, path, owned)]
    kept |= {path for path in stale if path not in removable and (folder / path).exists()}
    written = tuple(path for path in tree.paths if path not in kept)
    _replace(folder, {path: tree.files[path] for path in written}, owned, removable)
    return Written(folder, written, tuple(removable), tuple(sorted(kept)))


def _refuse_blocked(folder: Path, path: str) -> None:
    """Before the first file is written: nothing on the way is a link or a file, nothing at the end is a folder."""
    parent = path.rpartition("/")[0]
    place = folder / path
    if parent and crosses_link(folder, parent):
        raise OutputError(
            f"{folder / parent} leads through a symbolic link", "remove the link, or choose another folder"
        )
    if place.is_dir():
        raise OutputError(f"{place} is a folder, not a file", "move it away, or choose another folder")


def _is_foreign(folder: Path, path: str, text: str, owned: Owned) -> bool:
    place = folder / path
    if not place.exists() and not place.is_symlink():
        return False
    if is_ours(folder, path, owned):
        return False
    return place.is_symlink() or place.read_bytes() != text.encode()


def _replace(folder: Path, files: dict[str, str], owned: Owned, removable: Iterable[str]) -> None:
    """All texts go to a staging folder first: a full disk is met before anything is replaced.

    Until the last file has moved, the index lists old and new content: a run that dies on the way leaves no file
    without an owner.
    """
    staging = Path(tempfile.mkdtemp(prefix=".costkit-", dir=folder))
    try:
        staged = {path: _stage(staging, number, text) for number, (path, text) in enumerate(files.items())}
        interim = _stage(staging, len(staged), _with_earlier(files[INDEX], owned))
        for path in staged:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
        interim.replace(folder / INDEX)
        for path in sorted(staged.keys() - {INDEX}):
            staged[path].replace(folder / path)
        _remove(removable, folder)
        staged[INDEX].replace(folder / INDEX)
    finally:
        shutil.rmtree(staging)


def _stage(staging: Path, number: int, text: str) -> Path:
    path = staging / str(number)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _with_earlier(index: str, owned: Owned) -> str:
    document = json.loads(index)
    document["files"] += [{"path": path, "sha256": sha} for path in sorted(owned) for sha in sorted(owned[path])]
    return dumps(document)


def _remove(paths: Iterable[str], folder: Path) -> None:
    """The files, and the folders that they leave empty."""
    for path in paths:
        place = folder / path
        place.unlink()
        for parent in place.parents:
            if parent == folder or any(parent.iterdir()):
                break
            parent.rmdir()
