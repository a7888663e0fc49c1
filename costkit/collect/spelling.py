"""How a server's series write names and labels, looked at once a run, and queries said in that way.

A kube-state-metrics that is scraped without honor_labels has its own pod in `pod` and `namespace`, and what it tells
of in `exported_pod` and `exported_namespace`: read as they stand, all pods of the cluster would be that one. cAdvisor
said `pod_name` and `container_name` before Kubernetes 1.16. One server may hold several ways beside each other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from costkit.collect.queries import EVERY, FAMILIES, Query
from costkit.collect.query import Family, fill, highest
from costkit.connect.prometheus import Prometheus, QueryRefusedError
from costkit.model.cluster import Coverage
from costkit.model.window import DAY, Window

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[a-zA-Z_:][a-zA-Z0-9_:]*')
"""A string or a name of PromQL's: what stands in strings is no label."""
_PLACE = re.compile(r"\$[ST]")
_MOMENTS = 4
"""At about so many whole days before the window's end it is looked, however long it is."""
_TOLD = "told"
_USUAL = "usual"


@dataclass(frozen=True, slots=True)
class Writing:
    """Other names that series of one family have for labels, and whether some have the usual ones."""

    names: Mapping[str, str]
    """Label -> what series call it."""
    beside_usual: bool = False

    @property
    def mark(self) -> str:
        """The label that only series with the other names have."""
        return next(iter(self.names.values()))


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a server has. `of` says a query in its words; the labels of the answers are the query's own."""

    metrics: frozenset[str]
    writings: Mapping[str, Writing] = field(default_factory=dict)
    """By the family's name; a family that is not here writes as is usual."""
    unknown: tuple[str, ...] = ()
    """Families that could not be looked at."""

    def has(self, query: Query) -> bool:
        """Whether there is any series that could answer."""
        return not query.needs or bool(self._ways(query))

    def of(self, query: Query) -> Query:
        ways = self._ways(query)
        said = _either(ways) if ways else query
        writing = self.writings.get(_family(said.needs))
        return said if writing is None else _written(said, writing)

    def coverage(self) -> Coverage:
        """Which names and labels were read."""
        found = [_in_words(name, writing) for name, writing in sorted(self.writings.items())]
        found += [f"{how} {', '.join(sorted(names))}" for how, names in self._older().items() if names]
        found += [f"{name}: labels could not be looked at" for name in self.unknown]
        detail = "; ".join(found) or "as cAdvisor and kube-state-metrics 2 write them"
        return Coverage("names and labels", "partial" if self.unknown else "ok", detail)

    def _older(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {"older names:": set(), "older names, too:": set()}
        for query in EVERY:
            others = {one.needs for one in self._ways(query)} - {query.needs}
            found["older names, too:" if query.needs in self.metrics else "older names:"] |= others
        return found

    def _ways(self, query: Query) -> list[Query]:
        ways = [one for one in (query, query.older) if one is not None and one.needs in self.metrics]
        return ways or [one for one in (query.lesser,) if one is not None and one.needs in self.metrics]


def spelling(prometheus: Prometheus, selector: tuple[str, ...], metrics: frozenset[str], window: Window) -> Spelling:
    """One query a family, and one more where other names are found. `metrics`: all names that the server has."""
    writings: dict[str, Writing] = {}
    unknown: list[str] = []
    for family in FAMILIES:
        look = _Look(prometheus, selector, [metric for metric in family.asked if metric in metrics], window)
        try:
            writing = _writing(family, look)
        except QueryRefusedError:
            unknown.append(family.name)
            continue
        if writing is not None:
            writings[family.name] = writing
    return Spelling(metrics, writings, tuple(unknown))


def _writing(family: Family, look: "_Look") -> Writing | None:
    others = [other for _, other in family.writings]
    told = look.for_any({other: f'{other}!=""' for other in others})
    names: dict[str, str] = {}
    for label, other in family.writings:
        if other in told:
            names.setdefault(label, other)
    if not names:
        return None
    usual = ",".join([f'{family.told_by}!=""', *(f'{other}=""' for other in others)])
    return Writing(names, family.may_mix and bool(look.for_any({_USUAL: usual})))


@dataclass(frozen=True, slots=True)
class _Look:
    """Asks whether there are series, at the window's end and at whole days before it."""

    prometheus: Prometheus
    selector: tuple[str, ...]
    metrics: list[str]
    window: Window

    def for_any(self, wanted: Mapping[str, str]) -> set[str]:
        """Those names whose matchers any series satisfies."""
        if not self.metrics:
            return set()
        question = " or ".join(self._one(matchers, name) for name, matchers in wanted.items())
        days = int((self.window.end - self.window.start) // DAY)
        step = max(1, days // _MOMENTS) * DAY
        start = self.window.end - days * DAY // step * step
        answer = self.prometheus.range(fill(question, self.selector), start, self.window.end, step)
        return {series.metric.get(_TOLD, "") for series in answer.series}

    def _one(self, matchers: str, name: str) -> str:
        series = " or ".join(f"{metric}{{{matchers}$S}}" for metric in self.metrics)
        return f'label_replace(count({series}), "{_TOLD}", "{name}", "", "")'


def _either(ways: list[Query]) -> Query:
    if len(ways) == 1:
        return ways[0]
    expression = highest(" or ".join(f"({one.expression})" for one in ways), _told_apart_by(ways[0]))
    return replace(ways[0], expression=expression)


def _told_apart_by(query: Query) -> tuple[str, ...]:
    return query.parts or query.labels


def _family(metric: str) -> str:
    return next((f.name for f in FAMILIES if metric.startswith(f.prefixes)), "")


def _written(query: Query, writing: Writing) -> Query:
    """The query by other names of labels; its own where series with those stand beside."""
    said = _WORD.sub(lambda word: writing.names.get(word[0], word[0]), query.expression)
    if said == query.expression:
        return query
    parts = [_back(_narrowed(said, f'{writing.mark}!=""', "$s"), query, writing)]
    if writing.beside_usual:
        usual = _narrowed(query.expression, f'{writing.mark}=""', "$S")
        parts.append(f"({usual})")
    expression = highest(" or ".join(parts), _told_apart_by(query))
    return replace(query, expression=expression, renamed=tuple(writing.names.items()))


def _narrowed(expression: str, matcher: str, place: str) -> str:
    """With one more matcher in every selector."""
    return _PLACE.sub(lambda found: ("," if found[0] == "$S" else "") + matcher + place, expression)


def _back(expression: str, query: Query, writing: Writing) -> str:
    """Answers have the query's labels again."""
    for label, other in writing.names.items():
        if label in _told_apart_by(query):
            expression = f'label_replace({expression}, "{label}", "$1", "{other}", "(.*)")'
    return expression


def _in_words(family: str, writing: Writing) -> str:
    beside = " beside the usual ones" if writing.beside_usual else ""
    return f"{family}: {', '.join(writing.names.values())}{beside}"
