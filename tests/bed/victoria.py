"""A real VictoriaMetrics with a past: files of samples go in, a server that answers for those days comes out."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np
import urllib3

from tests.bed.ports import HOST, free_port
from tests.bed.process import Process
from tests.bed.tools import tool

_AT_ONCE = 8 << 20
"""Bytes of one request of the import."""


class VictoriaError(Exception):
    """VictoriaMetrics refused samples; the message is what it said."""


class VictoriaMetrics:
    """A single server that scrapes nothing. `stop` (or the end of a `with`) leaves nothing of it running."""

    def __init__(self, folder: Path, *flags: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        place = f"{HOST}:{free_port()}"
        self.url = f"http://{place}"
        self._http = urllib3.PoolManager(retries=False, timeout=60.0)
        told = {"httpListenAddr": place, "storageDataPath": folder / "data", "retentionPeriod": "10y"}
        told |= {"memory.allowedBytes": "512MB", "loggerLevel": "WARN"}
        words = [f"-{name}={value}" for name, value in told.items()]
        self._process = Process("victoria-metrics", [tool("victoria-metrics"), *words, *flags], folder)

    @classmethod
    def start(cls, folder: Path, *files: Path, flags: Sequence[str] = ()) -> Self:
        """Has the files' samples and answers when it returns; when it fails it leaves nothing running."""
        server = cls(folder, *flags)
        try:
            server._process.wait_until(server._answers)
            for file in files:
                server._load(file)
            server._post("/internal/force_flush", b"")
        except BaseException:
            server.stop()
            raise
        return server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._http.clear()
        self._process.stop()

    def _load(self, file: Path) -> None:
        lines: list[bytes] = []
        for line in _lines(file):
            lines.append(line)
            if sum(map(len, lines)) > _AT_ONCE:
                self._post("/api/v1/import", b"\n".join(lines))
                lines.clear()
        self._post("/api/v1/import", b"\n".join(lines))

    def _post(self, path: str, body: bytes) -> None:
        answer = self._http.request("POST", self.url + path, body=body)
        if answer.status not in (200, 204):
            raise VictoriaError(f"{path}: {answer.data.decode(errors='replace')[:300]}")

    def _answers(self) -> bool:
        try:
            return self._http.request("GET", f"{self.url}/health").status == 200
        except urllib3.exceptions.HTTPError:
            return False


def _lines(file: Path) -> Iterator[bytes]:
    """The rows of a file of `samples`, each as a line of the import's JSON; times are in milliseconds there."""
    with file.open("rb") as rows:
        while head := rows.readline():
            row: dict[str, Any] = json.loads(head)
            count = row["count"]
            times = (row["start"] + row["step"] * np.arange(count)) * 1000
            same = "constant" in row
            values = np.full(count, row["constant"]) if same else np.frombuffer(rows.read(8 * count), "<f8")
            told = {"metric": row["labels"], "values": values.tolist(), "timestamps": times.tolist()}
            yield msgspec.json.encode(told)
