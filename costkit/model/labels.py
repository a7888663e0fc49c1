"""Cost labels: who pays. One team stays one team, however its label is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

DEFAULT_KEYS = ("team", "env", "cost-center")
UNLABELLED = "(unlabelled)"
IDLE = "(idle)"
"""The row of what nobody claims, beside the values of a label."""

_ALIASES = {
    "team": ("team", "owner-team", "app.kubernetes.io/team"),
    "env": ("env", "environment", "stage"),
    "cost-center": ("cost-center", "costcenter"),
}


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Case and the separators `_`, `.` and `-` do not tell keys or values apart; camelCase is taken as two words."""
    words = "".join(f"-{c}" if c.isupper() and p.islower() else c for p, c in zip(" " + text, text, strict=False))
    return words.lower().replace("_", "-").replace(".", "-").strip()


def find(key: str, sources: Iterable[Mapping[str, str]]) -> str | None:
    """The value of a cost label in the first of `sources` (pod, then workload, then namespace) that has it.

    Of several spellings in one source the label's own name comes before its aliases.
    """
    names = [fold(alias) for alias in _ALIASES.get(key, (key,))]
    for labels in sources:
        told = [(names.index(fold(name)), name) for name in labels if fold(name) in names and labels[name].strip()]
        if told:
            return labels[min(told)[1]].strip()
    return None


@dataclass(frozen=True, slots=True)
class CostLabels:
    """Cost labels of each workload, with the spellings of one value made one."""

    keys: tuple[str, ...]
    spellings: Mapping[str, str]
    """Folded value -> the spelling shown: the most frequent one, then the first in order."""

    @classmethod
    def seen(cls, keys: tuple[str, ...], values: Iterable[str]) -> "CostLabels":
        counts: dict[str, dict[str, int]] = {}
        for value in values:
            spellings = counts.setdefault(fold(value), {})
            spellings[value] = spellings.get(value, 0) + 1
        shown = {folded: min(s, key=lambda v: (-s[v], v)) for folded, s in counts.items()}
        return cls(keys=keys, spellings=shown)

    def of(self, sources: Iterable[Mapping[str, str]]) -> dict[str, str]:
        """Key -> value, `(unlabelled)` where none of the sources has one."""
        kept = tuple(sources)
        values = {key: find(key, kept) for key in self.keys}
        return {k: UNLABELLED if v is None else self.spellings.get(fold(v), v) for k, v in values.items()}
