"""The shipped score table: how far real weeks went beyond the rule's base, as quantiles of sets of real usage."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ScoreSet:
    """Quantiles of one set's scores, ascending; -inf where a week was idle."""

    name: str
    source: str
    """Where the usage comes from, and its licence."""
    cpu: tuple[NDArray[np.float64], ...] = ()
    """One for each band of targets (recommend.rightsize.promise)."""
    memory: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def scores(self, resource: str, band: int) -> NDArray[np.float64]:
        """Empty where the set has none of the resource."""
        if resource == "memory":
            return self.memory
        return self.cpu[band] if self.cpu else np.empty(0)


@dataclass(frozen=True, slots=True)
class ScoreTable:
    sets: tuple[ScoreSet, ...] = ()

    def without(self, names: tuple[str, ...]) -> "ScoreTable":
        return ScoreTable(tuple(one for one in self.sets if one.name not in names))
