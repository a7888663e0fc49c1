"""What a query is, and how it is filled in. No metric is named here.

`$S`, `$T`: a shard's and the cluster's matchers, behind others and alone; `$s`: the same, behind others, where series
write labels by other names; `$W`: the rate window; `$D`: how much of the day a query that is read once looks back on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from costkit.model.window import DAY, HALF_HOUR, STEP

Reading = Literal["steps", "half-hours", "hours", "before", "day"]
"""Every 5 minutes, every 30, every hour; or once: at the day's beginning, at its end."""

_SECONDS: dict[Reading, int] = {"steps": STEP, "half-hours": HALF_HOUR, "hours": 3600, "before": 0, "day": 0}
CONTAINER = ("namespace", "pod", "container")
_PLACE = re.compile(r"\$[STsWD]")
_LABEL = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Query:
    """One expression; `needs` is the metric without which it has no answer, `labels` tell its series apart."""

    name: str
    needs: str
    expression: str
    labels: tuple[str, ...]
    reading: Reading
    older: "Query | None" = None
    """The same by the names of before kube-state-metrics 2; a server may have both."""
    lesser: "Query | None" = None
    """Nearly the same, for a server that has neither."""
    parts: tuple[str, ...] = ()
    """Labels of what is counted together into one answer; a part that is told in two ways counts once."""
    together: str = ""
    """How they are: `sum by (…)`."""
    renamed: tuple[tuple[str, str], ...] = ()
    """(label, what series call it) of the matchers at `$s`."""

    @property
    def step(self) -> int:
        return _SECONDS[self.reading]


@dataclass(frozen=True, slots=True)
class Family:
    """Series that one exporter writes alike, so that a look at some of them tells of all."""

    name: str
    prefixes: tuple[str, ...]
    asked: tuple[str, ...]
    """Metrics that are looked at; together they have all labels of `writings`."""
    told_by: str
    """The label that all of them have."""
    writings: tuple[tuple[str, str], ...]
    """(label, another name for it); of two names for one label the first that is found counts."""
    may_mix: bool = True
    """False: where the other names are found, series without them are the exporter's own."""


def steps(name: str, needs: str, expression: str, labels: tuple[str, ...] = CONTAINER) -> Query:
    return Query(name, needs, highest(expression, labels), labels, "steps")


def half_hours(name: str, needs: str, expression: str, labels: tuple[str, ...] = CONTAINER) -> Query:
    return Query(name, needs, highest(expression, labels), labels, "half-hours")


def last(name: str, needs: str, *labels: str) -> Query:
    """What was said last, the object may be gone."""
    return Query(name, needs, highest(f"last_over_time({needs}{{$T}}[$D])", labels), labels, "day")


def before(name: str, needs: str, expression: str, labels: tuple[str, ...]) -> Query:
    return Query(name, needs, expression, labels, "before")


def seen(name: str, needs: str, labels: tuple[str, ...], series: str = "") -> Query:
    """When there was a series last; unix seconds."""
    told = series or f"{needs}{{$T}}"
    return Query(name, needs, highest(f"max_over_time(timestamp({told})[$D:5m])", labels), labels, "day")


def of_object(name: str, metric: str, label: str) -> Query:
    return half_hours(name, metric, f"{metric}{{$T}}", ("namespace", label))


def highest(expression: str, labels: tuple[str, ...]) -> str:
    return f"max by ({','.join(labels)}) ({expression})"


def bind(query: Query, matchers: tuple[str, ...], rate_window: int, seconds: float = DAY) -> str:
    """The expression with the shard's and the cluster's matchers in every selector; `seconds` are looked back on."""
    names = dict(query.renamed)
    own = ",".join(_renamed(matcher, names) for matcher in matchers)
    expression = f"{query.together} ({query.expression})" if query.together else query.expression
    return _filled(expression, matchers, rate_window, {"$s": f",{own}" if own else "", "$D": f"{seconds:.0f}s"})


def fill(expression: str, matchers: tuple[str, ...], rate_window: int = STEP) -> str:
    return _filled(expression, matchers, rate_window, {})


def quote(value: str) -> str:
    """A label value as a PromQL string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _filled(expression: str, matchers: tuple[str, ...], rate_window: int, more: Mapping[str, str]) -> str:
    """All at once: what is filled in may itself hold a dollar sign."""
    joined = ",".join(matchers)
    values = {"$S": f",{joined}" if joined else "", "$T": joined, "$W": f"{rate_window}s", **more}
    return _PLACE.sub(lambda place: values.get(place[0], place[0]), expression)


def _renamed(matcher: str, names: Mapping[str, str]) -> str:
    return _LABEL.sub(lambda label: names.get(label[0], label[0]), matcher, count=1)
