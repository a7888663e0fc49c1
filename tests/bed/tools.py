"""The bed's programs: a cache goes in, a path for each program comes out. Builds nothing."""

from pathlib import Path

from tests.bed.components import COMPONENTS


class ToolsMissingError(Exception):
    """Something of the bed is not built yet; the message says what to run."""


def tool(name: str) -> Path:
    """The path of a program (`kubectl`) or of a copied folder (`pkg/apis/crds`)."""
    for component in COMPONENTS:
        if name in component.programs or name in component.folders:
            path = component.folder / name
            if path.exists():
                return path
            raise ToolsMissingError(f"{name} is not built, run: make bed")
    raise KeyError(name)


def tools() -> dict[str, Path]:
    """Every program of the bed by its name; all are there."""
    return {name: tool(name) for component in COMPONENTS for name in component.programs}


def missing() -> list[str]:
    """Names of all that is not built."""
    return [name for component in COMPONENTS for name in component.missing()]
