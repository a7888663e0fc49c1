"""What one query is asked of: whole namespaces, bundled up to a number of samples, or part of one namespace's pods.

Parts of a namespace are told by how its pods' names begin: a regular expression that stays short, however many.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")
_POD_FLOOR = 8
"""Pods of one namespace below which a piece is not halved: what is refused then is not for its size."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Namespaces with their pods' number; or one namespace and the beginnings of some of its pods' names."""

    namespaces: Mapping[str, int]
    pods: tuple[str, ...] = ()
    """Names of pods, sorted, where the piece is a part of a namespace."""
    beginnings: tuple[str, ...] = ()
    """Regular expressions, one of which each of these pods' names match, and no other pod's of the namespace."""

    @property
    def size(self) -> int:
        return len(self.pods) or sum(self.namespaces.values())


def bundles(pods: Mapping[str, int], most: int) -> list[Piece]:
    """Namespaces in pieces of at most `most` pods; one above that stands alone. Ordered, each in one piece."""
    found: list[Piece] = []
    held: dict[str, int] = {}
    for namespace in sorted(pods):
        if held and sum(held.values()) + pods[namespace] > most:
            found.append(Piece(held))
            held = {}
        held[namespace] = pods[namespace]
    return [*found, Piece(held)] if held else found


def split_pods(namespace: str, names: Iterable[str], most: int) -> list[Piece]:
    """One namespace in pieces of about `most` pods each: none is above it but where names have no difference."""
    groups = list(_groups(sorted(set(names)), "", max(1, most)))
    found: list[Piece] = []
    held: list[tuple[str, tuple[str, ...]]] = []
    for group in groups:
        if held and sum(len(pods) for _, pods in held) + len(group[1]) > most:
            found.append(_piece(namespace, held))
            held = []
        held.append(group)
    return [*found, _piece(namespace, held)] if held else found


def halves(piece: Piece, names: Iterable[str] = ()) -> list[Piece]:
    """Two pieces or more, or none where the piece is at the floor. `names`: the pods of its only namespace."""
    if len(piece.namespaces) > 1:
        return bundles(piece.namespaces, max(1, piece.size // 2))
    pods = piece.pods or tuple(names)
    if len(pods) <= _POD_FLOOR:
        return []
    found = split_pods(next(iter(piece.namespaces)), pods, len(pods) // 2)
    return found if len(found) > 1 else []


def literal(text: str) -> str:
    """A regular expression that matches the text alone; short where nothing in it means anything."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _piece(namespace: str, groups: list[tuple[str, tuple[str, ...]]]) -> Piece:
    pods = tuple(name for _, names in groups for name in names)
    return Piece({namespace: len(pods)}, pods, tuple(beginning for beginning, _ in groups))


def _groups(names: list[str], beginning: str, most: int) -> Iterable[tuple[str, tuple[str, ...]]]:
    """(regular expression, names that match it) of at most `most` names each; no name matches two."""
    if len(names) <= most and beginning:
        yield f"{literal(beginning)}.*", tuple(names)
        return
    for _, group in groupby(names, key=lambda name: name[: len(beginning) + 1]):
        held = list(group)
        if len(held) == 1 or held[0] == beginning:
            yield literal(held[0]), (held[0],)
            held = held[1:]
        if held:
            yield from _groups(held, _common(held), most)


def _common(names: list[str]) -> str:
    """The longest beginning that all of sorted names share."""
    first, last = names[0], names[-1]
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length]
