"""A real Prometheus with a past: files of samples go in, a server that answers for those days comes out.

The files are what `exposition` writes, or OpenMetrics text by hand (`*.om`), which promtool reads.
"""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import urllib3

from tests.bed.ports import HOST, free_port
from tests.bed.process import Process
from tests.bed.tools import tool
from tests.bed.web import Guard

# promtool reads the whole file once more for each block it makes, so the blocks are as long as it allows.
BLOCK = "39366h"


class PrometheusError(Exception):
    """The back-fill or Prometheus refused; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an answer."""

    labels: Mapping[str, str]
    samples: tuple[tuple[float, float], ...]
    """Unix seconds and the value; an instant query gives one."""

    @property
    def value(self) -> float:
        return self.samples[-1][1]


def back_fill(files: Sequence[Path], data: Path) -> None:
    """Files that share time make blocks that overlap: answers are right, but Prometheus merges them at some time."""
    data.mkdir(parents=True, exist_ok=True)
    for file in files:
        done = subprocess.run([*_loader(file), file, data], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PrometheusError(f"back-fill of {file.name}: {done.stdout}{done.stderr}")


def _loader(file: Path) -> list[str | Path]:
    if file.suffix != ".om":
        return [tool("backfill")]
    return [tool("promtool"), "tsdb", "create-blocks-from", "openmetrics", "--quiet", f"--max-block-duration={BLOCK}"]


class Prometheus:
    """A running Prometheus that scrapes nothing. `stop` (or the end of a `with`) leaves nothing of it running."""

    host = HOST

    def __init__(self, folder: Path, guard: Guard) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.guard = guard
        self.ca = guard.write(folder)
        self.url = f"{'https' if guard.tls else 'http'}://{self.host}:{free_port()}"
        self.headers = guard.headers
        self._process: Process | None = None
        self._http = urllib3.PoolManager(ca_certs=str(self.ca) if self.ca else None, retries=False, timeout=60.0)

    @classmethod
    def start(cls, folder: Path, *files: Path, guard: Guard | None = None, retention: str = "60d") -> Self:
        """Back-fills the files' samples and answers when it returns; when it fails it leaves nothing running."""
        server = cls(folder, guard or Guard())
        back_fill(files, folder / "data")
        try:
            server._run(retention)
        except BaseException:
            server.stop()
            raise
        return server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def process(self) -> Process:
        if self._process is None:
            raise PrometheusError("not started")
        return self._process

    def stop(self) -> None:
        self._http.clear()
        if self._process is not None:
            self._process.stop()

    def query(self, promql: str, time: float) -> list[Series]:
        """An instant query, asked as a client that may come in."""
        return _series(self.ask("/api/v1/query", {"query": promql, "time": str(time)}))

    def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
        window = {"start": str(start), "end": str(end), "step": str(step)}
        return _series(self.ask("/api/v1/query_range", {"query": promql, **window}))

    def ask(self, path: str, fields: Mapping[str, str] | None = None) -> Any:
        """Any of the API's GET paths; its `data`, decoded."""
        answer = self._http.request("GET", self.url + path, fields=dict(fields or {}), headers=self.headers)
        content = answer.json() if answer.status in (200, 400, 422) else {"status": "error", "error": answer.status}
        if content["status"] != "success":
            raise PrometheusError(f"{path}: {content['error']}")
        return content["data"]

    def _run(self, retention: str) -> None:
        config = self.folder / "prometheus.yml"
        config.write_text("scrape_configs: []\n")
        flags = {
            "config.file": config,
            "web.config.file": self.folder / "web.yaml",
            "web.listen-address": self.url.split("://")[1],
            "storage.tsdb.path": self.folder / "data",
            "storage.tsdb.retention.time": retention,
            "log.level": "warn",
        }
        command = [str(self._program()), *(f"--{name}={value}" for name, value in flags.items())]
        self._process = Process("prometheus", command, self.folder)
        self._process.wait_until(self._answers)

    def _program(self) -> Path:
        return tool("prometheus")

    def _answers(self) -> bool:
        try:
            return self._http.request("GET", f"{self.url}/-/ready", headers=self.headers).status == 200
        except urllib3.exceptions.HTTPError:
            return False


def _series(data: Any) -> list[Series]:
    if data["resultType"] == "scalar":
        return [Series({}, ((float(data["result"][0]), float(data["result"][1])),))]
    return [_one(row) for row in data["result"]]


def _one(row: Mapping[str, Any]) -> Series:
    samples = row["values"] if "values" in row else [row["value"]]
    return Series(row["metric"], tuple((float(time), float(value)) for time, value in samples))
