"""The words of one rule's record, the same in the table and on the page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from costkit.model.backtest import Backtest, RuleRecord

HEADER = ("rule", "promised", "realized", "active", "over 10 %", "over use", "reserve/use", "geo", "idle", "weeks")
TITLES = {
    "cpu": "CPU: realized is the share of weeks with use above the request for more than 5 % of the time",
    "memory": "Memory: realized is the share of weeks with any use above the limit",
}
_NAMES = {"costkit": "costkit", "krr": "KRR", "vpa": "VPA", "percentile": "percentile"}
LEGEND = (
    "active: realized without weeks of which the 95th percentile is at the floor; idle: the share of those.",
    "over 10 %: weeks above for more than 10 % of the time. over use: use above the request or limit, of all use.",
    "reserve/use: requests or limits over use. geo: mean of request over a week's 95th percentile, limit over peak.",
)
NO_WEEK = "No week to try a rule on: a series needs 14 days before its first week, and 5 days of that week."
_UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Section:
    """One resource; its rules in the order of the back-test."""

    resource: str
    records: Sequence[RuleRecord]

    @property
    def title(self) -> str:
        return TITLES[self.resource]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        return [cells(record) for record in self.records]


def sections(made: Backtest) -> list[Section]:
    """CPU, then memory; only resources for which there was a week."""
    found = {resource: [r for r in made.rules if r.resource == resource and r.all.weeks] for resource in TITLES}
    return [Section(resource, records) for resource, records in found.items() if records]


def cells(record: RuleRecord) -> tuple[str, ...]:
    """In the order of the header."""
    seen = record.all
    return (
        name(record),
        "none" if record.target is None else f"{100 * record.target:g} %",
        share(seen.violated),
        share(record.active.violated),
        share(seen.violated10),
        share(seen.over_use),
        factor(seen.reserve_over_use),
        factor(seen.geo_reserve),
        share(seen.idle_share),
        str(seen.weeks),
    )


def name(record: RuleRecord) -> str:
    """`costkit`, `KRR`, `VPA`, `p98.5`."""
    return _NAMES[record.rule] if record.p is None else f"p{100 * record.p:g}"


def share(value: float) -> str:
    return f"{100 * value:.1f} %" if math.isfinite(value) else _UNKNOWN


def factor(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else _UNKNOWN
