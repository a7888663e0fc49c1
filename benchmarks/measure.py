"""`python -m benchmarks.measure [--runs N] -- COMMAND…`: wall time and peak memory of a command.

A command goes in, one line comes out; the command's own output goes to stderr. Nothing here knows costkit.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Measured:
    seconds: float
    peak: float
    """Bytes of the largest resident set of the command or any of its children."""
    code: int
    processor: float
    """Seconds of processor time, its children's included."""


class FailedError(Exception):
    """What was measured did not do its work."""


def measure(command: Sequence[str], codes: Collection[int] = ()) -> Measured:
    """One run. The kernel's own account of it, so that no sampling misses a peak.

    `codes`: the exit codes of a run that did its work; any, where none is named.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if codes and process.returncode not in codes:
        raise FailedError(f"exit {process.returncode}: {' '.join(command)}")
    return Measured(seconds, usage.ru_maxrss * 1024, process.returncode, usage.ru_utime + usage.ru_stime)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure", description="Wall time and peak memory.")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    runs = [measure(asked.command) for _ in range(asked.runs)]
    seconds = [run.seconds for run in runs]
    peak = max(run.peak for run in runs) / MEBIBYTE
    print(
        f"{' '.join(asked.command)}: median {statistics.median(seconds):.2f} s, best {min(seconds):.2f} s, "
        f"peak {peak:.0f} MiB, {len(runs)} runs"
    )
    return max(run.code for run in runs)


if __name__ == "__main__":
    sys.exit(main())
