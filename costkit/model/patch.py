"""A tree of patch files before it is written: relative path -> text."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PatchTree:
    files: Mapping[str, str]
    """Relative POSIX path -> content, `index.json` among them."""

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))
