"""The file of a day that is not over: its answers and up to when they go, replaced whole by each run."""

from collections.abc import Mapping

from costkit.connect.storage import Storage
from costkit.errors import SnapshotError
from costkit.history.codec import decode, encode
from costkit.model.day import MATRICES, OpenDay


def write(storage: Storage, path: str, day: OpenDay, known: OpenDay | None) -> None:
    """Unless what is known goes further: a run of an earlier `--at` must not shorten it."""
    if known is None or known.until <= day.until or known.asked != day.asked:
        notes = {
            "midnight": repr(day.midnight),
            "until": repr(day.until),
            "asked": day.asked,
            "lacking": " ".join(sorted(day.lacking)),
        }
        storage.write(path, encode(day.matrices, notes))


def read(storage: Storage, paths: Mapping[float, str]) -> dict[float, OpenDay]:
    """Midnight -> what is there. A damaged file is none: its day is read from its beginning."""
    bodies = storage.read_all(paths.values())
    found = {midnight: _decoded(bodies.get(path), path) for midnight, path in paths.items()}
    return {midnight: day for midnight, day in found.items() if day is not None}


def _decoded(body: bytes | None, path: str) -> OpenDay | None:
    try:
        if body is None:
            return None
        table, notes = decode(body, path)
        if not table.schema.equals(MATRICES):
            return None
        lacking = frozenset(notes["lacking"].split())
        return OpenDay(float(notes["midnight"]), float(notes["until"]), notes["asked"], table, lacking)
    except (SnapshotError, KeyError, ValueError):
        return None
