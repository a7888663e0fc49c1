"""`python -m tests.bed.build [--only NAME...]`: builds the bed's servers into the cache; `make bed` calls it.

Component names go in, the cache is filled, a line a component comes out. What is there already is left alone,
so a second run does nothing and one that was broken off goes on where it was.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bed import golang, old_prometheus
from tests.bed.components import COMPONENTS, Component, cache


def main(arguments: Sequence[str] | None = None) -> int:
    names = [component.name for component in COMPONENTS]
    parser = argparse.ArgumentParser(prog="python -m tests.bed.build", description="Builds the test bed's servers.")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    chosen = parser.parse_args(arguments).only
    try:
        _build([component for component in COMPONENTS if component.name in chosen])
        if chosen == names:
            _fetch()
    except golang.BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("bed: ready")
    return 0


def _build(components: Sequence[Component]) -> None:
    wanting = [component for component in components if component.missing()]
    if not wanting:
        return
    _sweep()
    go = golang.find_go()
    for component in wanting:
        start = time.monotonic()
        golang.build(go, component)
        print(f"{component.name} {component.version}: {time.monotonic() - start:.0f} s", flush=True)


def _fetch() -> None:
    """Prometheus 2 is Debian's. Where it cannot be had, the tests that want it say so."""
    if old_prometheus.program() is None:
        try:
            print(f"{old_prometheus.fetch().parent.name}: fetched", flush=True)
        except old_prometheus.FetchError as error:
            print(f"note: {error}", file=sys.stderr)


def _sweep() -> None:
    """Scratch folders of builds that were killed; those of builds still at work are left alone."""
    for folder in cache().glob(".building-*"):
        if not Path("/proc", folder.name.split("-")[1]).exists():
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.nice(5)  # a developer's machine stays usable
    sys.exit(main())
