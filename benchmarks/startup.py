"""`python -m benchmarks.startup [RUNS]`: how long `costkit --help` takes, beside a Python that does nothing."""

import os
import statistics
import sys

from benchmarks.measure import measure

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "costkit --help": [sys.executable, "-m", "costkit", "--help"],
}


def main(runs: int = 15) -> None:
    # a terminal's width, wherever this runs; the help itself is not what is read here
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    medians = {name: statistics.median(measure(words).seconds for _ in range(runs)) for name, words in COMMANDS.items()}
    for name, seconds in medians.items():
        print(f"{name}: median of {runs} {seconds:.3f} s")
    print(f"ratio {medians['costkit --help'] / medians['python -c pass']:.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
