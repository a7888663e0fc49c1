"""`python -m benchmarks.sized FOLDER`: 10,000 containers sized from 28 days of sketches that a history holds.

The days are made up and written through the history's own code; the folder keeps them for the next run. A new process
then reads the columns that the rule needs, as the pipeline does, and asks for each container's CPU request and memory
limit. Out come the times of its steps, and the kernel's account of the whole process.
"""

import argparse
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks.measure import MEBIBYTE, measure
from benchmarks.study import subjects, table
from costkit.analyze.facts import study
from costkit.history.store import History
from costkit.model.cluster import Cluster
from costkit.model.day import Day, joined
from costkit.model.facts import Facts, ResourceProfile
from costkit.model.policy import RightsizePolicy
from costkit.model.sketch import EMPTY, bucket_of
from costkit.model.snapshot import Frames, Snapshot
from costkit.model.target import Target
from costkit.model.usage import USAGE, empty
from costkit.model.window import DAY, HALF_HOURS, STEPS, Window
from costkit.recommend.rightsize.grid import ceil_to
from costkit.recommend.rightsize.promises import Promise, Promises
from costkit.settings.policies import load_policies

CLUSTER = "made-up"
END = 1_780_012_800 // DAY * DAY
DAYS, CONTAINERS = 28, 10_000
TWO_CLASSES, ROLLED_OUT, OTHER_PEAK = 10, 10, 3
"""One container in so many has pods on two classes of nodes, one in so many gets a new revision each week; of one in so
many the highest peak is not the hottest pod's."""
LEVELS = {"cpu": (0.05, 1.0), "memory": (200.0 * MEBIBYTE, 0.8)}
"""Median over containers, and the standard deviation of its logarithm."""
RUNS = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one resource moves, on the logarithm: from day to day, with the hour, from sample to sample."""

    wander: float
    wave: float
    noise: float


@dataclass(frozen=True, slots=True)
class Ran:
    """Containers that ran on a class of nodes, each with its level and the number of its revision."""

    places: NDArray[np.int64]
    level: Floats
    revision: NDArray[np.int64]
    node_class: str = "m5.large/on-demand"


KINDS = {"cpu": Kind(0.08, 0.15, 0.07), "memory": Kind(0.02, 0.08, 0.07)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--once", action="store_true", help="size in this process, from the days that are there")
    asked = parser.parse_args()
    if asked.once:
        size(asked.folder)
        return
    written(asked.folder)
    runs = [measure([sys.executable, "-m", "benchmarks.sized", str(asked.folder), "--once"], (0,)) for _ in range(RUNS)]
    wall, processor = (median(getattr(run, name) for run in runs) for name in ("seconds", "processor"))
    print(f"the process, of {RUNS} runs: median {wall:.1f} s, {processor:.1f} s of processor, ", end="")
    print(f"peak {max(run.peak for run in runs) / MEBIBYTE:,.0f} MiB; load {os.getloadavg()[0]:.1f}")


def size(folder: Path) -> None:
    """Prints to stderr what each step took."""
    begun = last = Moment.now()
    window = Window(END - DAY, END)
    past = History.open(str(folder)).days(CLUSTER).before(Window(END, END), DAYS)
    last = last.told(f"{past.num_rows:,} rows read")
    facts = study(Snapshot(END, window, Cluster(CLUSTER, CLUSTER), joined(()), past=past), ())
    last = last.told("revisions, weeks, what is known now")
    last.told(f"{len(promised(facts)):,} sizes")
    begun.told("all of it")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB", file=sys.stderr)


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds by the wall's clock and by the processor's."""

    wall: float
    processor: float

    @classmethod
    def now(cls) -> "Moment":
        return cls(time.perf_counter(), time.process_time())

    def told(self, words: str) -> "Moment":
        """Says how long ago it was; the moment at which it is said."""
        now = self.now()
        spent = f"{now.wall - self.wall:.2f} s, {now.processor - self.processor:.2f} s of processor"
        print(f"{words}: {spent}", file=sys.stderr)
        return now


def promised(facts: Facts) -> Mapping[tuple[Target, str], float]:
    """CPU requests and memory limits, on the grid, of the class that takes all that no other takes."""
    promises = Promises(facts, load_policies(None))
    made = (
        (target, name, _promise(promises, target, name)) for name, one in facts.fleets.items() for target in one.places
    )
    return {
        (target, name): _on_grid(promises.policies.rightsize, name, one.needed) for target, name, one in made if one
    }


def _promise(promises: Promises, target: Target, name: str) -> Promise | None:
    last, fleet = promises.policies.rightsize.classes[-1], promises.facts.fleets[name]
    peak = float(fleet.now.peak[fleet.places[target]])
    return promises.of(target, _profile(name, peak), last.cpu if name == "cpu" else last.memory, peak)


def _profile(name: str, peak: float) -> ResourceProfile:
    """Of one that is known by its days: what the rule reads beside them is the peak."""
    return ResourceProfile(name, EMPTY, EMPTY, peak, END, "", peak, peak, DAYS, 1.0)


def _on_grid(policy: RightsizePolicy, name: str, needed: float) -> float:
    last = policy.classes[-1]
    if name == "cpu":
        return ceil_to(max(needed, last.cpu.floor), policy.cpu_grid)
    return ceil_to(max(needed, last.memory.floor), policy.memory_grid)


def written(folder: Path) -> None:
    """The days, where they are not there; a write that was broken off is begun again."""
    if History.open(str(folder)).days(CLUSTER).midnights() == [END - DAY * n for n in range(DAYS, 0, -1)]:
        return
    shutil.rmtree(folder, ignore_errors=True)
    kept = History.open(str(folder)).days(CLUSTER)
    for day in days(np.random.default_rng(0)):
        kept.put(day, None)


def days(random: np.random.Generator) -> Iterator[Day]:
    level = {
        name: middle * np.exp(spread * random.standard_normal(CONTAINERS)) for name, (middle, spread) in LEVELS.items()
    }
    for number in range(DAYS):
        midnight = float(END - (DAYS - number) * DAY)
        parts = [part for name in KINDS for part in _parts(name, level[name], midnight, number, random)]
        frames = Frames(pa.concat_tables(parts), *map(empty, ("signals", "events", "nodes", "volumes")))
        yield Day(midnight, midnight + DAY, frames)


def _parts(name: str, level: Floats, midnight: float, number: int, random: np.random.Generator) -> Iterator[pa.Table]:
    """A row for each container, and a second one for those that had pods elsewhere or of an earlier revision."""
    level *= np.exp(KINDS[name].wander * random.standard_normal(len(level)))
    every, (week, weekday) = np.arange(CONTAINERS), divmod(number, 7)
    revision = np.where(every % ROLLED_OUT == 0, week, 0)
    both, rolled = every[::TWO_CLASSES], every[::ROLLED_OUT]
    ran = [Ran(every, level, revision), Ran(both, level[both], revision[both], "c5.xlarge/spot")]
    if weekday == 0 and week:
        ran.append(Ran(rolled, level[rolled], revision[rolled] - 1))
    return (_rows(name, one, midnight, random) for one in ran)


def _rows(name: str, ran: Ran, midnight: float, random: np.random.Generator) -> pa.Table:
    use = _samples(KINDS[name], ran.level, random)
    halves = use.reshape(len(use), HALF_HOURS, -1)
    means, peaks = _half_hours(halves.mean(axis=2)), _half_hours(halves.max(axis=2))
    names, revisions = [f"w{place // 2:04d}" for place in ran.places.tolist()], ran.revision.tolist()
    pods = pa.array([f"{name}-{r:x}" for name, r in zip(names, revisions, strict=True)])
    return table(USAGE, len(use), {
        **_subjects(ran.places, names),
        **{prefix + column: lists for column, lists in _sketch(use, name).items() for prefix in ("", "hottest_")},
        "hottest_pod": pods,
        "peak_pod": pc.if_else(pa.array(ran.places % OTHER_PEAK == 0), "another", pods),
        **dict.fromkeys(("hottest_means", "total_means"), means),
        **dict.fromkeys(("hottest_peaks", "total_peaks"), peaks),
        "peak": pa.array(use.max(axis=1)), "mean": pa.array(use.mean(axis=1)), "day": midnight, "resource": name,
        "revision": pa.array([f"{r:08x}" for r in revisions]), "node_class": ran.node_class,
        "peak_at": midnight + 300, "start_peak": float("nan"), "samples": STEPS, "samples_expected": STEPS,
        "pods": 1, "pod_hours": 24.0,
    })  # fmt: skip


def _samples(kind: Kind, level: Floats, random: np.random.Generator) -> Floats:
    """A row of a day's samples for each level."""
    wave = kind.wave * np.sin(np.arange(STEPS) / STEPS * 2 * np.pi)
    noise = kind.noise * random.standard_normal((len(level), STEPS), np.float32)
    use: Floats = level[:, np.newaxis] * np.exp(wave + noise)
    return use


def _subjects(places: NDArray[Any], names: list[str]) -> dict[str, Any]:
    targets = [Target(f"ns{place // 50:03d}", "Deployment", name) for place, name in zip(places, names, strict=True)]
    return subjects(targets, "") | {"container": pa.array([("main", "helper")[place % 2] for place in places.tolist()])}


def _half_hours(values: Floats) -> pa.FixedSizeListArray:
    return pa.FixedSizeListArray.from_arrays(pa.array(values.astype(np.float32).ravel()), HALF_HOURS)


def _sketch(use: Floats, name: str) -> dict[str, pa.ListArray]:
    """Each row's sketch, as model.sketch.build has it."""
    buckets = np.sort(bucket_of(use, name), axis=1)
    begins = np.diff(buckets, axis=1, prepend=-1) != 0
    places = np.flatnonzero(begins)
    offsets = pa.array(np.concatenate([[0], np.cumsum(begins.sum(axis=1))]), pa.int32())
    counts = np.diff(places, append=buckets.size)
    return {
        "buckets": pa.ListArray.from_arrays(offsets, pa.array(buckets.ravel()[places], pa.int32())),
        "counts": pa.ListArray.from_arrays(offsets, pa.array(counts, pa.int64())),
    }


if __name__ == "__main__":
    main()
