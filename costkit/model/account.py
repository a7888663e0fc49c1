"""What came of reading: which series answered, which were refused, how much of the window was seen.

An account is kept with each day, so that a day that is not read again still says what it lacks.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
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

    @property
    def asked(self) -> frozenset[str]:
        return self.answered | self.absent | self.refused.keys()

    def is_better_than(self, other: "Account") -> bool:
        """Of the same day: fewer half hours were seen by the other, or more was refused."""
        mine, others = (len(one.refused) + len(one.warned) for one in (self, other))
        return len(self.seen) > len(other.seen) or (len(self.seen) == len(other.seen) and mine < others)


def coverage(days: Sequence[Account], window: Window) -> tuple[Coverage, ...]:
    """Rows of what came of all days, none where nothing was asked."""
    if not any(day.asked for day in days):
        return ()
    whole = sum(days, Account())
    series = sorted({name for day in days for name in day.asked})
    return (_gone(whole), *_labels(whole), _share_seen(whole, window), *(_series(name, days) for name in series))


def _gone(whole: Account) -> Coverage:
    gone = {how: n for how, n in whole.joined.items() if how != "owner"}
    joined = ", ".join(f"{n} by {how}" for how, n in sorted(gone.items())) or "none"
    return Coverage("pods that are gone", "ok", f"pod-days joined to workloads: {joined}")


def _labels(whole: Account) -> tuple[Coverage, ...]:
    if not whole.unlabelled_pods:
        return ()
    detail = f"{whole.unlabelled_pods} pod-days of several containers without a container label"
    return (Coverage("container labels", "partial", detail),)


def _share_seen(whole: Account, window: Window) -> Coverage:
    """How much of the window has any sample: a shorter past is said, not taken for idleness."""
    seen = sum(window.start <= at < window.end for at in whole.seen) / 2
    detail = f"samples in {seen:g} of {window.hours:g} hours"
    return Coverage("window", "ok" if seen >= _ENOUGH * window.hours else "partial", detail)


def _series(name: str, days: Sequence[Account]) -> Coverage:
    """What came of one query over the days. Some are about what is not there on every day, such as Jobs."""
    asked = sum(name in day.asked for day in days)
    refused = [day.refused[name] for day in days if name in day.refused]
    warned = [day.warned[name] for day in days if name in day.warned]
    answered = sum(name in day.answered for day in days)
    source = f"series {name}"
    if refused:
        return Coverage(source, "missing", f"{refused[-1]}{_on(len(refused), asked)}")
    if warned:
        return Coverage(source, "partial", f"{warned[-1]}{_on(len(warned), asked)}")
    if not answered:
        return _absent(source, needed=name in _NEEDED)
    gaps = answered < asked and name in _NEEDED
    return Coverage(source, "partial" if gaps else "ok", _on(answered, asked).strip())


def _on(days: int, of: int) -> str:
    return "" if days == of else f" on {days} of {of} days"


def _absent(source: str, *, needed: bool) -> Coverage:
    """Without CPU or memory there is nothing to size by; other series are of things that a cluster may not have."""
    return Coverage(source, "missing" if needed else "absent", "no such series")
