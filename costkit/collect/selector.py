"""Is it the right Prometheus: the user's selector, and the check that it holds this cluster's nodes and no others."""

import re
from collections.abc import Iterable

from costkit.collect.queries import NODE_NAMES, PRESENT, SCRAPE_INTERVAL, fill
from costkit.connect.prometheus import Prometheus, QueryRefusedError
from costkit.errors import MetricsError, UsageError
from costkit.model.window import DAY, HALF_HOUR, STEP, Window

_MATCHER = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")\s*')
_SHARE = 0.9
_SLOW = 75.0
"""Seconds between scrapes above which a rate over 5 minutes has too few points."""
_EARLIER_HOURS = (0, 6, 24)


def matchers(selector: str) -> tuple[str, ...]:
    """The matchers of a PromQL selector such as `cluster="prod",env=~"a|b"`. UsageError if it is none."""
    text = selector.strip().removeprefix("{").removesuffix("}").strip()
    found: list[str] = []
    while text:
        match = _MATCHER.match(text)
        if match is None or (text[match.end() :] and not text[match.end() :].startswith(",")):
            raise UsageError(
                f"--prometheus-selector {selector!r} is not a list of matchers", 'write it as cluster="prod"'
            )
        found.append(f"{match[1]}{match[2]}{match[3]}")
        text = text[match.end() + 1 :].strip()
    return tuple(found)


def check_nodes(prometheus: Prometheus, selector: tuple[str, ...], nodes: Iterable[str], at: float) -> str:
    """One line of what was found; MetricsError where the server holds another cluster's data, or several clusters'."""
    wanted = set(nodes)
    # The API server tells of now: so must Prometheus, if it can. `at` may be of a night with a third of the nodes.
    seen = _nodes_seen(prometheus, selector, None) or _nodes_seen(prometheus, selector, at)
    if not seen:
        raise MetricsError(
            f"Prometheus at {prometheus.url} knows no node" + (" under the selector" if selector else ""),
            "it needs kube-state-metrics and the kubelet's metrics"
            + ("; check --prometheus-selector" if selector else ""),
        )
    here = wanted & seen
    foreign = seen - wanted
    if len(here) < _SHARE * len(wanted):
        raise MetricsError(
            f"Prometheus at {prometheus.url} is another cluster's: it knows {len(here)} of {len(wanted)} nodes",
            'check --context and --prometheus-url, or name the cluster with --prometheus-selector cluster="…"',
        )
    if len(foreign) > (1 - _SHARE) * len(seen):
        raise MetricsError(
            f"Prometheus at {prometheus.url} holds several clusters: {len(foreign)} of {len(seen)} nodes are not this "
            f"cluster's (one is {min(foreign)})",
            'pick this cluster\'s data with --prometheus-selector cluster="…"',
        )
    return f"{len(here)} of {len(wanted)} nodes seen"


def rate_window(prometheus: Prometheus, selector: tuple[str, ...], at: float) -> int:
    """Seconds for rate(): 5 minutes, wider only where scrapes are more than 75 s apart.

    An hour of which a part was not scraped looks like slow scrapes: then earlier ones are asked, too.
    """
    samples = 0.0
    for hours in _EARLIER_HOURS:
        answer = prometheus.instant(fill(SCRAPE_INTERVAL, selector), at - hours * 3600)
        samples = max([samples, *(series.value[1] for series in answer.series if series.value)])
        if samples * _SLOW >= 3600:
            break
    interval = 3600 / samples if samples else 0.0
    return STEP if interval <= _SLOW else max(STEP, int(4 * interval))


def days_with_data(prometheus: Prometheus, selector: tuple[str, ...], parts: list[Window]) -> list[Window]:
    """Of parts of days, those in which Prometheus saw any node; all of them where it cannot tell."""
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    try:
        answer = prometheus.range(fill(PRESENT, selector), start + HALF_HOUR, end, HALF_HOUR)
    except QueryRefusedError:
        return parts
    if answer.warnings:
        return parts  # it may know of more days than it could say
    seen = {(at - HALF_HOUR) // DAY * DAY for series in answer.series for at in series.times.tolist()}
    return [part for part in parts if part.start // DAY * DAY in seen] if seen else parts


def _nodes_seen(prometheus: Prometheus, selector: tuple[str, ...], at: float | None) -> set[str]:
    """Nodes by the first series that names any; `at` None: now."""
    for expression in NODE_NAMES:
        answer = prometheus.instant(fill(expression, selector), at)
        seen = {s.metric.get("exported_node") or s.metric.get("node", "") for s in answer.series} - {""}
        if seen:
            return seen
    return set()
