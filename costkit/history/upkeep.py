"""What lies in a history, whether it is as it was written, and what has become too old."""

from collections.abc import Iterator
from dataclasses import dataclass

from costkit.connect.storage import Entry, Storage
from costkit.errors import SnapshotError
from costkit.history import layout, manifest
from costkit.history.codec import decode
from costkit.history.manifest import Manifest
from costkit.history.runs import LATEST, moment_of
from costkit.model.checkup import Check
from costkit.model.window import DAY

_ABANDONED = DAY
"""Seconds after which a file that no manifest names is no run's any more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one cluster; `first` and `last`: dates of its days, empty without any."""

    cluster: str
    days: int
    first: str
    last: str
    gaps: int
    """Days between the first and the last that are not there."""
    runs: int
    size: int
    """Bytes."""


def listing(storage: Storage) -> Iterator[Kept]:
    for cluster in _clusters(storage):
        folders = _days(storage, cluster)
        sizes, whole = 0, []
        for midnight, folder in folders:
            entries = storage.entries(folder)
            sizes += sum(entry.size for entry in entries)
            whole += [midnight] if any(entry.name == layout.MANIFEST for entry in entries) else []
        runs = [e for e in storage.entries(f"{cluster}/{layout.RUNS}") if moment_of(e.name) is not None]
        yield Kept(
            cluster=cluster.removeprefix(layout.CLUSTER),
            days=len(whole),
            first=layout.date(whole[0]) if whole else "",
            last=layout.date(whole[-1]) if whole else "",
            gaps=round((whole[-1] - whole[0]) / DAY) + 1 - len(whole) if whole else 0,
            runs=len(runs),
            size=sizes + sum(entry.size for entry in runs),
        )


def verify(storage: Storage) -> Iterator[Check]:
    """A check a day: every file is there, is what was written, and can be read."""
    for cluster in _clusters(storage):
        for midnight, folder in _days(storage, cluster):
            body = storage.read(f"{folder}/{layout.MANIFEST}")
            if body is not None:
                yield _checked(storage, folder, midnight, body)


@dataclass(frozen=True, slots=True)
class Stale:
    """What is too old: days and runs that end before a moment, `before`, and what was left behind a day ago or more."""

    before: float
    now: float
    cluster: str = ""
    """Of one cluster, by its id; empty: of all."""


def prune(storage: Storage, stale: Stale, *, dry: bool) -> Iterator[str]:
    """Paths that are removed, or would be: days and runs that are too old, and what killed runs left behind.

    The latest run stays, however old: the next one is compared with it.
    """
    for path in _stale(storage, stale):
        if not dry:
            storage.remove(path)
        yield path


def _stale(storage: Storage, stale: Stale) -> Iterator[str]:
    for cluster in [layout.cluster_folder(stale.cluster)] if stale.cluster else _clusters(storage):
        for midnight, folder in _days(storage, cluster):
            if midnight + DAY <= stale.before:
                yield from _whole(storage, folder)
            else:
                yield from _leftovers(storage, folder, stale.now)
        yield from _stale_runs(storage, f"{cluster}/{layout.RUNS}", stale)


def _whole(storage: Storage, folder: str) -> Iterator[str]:
    """The folder, where all in it is ours; else what is: others keep data in folders of such names, too."""
    entries = storage.entries(folder)
    ours = [entry for entry in entries if not entry.is_folder and layout.is_ours(entry.name)]
    if len(ours) == len(entries):
        yield folder
    else:
        yield from (f"{folder}/{entry.name}" for entry in ours)


def _stale_runs(storage: Storage, folder: str, stale: Stale) -> Iterator[str]:
    latest = (storage.read(f"{folder}/{LATEST}") or b"").decode(errors="replace").strip()
    for entry in storage.entries(folder):
        at = moment_of(entry.name)
        is_old = at is not None and at < stale.before and entry.name != latest
        if is_old or (layout.is_ours(entry.name) and _is_abandoned(entry, stale.now)):
            yield f"{folder}/{entry.name}"


def _leftovers(storage: Storage, folder: str, now: float) -> Iterator[str]:
    body = storage.read(f"{folder}/{layout.MANIFEST}")
    named = {layout.MANIFEST} if body is not None else {layout.OPEN}
    if body is not None:
        try:
            named |= {file.name for file in manifest.decode(body, folder).files.values()}
        except SnapshotError:
            return  # what it named is not known: nothing beside it is touched
    for entry in storage.entries(folder):
        if entry.name not in named and layout.is_ours(entry.name) and _is_abandoned(entry, now):
            yield f"{folder}/{entry.name}"


def _is_abandoned(entry: Entry, now: float) -> bool:
    """A run that is still writing has files without a manifest, too."""
    return bool(entry.changed) and entry.changed < now - _ABANDONED


def _clusters(storage: Storage) -> list[str]:
    return [e.name for e in storage.entries() if e.is_folder and e.name.startswith(layout.CLUSTER)]


def _days(storage: Storage, cluster: str) -> list[tuple[float, str]]:
    """(midnight, folder), oldest first."""
    found = ((layout.midnight_of(entry.name), f"{cluster}/{entry.name}") for entry in storage.entries(cluster))
    return sorted((midnight, folder) for midnight, folder in found if midnight is not None)


def _checked(storage: Storage, folder: str, midnight: float, body: bytes) -> Check:
    date = layout.date(midnight)
    try:
        made = manifest.decode(body, f"{folder}/{layout.MANIFEST}")
        wrong = _wrong(storage, folder, made) if made.midnight == midnight else "it is of another day"
    except SnapshotError as error:
        wrong = error.message
    group = folder.partition("/")[0].removeprefix(layout.CLUSTER)
    if not wrong:
        return Check(group, date, "ok", f"{sum(f.rows for f in made.files.values())} rows in {len(made.files)} files")
    fix = f"remove {storage.url}/{folder}: the next run reads the day again, if Prometheus still has it"
    return Check(group, date, "FAIL", wrong, lost="the day", fix=fix)


def _wrong(storage: Storage, folder: str, made: Manifest) -> str:
    """The first file that is not as it was written; empty where all are."""
    bodies = storage.read_all(f"{folder}/{file.name}" for file in made.files.values())
    for file in made.files.values():
        path = f"{folder}/{file.name}"
        if path not in bodies:
            return f"{file.name} is not there"
        if not manifest.is_intact(file, bodies[path]):
            return f"{file.name} is damaged"
        if not manifest.is_of(made, file, decode(bodies[path], path)[0]):
            return f"{file.name} has not the day's {file.rows} rows"
    return ""
