"""What came of reading: which series answered, which were refused, how much of the window was seen.

An account is kept with each day, so that a day that is not read again still says what it lacks.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from costkit.model.cluster import Coverage
from costkit.model.window import Window

_NEEDED = ("cpu", "memory")
_ENOUGH = 0.9
"""Share of the window from which it counts as seen."""


@dataclass(frozen=True, slots=True)
class Account:
    """Of one shard, one day, or many days: `+` joins them."""

    answered: frozenset[str] = frozenset()
    """Queries that gave any series."""
    absent: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)
    """Query -> why a part of it could not be had, to the last piece."""
    warned: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, int] = field(default_factory=dict)
    """How the workloads of pods were found -> pod-days."""
    unlabelled_pods: int = 0
    """Pod-days whose containers have no label and cannot be split."""
    seen: frozenset[float] = frozenset()
    """Unix seconds at which each half hour with any sample begins."""

    def __add__(self, other: "Account") -> "Account":
        return Account(
            answered=self.answered | other.answered,
            absent=self.absent | other.absent,
            refused={**other.refused, **self.refused},
            warned={**other.warned, **self.warned},
            joined=Counter(self.joined) + Counter(other.joined),
            unlabelled_pods=self.unlabelled_pods + other.unlabelled_pods,
            seen=self.seen | other.seen,
        )

    @property
    def is_whole(self) -> bool:
        """Nothing was refused and nothing partial: reading again would give the same."""
        return not self.refused and not self.warned

    def coverage(self, window: Window) -> tuple[Coverage, ...]:
        """Rows to be told, none where nothing was asked."""
        if not self.answered | self.absent | self.refused.keys():
            return ()
        return (self._gone(), *self._labels(), self._share_seen(window), *self._series())

    def _gone(self) -> Coverage:
        gone = {how: n for how, n in self.joined.items() if how != "owner"}
        joined = ", ".join(f"{n} by {how}" for how, n in sorted(gone.items())) or "none"
        return Coverage("pods that are gone", "ok", f"pod-days joined to workloads: {joined}")

    def _labels(self) -> tuple[Coverage, ...]:
        if not self.unlabelled_pods:
            return ()
        detail = f"{self.unlabelled_pods} pod-days of several containers without a container label"
        return (Coverage("container labels", "partial", detail),)

    def _share_seen(self, window: Window) -> Coverage:
        """How much of the window has any sample: a shorter past is said, not taken for idleness."""
        seen = sum(window.start <= at < window.end for at in self.seen) / 2
        detail = f"samples in {seen:g} of {window.hours:g} hours"
        return Coverage("window", "ok" if seen >= _ENOUGH * window.hours else "partial", detail)

    def _series(self) -> tuple[Coverage, ...]:
        rows = [Coverage(f"series {name}", "missing", text) for name, text in self.refused.items()]
        rows += [Coverage(f"series {n}", "partial", t) for n, t in self.warned.items() if n not in self.refused]
        rows += [_absent(name) for name in self.absent - self.answered - self.refused.keys() - self.warned.keys()]
        seen = self.answered - self.refused.keys() - self.warned.keys()
        rows += [Coverage(f"series {n}", "ok") for n in seen]
        return tuple(sorted(rows, key=lambda row: row.source))


def _absent(name: str) -> Coverage:
    """Without CPU or memory there is nothing to size by; other series are of things that a cluster may not have."""
    return Coverage(f"series {name}", "missing" if name in _NEEDED else "absent", "no such series")
