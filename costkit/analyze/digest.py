"""One day's samples -> the day's rows of the frame `usage` (DESIGN §3, Sketch)."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from costkit.model.samples import Samples, Series
from costkit.model.sketch import build
from costkit.model.target import Target
from costkit.model.usage import frame, subject
from costkit.model.window import HALF_HOURS, STEP, STEPS

_HOTTEST_SAMPLES = 6 * 3600 // STEP
"""A pod counts for the hottest from 6 h of samples on: a canary of 20 minutes must not set a request."""
_START = 600
"""Seconds of a pod's life in which a peak is one of its start."""
_PER_HALF_HOUR = STEPS // HALF_HOURS

Values = NDArray[np.float64]


class _Group(NamedTuple):
    """What makes one row: a container's template revision on one class of nodes."""

    target: Target
    revision: str
    node_class: str


def digest(samples: Samples) -> pa.Table:
    """A row for each container, revision and node class; ordered by them.

    Where pods ran that gave no sample the row has none either, but their hours, and the samples that they should have
    given.
    """
    return frame("usage", _rows(samples))


def _rows(samples: Samples) -> Iterator[dict[str, Any]]:
    groups: dict[_Group, list[int]] = defaultdict(list)
    for place, one in enumerate(samples.series):
        groups[_Group(one.target, one.revision, one.node_class)].append(place)
    for group in sorted(groups):
        places = sorted(groups[group], key=lambda place: samples.series[place].pod)
        series, values = [samples.series[i] for i in places], samples.values[places]
        found = _sampled(samples, series, values) if np.isfinite(values).any() else _unsampled()
        yield {**_group(samples, group), **found, **_lifetimes(samples, series)}


def _group(samples: Samples, group: _Group) -> dict[str, Any]:
    return {
        "day": samples.day,
        **subject(group.target),
        "revision": group.revision,
        "node_class": group.node_class,
        "resource": samples.resource,
    }


def _unsampled() -> dict[str, Any]:
    unknown = np.full(HALF_HOURS, np.nan, np.float32)
    return {
        **dict.fromkeys(("buckets", "counts", "hottest_buckets", "hottest_counts"), ()),
        **dict.fromkeys(("hottest_pod", "peak_pod"), ""),
        **dict.fromkeys(("peak", "peak_at", "start_peak", "mean"), float("nan")),
        **dict.fromkeys(("hottest_means", "hottest_peaks", "total_means", "total_peaks"), unknown),
        "samples": 0,
    }


def _sampled(samples: Samples, series: list[Series], values: Values) -> dict[str, Any]:
    hottest = _hottest(samples.resource, values)
    hot = values if hottest is None else values[[hottest]]
    pooled_sketch, hottest_sketch = build(values, samples.resource), build(hot, samples.resource)
    peak_pod, peak_step = np.unravel_index(int(np.nanargmax(values)), values.shape)
    total = _total(values)
    return {
        "buckets": pooled_sketch.buckets,
        "counts": pooled_sketch.counts,
        "hottest_pod": "" if hottest is None else series[hottest].pod,
        "hottest_buckets": hottest_sketch.buckets,
        "hottest_counts": hottest_sketch.counts,
        "peak": float(values[peak_pod, peak_step]),
        "peak_at": samples.day + (int(peak_step) + 1) * STEP,
        "peak_pod": series[int(peak_pod)].pod,
        "start_peak": _start_peak(samples.day, series, values),
        "mean": float(np.nanmean(values)),
        "hottest_means": _half_hours(hot, np.nanmean),
        "hottest_peaks": _half_hours(hot, np.nanmax),
        "total_means": _half_hours(total, np.nanmean),
        "total_peaks": _half_hours(total, np.nanmax),
        "samples": int(np.isfinite(values).sum()),
    }


def _hottest(resource: str, values: Values) -> int | None:
    """Row of the hottest pod: highest p95 for CPU and GPU, highest peak for memory; None if no pod has 6 h."""
    enough = np.flatnonzero(np.isfinite(values).sum(axis=1) >= _HOTTEST_SAMPLES)
    if not len(enough):
        return None
    candidates = values[enough]
    heat = np.nanmax(candidates, axis=1)
    if resource != "memory":
        heat = np.nanquantile(candidates, 0.95, axis=1, method="inverted_cdf")
    return int(enough[int(np.argmax(heat))])


def _total(values: Values) -> Values:
    """Sum over the pods at each step, as one row; NaN where no pod was seen."""
    unseen = np.isnan(values).all(axis=0)
    return np.where(unseen, np.nan, np.nansum(values, axis=0))[np.newaxis, :]


def _half_hours(values: Values, reduce: Any) -> NDArray[np.float32]:  # noqa: ANN401 - any of numpy's nan-reductions
    """A number for each half hour over all rows; NaN where it has no sample."""
    parts = values.reshape(len(values), HALF_HOURS, _PER_HALF_HOUR).swapaxes(0, 1).reshape(HALF_HOURS, -1)
    seen = np.isfinite(parts).any(axis=1)
    found = np.full(HALF_HOURS, np.nan, np.float32)
    found[seen] = reduce(parts[seen], axis=1)
    return found


def _start_peak(day: float, series: list[Series], values: Values) -> float:
    ends = day + STEP * np.arange(1, STEPS + 1)
    starts = np.array([s.start for s in series])[:, np.newaxis]
    young = (ends > starts) & (ends - STEP < starts + _START) & np.isfinite(values)
    return float(values[young].max()) if young.any() else float("nan")


def _lifetimes(samples: Samples, series: list[Series]) -> dict[str, Any]:
    """Pods, their hours and the samples that these should have given; from starts and ends, not from samples."""
    starts = np.array([max(s.start, samples.day) for s in series])
    ends = np.array([min(s.end, samples.until) for s in series])
    seconds = np.maximum(0.0, ends - starts)
    expected = np.maximum(0, np.floor((ends - samples.day) / STEP) - np.ceil((starts - samples.day) / STEP))
    return {
        "samples_expected": int(expected.sum()),
        "pods": len(series),
        "pod_hours": float(seconds.sum() / 3600),
    }
