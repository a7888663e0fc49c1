"""Runs of one cluster: each plan as its JSON, by the moment that it looked from, and a pointer to the latest."""

import re
import time
from collections.abc import Sequence

from costkit.connect.storage import Storage
from costkit.history.layout import RUNS, cluster_folder

_LATEST = "latest"
_NAME = re.compile(r"\d{8}T\d{6}Z\.json")


class Runs:
    """What a run means is not known here: bytes go in, the same bytes come out."""

    def __init__(self, storage: Storage, cluster_id: str) -> None:
        self._storage = storage
        self._folder = f"{cluster_folder(cluster_id)}/{RUNS}"

    def save(self, plan: bytes, at: float) -> str:
        """The run's name. The pointer is written last: it never names what is not there."""
        name = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at)) + ".json"
        self._storage.write(f"{self._folder}/{name}", plan)
        self._storage.write(f"{self._folder}/{_LATEST}", f"{name}\n".encode())
        return name

    def names(self) -> Sequence[str]:
        """Oldest first."""
        return [entry.name for entry in self._storage.entries(self._folder) if _NAME.fullmatch(entry.name)]

    def latest(self) -> bytes | None:
        """The plan of the last run that was saved; None before the first."""
        pointer = self._storage.read(f"{self._folder}/{_LATEST}")
        name = pointer.decode(errors="replace").strip() if pointer is not None else ""
        return self._storage.read(f"{self._folder}/{name}") if _NAME.fullmatch(name) else None
