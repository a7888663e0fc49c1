"""What Prometheus has for a collection: each part asks a few cheap queries and gives its checks.

One part that fails is one line, and the others go on; a server that does not answer is not asked again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from costkit.collect import queries as q
from costkit.collect.doctor import queries as dq
from costkit.collect.doctor.containers import container_labels
from costkit.collect.doctor.labels import NODE_METRIC, POD_METRIC, label_names, labels
from costkit.collect.doctor.needs import looked_for
from costkit.collect.doctor.part import Loss, ran
from costkit.collect.doctor.series import Series, series
from costkit.collect.doctor.time import Wanted, clock, past, scrapes
from costkit.collect.selector import check_nodes, rate_window
from costkit.collect.spelling import spelling
from costkit.connect.prometheus import Prometheus, QueryRefusedError
from costkit.errors import MetricsError
from costkit.model.checkup import Check
from costkit.model.cluster import Cluster
from costkit.model.listed import Missing, known
from costkit.model.window import Window

_IN_FLIGHT = 2
_MOMENTS = 112
"""Into so many parts a window is cut to see on which of them there were samples."""
_NO_METRICS = Loss("all but the cost of what is requested now: no sizes", ("recommend",))


@dataclass(frozen=True, slots=True)
class About:
    """What the checks are about."""

    selector: tuple[str, ...]
    wanted: Wanted
    cluster: Cluster
    """Its lists are Missing where it could not be read."""
    configured: tuple[q.Query, ...]
    """The user's own signals."""
    now: Callable[[], float]


Part = Callable[["Asked"], Iterable[Check]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One Prometheus and what is asked of it."""

    prometheus: Prometheus
    about: About

    def number(self, expression: str) -> float | None:
        """The value of the only series, None where there is none."""
        return next(iter(self.numbers(expression)), None)

    def numbers(self, expression: str) -> list[float]:
        return [value for _, value in self._instant(expression)]

    def by_label(self, expression: str, label: str) -> dict[str, float]:
        return {labels.get(label, ""): value for labels, value in self._instant(expression)}

    def _instant(self, expression: str) -> list[tuple[Mapping[str, str], float]]:
        answer = self.prometheus.instant(q.fill(expression, self.about.selector), self.about.wanted.at)
        return [(one.metric, one.value[1]) for one in answer.series if one.value]


def reachable(prometheus: Prometheus, window: Window) -> tuple[Check, ...]:
    """One check: whether there is a server to ask the others of."""
    return ran("prometheus", "connection", _NO_METRICS, partial(_answers, prometheus, window))


def metrics_checks(prometheus: Prometheus, about: About) -> tuple[Check, ...]:
    """All others, of a server that is reachable."""
    asked = Asked(prometheus, about)
    with ThreadPoolExecutor(_IN_FLIGHT) as pool:
        parts = [pool.submit(ran, group, name, loss, partial(part, asked)) for group, name, loss, part in _PARTS]
        return tuple(check for one in parts for check in one.result())


def node_prices(prometheus: Prometheus, about: About) -> dict[str, float]:
    """Node -> USD an hour, where a series gives one."""
    (query,) = (query for query in q.NODES if query.name == "node_price")
    try:
        return Asked(prometheus, about).by_label(dq.newest(query.needs, "node"), "node")
    except MetricsError:
        return {}  # prices by a metric are a luxury; that Prometheus fails stands in the other checks


def _answers(prometheus: Prometheus, window: Window) -> Iterator[Check]:
    prometheus.instant(dq.NOW, None)  # what is no Prometheus is told best by its answer to a query
    names = prometheus.names(window.start, window.end)
    yield Check("prometheus", "connection", "ok", f"{prometheus.url} answers, with {len(names)} names of metrics")


def _nodes(asked: Asked) -> Iterator[Check]:
    listed = asked.about.cluster.nodes
    if isinstance(listed, Missing):
        lost = "another cluster's data would not be noticed"
        yield Check("prometheus", "node check", "warn", "not done: the API's nodes could not be read", lost)
        return
    names = [node.name for node in listed]
    line = check_nodes(asked.prometheus, asked.about.selector, names, asked.about.wanted.at)
    yield Check("prometheus", "node check", "ok", line)


def _series(asked: Asked) -> Iterator[Check]:
    counts = _counts(asked)
    seen, gone = asked.number(dq.SEEN), asked.number(dq.GONE)
    share = None if not seen else (gone or 0.0) / seen
    yield from series(Series(counts, share), asked.about.cluster)


def _counts(asked: Asked) -> dict[str, int]:
    """Those that have no series at this moment are looked for on the whole day before."""
    wanted = looked_for()
    try:
        now = asked.by_label(dq.series_of(wanted), "__name__")
    except QueryRefusedError:  # some servers want one name a query
        now = {name: count for name in sorted(wanted) if (count := asked.number(dq.series_now(name)))}
    rest = {name: asked.number(dq.series_of_the_day(name)) or 0.0 for name in sorted(wanted - now.keys())}
    return {name: int(count) for name, count in {**rest, **now}.items()}


def _scrapes(asked: Asked) -> Iterator[Check]:
    samples = max(asked.numbers(q.SCRAPE_INTERVAL), default=0.0)
    rate = rate_window(asked.prometheus, asked.about.selector, asked.about.wanted.at)
    yield scrapes(3600 / samples if samples else 0.0, rate)


def _past(asked: Asked) -> Iterator[Check]:
    wanted = asked.about.wanted
    step = (wanted.at - wanted.window.start) // _MOMENTS
    expression = q.fill(dq.CONTAINERS, asked.about.selector)
    # Each moment stands at the end of its part: the part's beginning may lie before the first sample.
    answer = asked.prometheus.range(expression, wanted.window.start + step, wanted.at, step)
    moments = [float(time) for one in answer.series for time in one.times]
    yield past([moment - step for moment in moments], step, wanted)
    if answer.warnings:
        lost = "what the server left out: its data is partial"
        yield Check("history", "warnings", "warn", "; ".join(answer.warnings), lost, "see to the stores behind it")


def _labels(asked: Asked) -> Iterator[Check]:
    carried = {
        metric: asked.by_label(dq.series_with_labels(metric, label_names(metric)), "carries")
        for metric in (POD_METRIC, NODE_METRIC)
    }
    yield from labels(carried, asked.about.cluster)


def _writing(asked: Asked) -> Iterator[Check]:
    """As a run finds out by which names it must ask."""
    window = asked.about.wanted.window
    names = asked.prometheus.names(window.start, window.end)
    row = spelling(asked.prometheus, asked.about.selector, names, window).coverage()
    if row.status == "ok":
        yield Check("labels", row.source, "ok", row.detail)
    else:
        lost = "series that write their labels in another way (exported_pod, pod_name)"
        yield Check("labels", row.source, "warn", row.detail, lost, "-v shows the query that was refused")


def _clock(asked: Asked) -> Iterator[Check]:
    before = asked.about.now()
    answer = asked.prometheus.instant(dq.NOW, None)
    told = next((one.value[1] for one in answer.series if one.value), None)
    yield clock("Prometheus", told, (before + asked.about.now()) / 2)


def _container_labels(asked: Asked) -> Iterator[Check]:
    labelled, whole = asked.number(dq.PODS_LABELLED), asked.number(dq.PODS_WHOLE)
    yield container_labels(int(labelled or 0), int(whole or 0), known(asked.about.cluster.pods))


def _configured(asked: Asked) -> Iterator[Check]:
    for query in asked.about.configured:
        count = asked.number(f"count({query.expression})")
        flag = f"--{query.name.replace('_', '-')}-query"
        if count:
            yield Check("signals", query.name, "ok", f"{count:.0f} pods")
        else:
            fix = f"try what {flag} says in Prometheus; it must keep the labels namespace and pod"
            yield Check("signals", query.name, "warn", "gives nothing", f"the signal of {flag}", fix)


_PARTS: tuple[tuple[str, str, Loss, Part], ...] = (
    ("prometheus", "node check", _NO_METRICS, _nodes),
    ("series", "all", Loss("the check of what is there"), _series),
    ("scrape interval", "cAdvisor", Loss("the check of how fine CPU is seen"), _scrapes),
    ("history", "window", Loss("the check of how far back is seen"), _past),
    ("labels", "all", Loss("the check of which labels are there"), _labels),
    ("labels", "names and labels", Loss("the check of how names and labels are written"), _writing),
    ("container labels", "cAdvisor", Loss("the check of which containers are told apart"), _container_labels),
    ("signals", "own", Loss("the signals of your own queries"), _configured),
    ("clock", "Prometheus", Loss("the check of its clock"), _clock),
)
