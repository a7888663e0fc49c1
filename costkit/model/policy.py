"""The rules that a user may change, as rules/*.yaml gives them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal

from costkit.model.labels import fold
from costkit.model.quantities import GIBIBYTE, MEBIBYTE
from costkit.model.scores import ScoreTable
from costkit.model.target import Target

LimitRule = Literal["keep-ratio", "keep", "equal", "none"]
Method = Literal["risk", "percentile"]

Grid = tuple[tuple[float, float], ...]
"""(below, step): a value below `below` is a multiple of `step`; the last step serves all above."""

_INFINITY = float("inf")
CPU_GRID: Grid = ((0.1, 0.001), (0.5, 0.005), (1.0, 0.01), (4.0, 0.025), (_INFINITY, 0.1))
MEMORY_GRID: Grid = (
    (512 * MEBIBYTE, 16 * MEBIBYTE),
    (2 * GIBIBYTE, 64 * MEBIBYTE),
    (8 * GIBIBYTE, 256 * MEBIBYTE),
    (_INFINITY, GIBIBYTE),
)


@dataclass(frozen=True, slots=True)
class ResourceRule:
    """How one resource is sized. Shares are fractions; sizes cores or bytes."""

    target: float
    """The risk: share of container-weeks in which CPU is above its request for more than 5 % of the time, or memory's
    peak passes its limit. Of method `risk`."""
    percentile: float
    """Of the hottest pod; 1.0 is the peak of the window. Of method `percentile`, and of memory's request by both."""
    margin: float
    floor: float
    limit: LimitRule
    limit_over_peak: float
    """A limit that is recommended is at least the peak times this."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which workloads a class is for: all that is given must hold; globs in namespaces."""

    namespaces: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, target: Target, labels: Mapping[str, str]) -> bool:
        return (
            (not self.namespaces or any(glob_matches(g, target.namespace) for g in self.namespaces))
            and (not self.kinds or target.kind in self.kinds)
            and all(fold(labels.get(k, "")) in {fold(v) for v in vs} for k, vs in self.labels.items())
        )


@dataclass(frozen=True, slots=True)
class RightsizeClass:
    name: str
    method: Method
    cpu: ResourceRule
    memory: ResourceRule
    minimum_change: float
    """Share of the request below which a change is not worth a restart."""
    minimum_days: float
    """Days with samples below which nothing is cut."""
    minimum_coverage: float
    """Share of the expected samples below which nothing is cut."""
    match: Match = Match()
    most_off: float = 1.0
    """Share of a request that one recommendation takes off at the most."""
    hysteresis: float = 0.0
    """Share of the last run's size within which a new one is the same as it."""


@dataclass(frozen=True, slots=True)
class RightsizePolicy:
    """Classes in the order in which they are tried; the last one matches all."""

    classes: tuple[RightsizeClass, ...]
    source: str
    """File that they come from, for people."""
    cpu_grid: Grid = CPU_GRID
    memory_grid: Grid = MEMORY_GRID
    skip_namespaces: tuple[str, ...] = ()

    def class_of(self, target: Target, labels: Mapping[str, str]) -> RightsizeClass:
        return next(c for c in self.classes if c.match.holds(target, labels))


@dataclass(frozen=True, slots=True)
class Policies:
    rightsize: RightsizePolicy
    scores: ScoreTable = field(default_factory=ScoreTable)
    """What is known of other fleets, where one is small or young."""

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits of all that they say, wherever it was read from."""
        return sha256(repr(replace(self.rightsize, source="")).encode()).hexdigest()[:12]


def glob_matches(glob: str, text: str) -> bool:
    """Whether `text` matches a glob in which `*` stands for any run of characters."""
    head, *rest = glob.split("*")
    if not rest:
        return glob == text
    if not text.startswith(head):
        return False
    place = len(head)
    for part in rest[:-1]:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return text[place:].endswith(rest[-1])
