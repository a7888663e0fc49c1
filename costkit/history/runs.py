"""Runs of one cluster: each plan as its JSON, by the moment that it looked from, and a pointer to the latest."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from costkit.connect.storage import Storage
from costkit.history.layout import RUNS, cluster_folder

LATEST = "latest"
"""Names the newest run: for people and programs that look in."""
_NAME = "%Y%m%dT%H%M%SZ.json"


def moment_of(name: str) -> float | None:
    """Unix seconds that a run looked from, by its name; None for any other file."""
    try:
        return datetime.strptime(name, _NAME).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


class Runs:
    """What a run means is not known here: bytes go in, the same bytes come out."""

    def __init__(self, storage: Storage, cluster_id: str) -> None:
        self._storage = storage
        self._folder = f"{cluster_folder(cluster_id)}/{RUNS}"

    def save(self, plan: bytes, at: float) -> str:
        """The run's name. The pointer is written last, and never goes back to an earlier run."""
        name = time.strftime(_NAME, time.gmtime(at))
        self._storage.write(f"{self._folder}/{name}", plan)
        if name >= max(self.names()):
            self._storage.write(f"{self._folder}/{LATEST}", f"{name}\n".encode())
        return name

    def names(self) -> Sequence[str]:
        """Oldest first."""
        return [entry.name for entry in self._storage.entries(self._folder) if moment_of(entry.name) is not None]

    def latest(self, at: float) -> bytes | None:
        """The plan of the last run that looked from `at` or before; None before the first."""
        names = [name for name in self.names() if (moment_of(name) or 0.0) <= at]
        return self._storage.read(f"{self._folder}/{names[-1]}") if names else None
