"""How rules would have done on weeks that they had not seen."""

from dataclasses import dataclass
from typing import Literal

Rule = Literal["costkit", "krr", "vpa", "percentile"]


@dataclass(frozen=True, slots=True)
class Record:
    """Over a number of container-weeks; shares are fractions, NaN where there was no week."""

    weeks: int
    violated: float
    """Share of the weeks with more than 5 % of the samples above the request; memory: any above the limit."""
    violated10: float
    """The same with 10 %."""
    over_use: float
    """Sum of use above the request over the sum of use."""
    reserve_over_use: float
    """Sum of requests over the sum of use."""
    geo_reserve: float
    """Geometric mean of request over the week's 95th percentile; memory: limit over the week's peak."""
    idle_share: float
    """Share of the weeks whose 95th percentile is at the floor."""


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """One rule for one resource: of all weeks, and of those that were not idle."""

    rule: Rule
    resource: str
    target: float | None
    """The share of weeks that it promises; None for rules that promise none."""
    p: float | None
    """The percentile that it takes (0..1); None for rules that take none."""
    all: Record
    active: Record


@dataclass(frozen=True, slots=True)
class Week:
    """What one rule gave one series for one week."""

    series_id: str
    week: float
    """Unix seconds of its start."""
    rule: Rule
    resource: str
    target: float | None
    p: float | None
    request: float
    """Cores; memory: the limit in bytes."""


@dataclass(frozen=True, slots=True)
class Backtest:
    series: int
    rules: tuple[RuleRecord, ...]
    weeks: tuple[Week, ...]
    notes: tuple[str, ...] = ()
    """What a reader must know of the data: series left out, and why."""
