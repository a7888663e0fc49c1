"""`python -m benchmarks.floor FOLDER`: a night's collect of 10,000 containers beside the least that it could take.

The folder keeps the past that Prometheus is given; one line a measurement comes out. The floor: the very queries that
collect sends, two in flight, each answer decoded by msgspec into plain Python objects, and nothing else. Both run in
turn, each a process of its own, against one Prometheus that keeps a sample a minute. The night's run closes one day
and begins the next.
"""

import os
import shutil
import sys
from collections.abc import Collection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.fleet import END, Fleet
from benchmarks.measure import MEBIBYTE, Measured, measure
from benchmarks.recorded import Asked, recorded
from benchmarks.replay import command
from benchmarks.served import COSTKIT, WROTE, Served, served
from costkit.model.day import SETTLED
from tests.bed.prometheus import Prometheus

RUNS = 3
IN_FLIGHT = 2
"""As many queries as costkit has on their way at once."""
FLEET = Fleet(pods=5_000, containers=("main", "helper"), days=1)


def memory(prometheus: Prometheus) -> str:
    """Prometheus' own, from the kernel. Of its blocks' files it maps what it reads, which the kernel may take back."""
    lines = (line.split() for line in Path(f"/proc/{prometheus.process.pid}/status").read_text().splitlines())
    mebibytes = {words[0].rstrip(":"): int(words[1]) / 1024 for words in lines if words[-1:] == ["kB"]}
    most, own, mapped = (mebibytes[name] for name in ("VmHWM", "RssAnon", "RssFile"))
    return f"resident at most {most:.0f} MiB; now {own:.0f} MiB of its own and {mapped:.0f} MiB of mapped files"


def heaviest(prometheus: Prometheus, asked: Collection[Asked]) -> tuple[int, int]:
    """The most samples that any of the queries loads in all, and the most that any holds at a time."""
    told = [prometheus.ask(f"/api/v1/{call}", {**form, "stats": "all"})["stats"]["samples"] for call, form in asked]
    return max(one["totalQueryableSamples"] for one in told), max(one["peakSamples"] for one in told)


def pair(servers: Served, place: Path, asked: Path) -> tuple[Measured, Measured]:
    """One run of each; the history of ours begins with nothing."""
    words = servers.collect(place / "history", END + SETTLED, "1d")
    ours = measure([*COSTKIT, *words], WROTE)
    floor = measure(command(servers.prometheus.url, asked, IN_FLIGHT), [0])
    shutil.rmtree(place / "history")
    print(
        f"collect {_told(ours)}; floor {_told(floor)}; ratio {_ratio(ours, floor):.2f}; load {os.getloadavg()[0]:.1f}"
    )
    sys.stdout.flush()
    return ours, floor


def _told(run: Measured) -> str:
    return (
        f"{run.seconds:.1f} s ({run.processor:.1f} s of processor), peak {run.peak / MEBIBYTE:.0f} MiB, exit {run.code}"
    )


def _ratio(ours: Measured, floor: Measured) -> float:
    return ours.seconds / floor.seconds


def main(folder: Path) -> None:
    with TemporaryDirectory() as made, served(FLEET, folder) as servers:
        place, prometheus = Path(made), servers.prometheus
        print(f"Prometheus before any query: {memory(prometheus)}", flush=True)
        asked = place / "asked.json"
        queries = recorded(servers.collect(place / "first", END + SETTLED, "1d"), asked)
        print(f"Prometheus after one collect: {memory(prometheus)}", flush=True)
        pairs = [pair(servers, place, asked) for _ in range(RUNS)]
        quickest = min(pairs, key=lambda each: each[0].seconds + each[1].seconds)
        print(
            f"ratio: median of {RUNS} {median(_ratio(*each) for each in pairs):.2f}, of the quickest pair "
            f"{_ratio(*quickest):.2f}; collect's peak {max(ours.peak for ours, _ in pairs) / MEBIBYTE:.0f} MiB"
        )
        containers = FLEET.pods * len(FLEET.containers)
        print(f"{len(queries)} queries, {len(queries) / containers:.4f} a container")
        print(f"Prometheus after {2 * RUNS} runs more: {memory(prometheus)}")
        loaded, held = heaviest(prometheus, queries)
        print(f"the heaviest query loads {loaded:,} samples; the most held at a time are {held:,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
