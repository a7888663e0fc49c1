"""Prometheus 2, as Debian packages it: fetched into the bed's cache, installed nowhere.

`apt-get` finds the package where the machine's own sources say; nothing here names a host.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.bed import prometheus
from tests.bed.components import cache

_SECONDS = 300


class FetchError(Exception):
    """The package could not be had; the message is the one line to show."""


def program() -> Path | None:
    """The newest that is in the cache; None where none is."""
    return max(cache().glob("debian-prometheus-2.*/prometheus"), default=None)


def fetch() -> Path:
    """The program, from the cache or else from Debian's package. FetchError where that cannot be had."""
    found = program()
    if found is not None:
        return found
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise FetchError("Prometheus 2 comes from Debian's package, and here is no apt-get")
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache(), prefix=f".building-{os.getpid()}-") as scratch:
        return _unpacked(Path(scratch))


def _unpacked(scratch: Path) -> Path:
    try:
        _run(["apt-get", "download", "prometheus"], scratch)
    except FetchError:  # an image may come without the lists of packages
        _run(["apt-get", "update"], scratch)
        _run(["apt-get", "download", "prometheus"], scratch)
    package = next(scratch.glob("prometheus_*.deb"))
    _run(["dpkg", "-x", str(package), str(scratch / "tree")], scratch)
    made = scratch / "tree" / "usr" / "bin" / "prometheus"
    told = re.search(r"version (2\.\d+\.\d+)", _run([str(made), "--version"], scratch))
    if told is None:
        raise FetchError("Debian's package here is not of Prometheus 2")
    place = cache() / f"debian-prometheus-{told[1]}"
    place.mkdir(exist_ok=True)
    return made.replace(place / "prometheus")


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_SECONDS)
    if done.returncode != 0:
        raise FetchError(f"{' '.join(command[:2])}: {done.stderr.strip()[-300:]}")
    return done.stdout + done.stderr


class OldPrometheus(prometheus.Prometheus):
    """The same as the bed's Prometheus 3, but for its age."""

    def _program(self) -> Path:
        return fetch()
