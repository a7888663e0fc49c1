"""Days of one cluster as they are kept: each is read from Prometheus once, and written so that a kill loses nothing.

A day's frames are written first and its manifest last. The day that is not over is kept as its answers, in one file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from costkit.connect.storage import Storage
from costkit.errors import FrameError, OutputError
from costkit.history import layout, manifest, open_days
from costkit.history.codec import DamagedError, Only, decode, encode
from costkit.history.manifest import Manifest
from costkit.model.cluster import Coverage
from costkit.model.day import SETTLED, Day, OpenDay, Wanted
from costkit.model.snapshot import Frames
from costkit.model.usage import FRAMES, PAST, SIGNALS, check
from costkit.model.window import DAY, Window

_READINGS = 3
"""How often a day is read that a server gives in part only."""


class Days:
    """Implements history.shelf.Shelf on a storage."""

    def __init__(self, storage: Storage, cluster_id: str) -> None:
        self._storage = storage
        self._cluster_id = cluster_id
        self._earlier: dict[float, OpenDay] = {}
        """Answers of days that were not over for the run before."""
        self._open: set[float] = set()
        """Days that are not over for this run."""
        self._passing: dict[float, Day] = {}
        """What this run read of them."""
        self._damaged: list[str] = []
        self._unwritten = ""
        """Why the history cannot be written, the last time that it could not."""
        self._closed = self._manifests()
        self._kept = len(self._closed)

    def lacking(self, parts: Iterable[Window], at: float) -> list[Wanted]:
        parts = [part for part in parts if not self._is_kept(part)]
        self._earlier = open_days.read(self._storage, {p.start: self._path(p.start, layout.OPEN) for p in parts})
        wanted = [_wanted(part, self._earlier.get(part.start), at) for part in parts]
        self._open = {one.midnight for one in wanted if one.keeps_answers}
        return wanted

    def put(self, day: Day, answers: OpenDay | None) -> None:
        """Where it cannot be written the run has it all the same, and says that the next one will not."""
        try:
            self._write_down(day, answers)
        except OutputError as error:
            self._passing[day.midnight] = day
            self._unwritten = error.message

    def _write_down(self, day: Day, answers: OpenDay | None) -> None:
        if day.midnight not in self._open:
            self._close(day)
            return
        self._passing[day.midnight] = day
        if answers is not None and day.midnight not in self._closed:
            path, known = self._path(day.midnight, layout.OPEN), self._earlier.get(day.midnight)
            open_days.write(self._storage, path, answers, known)

    def within(self, window: Window) -> Sequence[Day]:
        """Days of the window, oldest first. One that is damaged is left out and forgotten: the next run reads it."""
        found = []
        for midnight in window.midnights():
            whole = window.within(midnight).end == midnight + DAY
            day = self._passing.get(midnight) or (self._read(midnight) if whole and midnight in self._closed else None)
            found += [day] if day else []
        return found

    def before(self, window: Window, days: float) -> pa.Table:
        span = Window(window.start - days * DAY, window.start)
        kept = [midnight for midnight in span.midnights() if midnight in self._closed]
        return pa.concat_tables([PAST.empty_table(), *(self._part(day, "usage", PAST) for day in kept)])

    def signal(self, name: str) -> pa.Table:
        """One signal (model.usage.SIGNALS) on all days that are kept, oldest first."""
        kept = (self._part(day, "signals", SIGNALS, ("signal", name)) for day in self.midnights())
        return pa.concat_tables([SIGNALS.empty_table(), *kept])

    def _part(self, midnight: float, frame: str, schema: pa.Schema, only: Only | None = None) -> pa.Table:
        """Columns of one day's frame; none of a day that is damaged: it is forgotten, and the next run reads it."""
        path = self._path(midnight, self._closed[midnight].files[frame].name)
        try:
            body = self._intact(midnight, frame, self._storage.read(path))
            return decode(body, path, schema.names, only)[0].cast(schema)
        except DamagedError as error:
            self._forget(midnight, error.message)
            return schema.empty_table()

    def midnights(self) -> list[float]:
        """Of the days that are kept, oldest first."""
        return sorted(self._closed)

    def coverage(self) -> tuple[Coverage, ...]:
        rows = [Coverage("history", "ok", f"{self._kept} days were there")]
        rows += [Coverage("history", "missing", f"not kept: {self._unwritten}")] if self._unwritten else []
        return (*rows, *(_damaged(line) for line in self._damaged))

    def _is_kept(self, part: Window) -> bool:
        kept = self._closed.get(part.start)
        is_over = part.end == part.start + DAY
        return kept is not None and is_over and (kept.account.is_whole or kept.readings >= _READINGS)

    def _manifests(self) -> dict[float, Manifest]:
        folder = layout.cluster_folder(self._cluster_id)
        days = {layout.midnight_of(entry.name) for entry in self._storage.entries(folder)}
        paths = {self._path(day, layout.MANIFEST): day for day in days if day is not None}
        found = {paths[path]: self._manifest(path, body) for path, body in self._storage.read_all(paths).items()}
        return {day: made for day, made in found.items() if made is not None and made.midnight == day}

    def _manifest(self, path: str, body: bytes) -> Manifest | None:
        try:
            return manifest.decode(body, f"{self._storage.url}/{path}")
        except DamagedError as error:
            self._damaged.append(error.message)
            return None

    def _close(self, day: Day) -> None:
        known = self._closed.get(day.midnight)
        if known is not None and known.account.is_better_than(day.account):
            made = replace(known, readings=known.readings + 1)
        else:
            files = {name: self._write(day, name) for name in FRAMES}
            made = Manifest(day.midnight, day.until, files, day.account, known.readings + 1 if known else 1)
        self._storage.write(self._path(day.midnight, layout.MANIFEST), manifest.encode(made))
        self._closed[day.midnight] = made
        self._storage.remove(self._path(day.midnight, layout.OPEN))

    def _write(self, day: Day, name: str) -> manifest.File:
        table = getattr(day.frames, name)
        body = encode(table)
        file = manifest.file_of(name, body, table.num_rows)
        self._storage.write(self._path(day.midnight, file.name), body)
        return file

    def _read(self, midnight: float) -> Day | None:
        made = self._closed[midnight]
        bodies = self._storage.read_all(self._path(midnight, file.name) for file in made.files.values())
        try:
            frames = Frames(**{name: self._table(made, name, bodies) for name in FRAMES})
        except DamagedError as error:
            self._forget(midnight, error.message)
            return None
        except FrameError as error:  # sound, and by a costkit that knows more words: left as it is
            self._damaged.append(f"{self._path(midnight, '')}: {error.message}")
            return None
        return Day(midnight, made.until, frames, made.account)

    def _table(self, made: Manifest, name: str, bodies: Mapping[str, bytes]) -> pa.Table:
        path = self._path(made.midnight, made.files[name].name)
        table = check(name, decode(self._intact(made.midnight, name, bodies.get(path)), path)[0])
        if not manifest.is_of(made, made.files[name], table):
            raise DamagedError(f"{self._storage.url}/{path} is of another day", "the next run reads the day again")
        return table

    def _intact(self, midnight: float, name: str, body: bytes | None) -> bytes:
        """The bytes, if they are those that were written; DamagedError for others and for none."""
        file = self._closed[midnight].files[name]
        if body is None or not manifest.is_intact(file, body):
            path = self._path(midnight, file.name)
            raise DamagedError(f"{self._storage.url}/{path} is damaged", "the next run reads the day again")
        return body

    def _forget(self, midnight: float, why: str) -> None:
        """Unless another run has closed the day anew."""
        path = self._path(midnight, layout.MANIFEST)
        if self._storage.read(path) == manifest.encode(self._closed.pop(midnight)):
            self._storage.remove(path)
        self._damaged.append(why)

    def _path(self, midnight: float, name: str) -> str:
        return f"{layout.day_folder(self._cluster_id, midnight)}/{name}"


def _damaged(line: str) -> Coverage:
    return Coverage("history", "partial", f"{line}; the day is read again while Prometheus has it")


def _wanted(part: Window, earlier: OpenDay | None, at: float) -> Wanted:
    is_over = part.end == part.start + DAY and at >= part.end + SETTLED
    usable = earlier if earlier and earlier.until <= part.end else None
    return Wanted(part, usable, keeps_answers=not is_over)
