"""`python -m benchmarks.lengths FOLDER`: a night's collect with 7, 28 and 56 days in the history.

The folder keeps the past that Prometheus is given: one day of 2,000 containers. That day is collected once, and what
came of it is put into the histories again as each day before it, through the history's own code: so all days that are
kept are as large as a real one, and alike. Then the day is collected with each history in turn, same window in all.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.fleet import END, Fleet
from benchmarks.measure import FailedError, Measured, measure
from benchmarks.served import COSTKIT, WROTE, Served, served
from costkit.history.days import Days
from costkit.history.snapshots import read_snapshot
from costkit.history.store import History
from costkit.model.account import Account
from costkit.model.day import SETTLED, Day
from costkit.model.snapshot import Frames
from costkit.model.usage import FRAMES
from costkit.model.window import DAY, Window

FLEET = Fleet(pods=1_000, containers=("main", "helper"), days=1)
LENGTHS = (7, 28, 56)
"""Days kept."""
RUNS = 3
TIMES = ("day", "peak_at", "at", "mounted")
"""Columns of unix seconds."""


def collect(servers: Served, history: Path) -> Measured:
    """The day that ended at END, and the half hour after it."""
    run = measure([*COSTKIT, *servers.collect(history, END + SETTLED, "7d")], WROTE)
    told = {row.source: row.detail for row in read_snapshot(history.with_suffix(".zip")).coverage}
    if not told["days"].endswith(", 2 read now"):
        raise FailedError(f"{history.name}: {told['days']}")
    return run


def copies(day: Day, many: int) -> Iterator[Day]:
    """The day as each of those before it, the last one first."""
    return (earlier(day, n * DAY) for n in range(1, many + 1))


def earlier(day: Day, seconds: int) -> Day:
    frames = Frames(**{name: _moved(getattr(day.frames, name), seconds) for name in FRAMES})
    account: Account = replace(day.account, seen=frozenset(at - seconds for at in day.account.seen))
    return Day(day.midnight - seconds, day.until - seconds, frames, account)


def _moved(table: pa.Table, seconds: int) -> pa.Table:
    for place, name in enumerate(table.column_names):
        if name in TIMES:
            table = table.set_column(place, table.schema.field(place), pc.subtract(table[name], float(seconds)))
    return table


def histories(servers: Served, place: Path) -> dict[int, Path]:
    """Days kept -> the history that has them."""
    first = place / "first"
    collect(servers, first)
    cluster = read_snapshot(first.with_suffix(".zip")).cluster.id
    day = _days(first, cluster).within(Window(END - DAY, END))[0]
    made = {many: place / f"kept-{many}" for many in LENGTHS}
    for many, history in made.items():
        kept = _days(history, cluster)
        for one in copies(day, many):
            kept.put(one, None)
    return made


def _days(history: Path, cluster: str) -> Days:
    return History.open(str(history)).days(cluster)


def one_round(servers: Served, kept: Mapping[int, Path]) -> dict[int, float]:
    """Seconds with each history; each begins with a copy of it."""
    took = {}
    for many, made in kept.items():
        history = made.with_name(f"run-{many}")
        shutil.copytree(made, history)
        took[many] = collect(servers, history).seconds
        shutil.rmtree(history)
    print("; ".join(f"{many} days {seconds:.2f} s" for many, seconds in took.items()), flush=True)
    return took


def main(folder: Path) -> None:
    with TemporaryDirectory() as made, served(FLEET, folder) as servers:
        kept = histories(servers, Path(made))
        rounds = [one_round(servers, kept) for _ in range(RUNS)]
    medians = {many: median(one[many] for one in rounds) for many in LENGTHS}
    print("medians: " + "; ".join(f"{many} days {seconds:.2f} s" for many, seconds in medians.items()))
    print(f"longest by shortest {max(medians.values()) / min(medians.values()):.2f}; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
