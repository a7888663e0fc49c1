"""A fleet's servers: an API server that is written anew, and a Prometheus whose past is written once and found again.

The past lies in the benchmark's folder under a name that tells the fleet's size; without it the next run writes it.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.fleet import Fleet
from tests.bed import exposition
from tests.bed.bare import Bare
from tests.bed.prometheus import Prometheus, back_fill

COSTKIT = (sys.executable, "-m", "costkit")
WROTE = (0, 3)
"""Exit codes of a collect that wrote its snapshot: of all data, of a part."""


@dataclass(frozen=True, slots=True)
class Served:
    prometheus: Prometheus
    kubeconfig: Path

    def collect(self, history: Path, at: int, window: str) -> list[str]:
        """The words after `costkit`; the snapshot lies beside the history."""
        where = ["--kubeconfig", str(self.kubeconfig), "--prometheus-url", self.prometheus.url, "--at", str(at)]
        kept = ["--history", str(history), "--window", window, "-o", str(history.with_suffix(".zip"))]
        return ["collect", "-q", *where, *kept]


@contextmanager
def served(fleet: Fleet, folder: Path) -> Iterator[Served]:
    """Until the end of the `with`."""
    past = written(fleet, folder)
    with TemporaryDirectory() as place, Bare.start(Path(place)) as bare, Prometheus.start(past) as prometheus:
        fleet.write(bare)
        yield Served(prometheus, bare.reader(Path(place) / "kubeconfig"))


def written(fleet: Fleet, folder: Path) -> Path:
    """The folder of a Prometheus that holds the fleet's days; a write that was broken off is begun again."""
    past = folder / f"past-{fleet.pods}-by-{fleet.replicas}-{'-'.join(fleet.containers)}-{fleet.days:g}d"
    if not past.exists():
        part = folder / "part"
        shutil.rmtree(part, ignore_errors=True)
        rows = exposition.write(fleet.scene(), part)
        back_fill([rows], part / "data")
        rows.unlink()
        part.rename(past)
    return past
