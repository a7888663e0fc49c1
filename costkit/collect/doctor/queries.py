"""PromQL that only the doctor asks. Metric names come from `queries`; every expression is one cheap instant.

`$S` and `$T` are the cluster's matchers, as in `queries`.
"""

from collections.abc import Iterable

from costkit.collect.queries import CPU, MEMORY

_LABELLED = '{container!="",container!="POD"$S}'
_WHOLE = '{container="",pod!=""$S}'
_ABOUT_GONE = f"count_over_time({CPU.needs}{_LABELLED}[1d:1h])"

NOW = "vector(time())"
"""The server's clock, unix seconds."""

GONE = f"sum(sum by (namespace,pod) ({_ABOUT_GONE}) unless sum by (namespace,pod) ({CPU.needs}{_LABELLED}))"
"""Hourly samples of the last day that are of pods which are gone."""

SEEN = f"sum({_ABOUT_GONE})"
"""Hourly samples of the last day."""

CONTAINERS = f"count({CPU.needs}{_LABELLED})"

PODS_LABELLED = f"count(count by (namespace,pod) ({MEMORY.needs}{_LABELLED}))"
PODS_WHOLE = (
    f"count(count by (namespace,pod) ({MEMORY.needs}{_WHOLE}) "
    f"unless count by (namespace,pod) ({MEMORY.needs}{_LABELLED}))"
)
"""Pods with series for the pod as a whole alone."""


def series_of(metrics: Iterable[str]) -> str:
    """How many series each of these metrics has now, by its name."""
    return f'count by (__name__) ({{__name__=~"{"|".join(sorted(metrics))}"$S}})'


def series_now(metric: str) -> str:
    return f"count({metric}{{$T}})"


def series_of_the_day(metric: str) -> str:
    """Looked at every ten minutes: what lived for less may be missed, but the day is read lightly."""
    return f"count(max_over_time({metric}{{$T}}[1d:10m]))"


def series_with_labels(metric: str, labels: Iterable[str]) -> str:
    """How many series of a metric carry each label; the answer has the label's name as `carries`."""
    counts = (f'label_replace(count({metric}{{{label}!=""$S}}),"carries","{label}","","")' for label in labels)
    return " or ".join(counts)


def newest(metric: str, label: str) -> str:
    """The metric's value now, by one label."""
    return f"max by ({label}) ({metric}{{$T}})"
