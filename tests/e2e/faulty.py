"""A collection within this process: rules of a fault come in, exit code, words and the file that it left come out."""

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from costkit.cli.app import run
from costkit.history.snapshots import read_snapshot
from tests.cli.command import complaint
from tests.e2e.stage import END, Done


@dataclass(frozen=True, slots=True)
class Collection:
    """One call of `costkit collect` in an empty folder."""

    done: Done
    folder: Path

    @property
    def bytes(self) -> bytes:
        """Of the snapshot, once it is sure that the call ended as on the untroubled stage and left nothing else.

        There one custom resource is out of the reader's reach: a gap, which is in the snapshot as well.
        """
        assert "widgets.example.com is forbidden" in complaint(self.done, 3)  # type: ignore[arg-type]
        return self._file.read_bytes()

    @property
    def gaps(self) -> dict[str, str]:
        """Source -> detail of each gap, once it is sure that the call ended with code 3 and a file that can be read."""
        assert complaint(self.done, 3).startswith("error: the data is incomplete: ")  # type: ignore[arg-type]
        coverage = read_snapshot(self._file).coverage
        return {row.source: row.detail for row in coverage if row.status in ("partial", "missing")}

    @property
    def error(self) -> str:
        """The error line, once it is sure that the call ended with code 4 and left nothing behind."""
        assert list(self.folder.iterdir()) == []
        return complaint(self.done, 4)  # type: ignore[arg-type]

    @property
    def _file(self) -> Path:
        (file,) = self.folder.iterdir()
        return file


def collect(folder: Path, kubeconfig: Path, prometheus: str, *words: str | Path) -> Collection:
    """A day, up to the end of the stage's past."""
    folder.mkdir()
    where = ("--kubeconfig", kubeconfig, "--prometheus-url", prometheus, "--at", END, "--window", "1d", "--no-progress")
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run([str(word) for word in ("collect", "-o", folder / "s.zip", *where, *words)])
    return Collection(Done(code, out.getvalue(), err.getvalue()), folder)


def instead_of_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been waited before other tries, in seconds: it is written down, and not waited."""
    found: list[float] = []
    for place in ("costkit.connect.patience.time.sleep", "costkit.connect.session.sleep"):
        monkeypatch.setattr(place, found.append)
    return found
