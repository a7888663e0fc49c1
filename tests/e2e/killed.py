"""Runs costkit and kills it with SIGKILL at the n-th time that it does one thing: python -m tests.e2e.killed STEP N …

The steps: `fetch` an answer has come, `reduce` a shard becomes sketches, `write` half of a file is on the disk,
`rename` a file is whole and not yet in its place.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from costkit.analyze import days
from costkit.cli.app import run
from costkit.connect import storage
from costkit.connect.prometheus import Prometheus

STEPS = ("fetch", "reduce", "write", "rename")


class Countdown:
    def __init__(self, times: int) -> None:
        self._left = times

    def is_over(self) -> bool:
        self._left -= 1
        return self._left == 0


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def then(function: Callable[..., Any], countdown: Countdown) -> Callable[..., Any]:
    """The function, after which the process dies at its last time."""

    def called(*args: Any, **named: Any) -> Any:
        found = function(*args, **named)
        if countdown.is_over():
            kill()
        return found

    return called


def half_written(replace: Callable[[str, bytes], None], countdown: Countdown) -> Callable[[str, bytes], None]:
    """Writes as the product does; at the last time half of the bytes, which reach the disk."""

    def called(place: str, body: bytes) -> None:
        if countdown.is_over():
            os.fsync = then(os.fsync, Countdown(1))
            replace(place, body[: len(body) // 2])
        replace(place, body)

    return called


def before_rename(replace: Callable[..., Path], countdown: Countdown) -> Callable[..., Path]:
    def called(path: Path, target: Path) -> Path:
        if path.name.startswith(".part-") and countdown.is_over():
            kill()
        return replace(path, target)

    return called


def arm(step: str, countdown: Countdown) -> None:
    """Where a step is done: an attribute of a module or class, and what stands there instead."""
    places: dict[str, tuple[Any, str, Callable[..., Any]]] = {
        "fetch": (Prometheus, "range", then),
        "reduce": (days, "digest", then),
        "write": (storage, "_replace", half_written),
        "rename": (Path, "replace", before_rename),
    }
    place, name, armed = places[step]
    setattr(place, name, armed(getattr(place, name), countdown))


if __name__ == "__main__":
    arm(sys.argv[1], Countdown(int(sys.argv[2])))
    sys.exit(run(sys.argv[3:]))
