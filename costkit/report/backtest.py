"""A back-test as JSON: keys may be added, none ever changes its meaning.

Shares are fractions; what no week has shown is null. `active` holds the same figures without the idle weeks.
"""

import math
from collections.abc import Mapping
from typing import Any

from costkit.model.backtest import Backtest, Record, RuleRecord

_DIGITS = 6

Document = Mapping[str, Any]


def to_json(made: Backtest) -> Document:
    """Equal back-tests give equal documents: key order and list order are fixed."""
    return {
        "kind": "Backtest",
        "series": made.series,
        "rules": [_rule(record) for record in made.rules],
        "notes": list(made.notes),
    }


def _rule(record: RuleRecord) -> Document:
    return {
        "rule": record.rule,
        "resource": record.resource,
        "target": record.target,
        "p": record.p,
        **_figures(record.all),
        "active": _figures(record.active),
    }


def _figures(record: Record) -> Document:
    return {
        "weeks": record.weeks,
        "violated": _number(record.violated),
        "violated10": _number(record.violated10),
        "overUse": _number(record.over_use),
        "reserveOverUse": _number(record.reserve_over_use),
        "geoReserve": _number(record.geo_reserve),
        "idleShare": _number(record.idle_share),
    }


def _number(value: float) -> float | None:
    """NaN and infinity are not known, and no JSON."""
    return round(value, _DIGITS) if math.isfinite(value) else None
