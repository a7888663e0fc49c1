"""The frame `usage` -> one profile a container and resource: its days merged.

All containers are reduced together, as arrays: ten thousand of them over two weeks are hundreds of thousands of rows.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from costkit.analyze.hottest import hottest_peaks, hottest_rows
from costkit.analyze.lists import Sketches, half_hours
from costkit.analyze.ordered import KEY, Groups, Places, grouped, numbers
from costkit.analyze.regimes import shifts
from costkit.analyze.starts import start_peaks
from costkit.model.facts import ResourceProfile
from costkit.model.sketch import Sketch
from costkit.model.target import Target
from costkit.model.usage import target_of
from costkit.model.window import HALF_HOURS


def profiles(usage: pa.Table) -> Mapping[tuple[Target, str], ResourceProfile]:
    """(container, resource) -> profile over all days, revisions and node classes of the frame."""
    groups = grouped(usage)
    if not len(groups.places):
        return {}
    keys = usage.select(KEY).take(pa.array(groups.places[groups.firsts[:-1]])).to_pylist()
    columns = {
        "resource": [key["resource"] for key in keys],
        **_sketches(usage, groups),
        **_peaks(usage, groups),
        **_amounts(usage, groups),
        **start_peaks(usage, groups),
        "days": _days(usage, groups),
        "shift": shifts(usage, groups),
    }
    made = (ResourceProfile(**dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True))
    return {(target_of(key), profile.resource): profile for key, profile in zip(keys, made, strict=True)}


def _sketches(usage: pa.Table, groups: Groups) -> dict[str, Iterator[Sketch] | list[float]]:
    hottest = hottest_rows(usage, groups)
    of_hottest = Sketches.of(usage, "hottest_", groups.places[hottest])
    bounds = np.searchsorted(hottest, groups.firsts)
    peaks = hottest_peaks(usage)[groups.places[hottest]]
    return {
        "pooled": _merged(Sketches.of(usage, "", groups.places), groups.firsts),
        "hottest": _merged(of_hottest, bounds),
        "hottest_peak": np.maximum.reduceat(peaks, bounds[:-1]).tolist(),
    }


def _merged(sketches: Sketches, bounds: Places) -> Iterator[Sketch]:
    return (sketches.merged(first, end) for first, end in pairwise(bounds.tolist()))


def _peaks(usage: pa.Table, groups: Groups) -> dict[str, list[Any]]:
    """Of equal peaks the first is told."""
    peaks = numbers(usage, "peak")[groups.places]
    highest = groups.each(np.maximum, peaks)
    at_highest = np.flatnonzero(peaks == np.repeat(highest, np.diff(groups.firsts)))
    tops = groups.places[at_highest[np.searchsorted(at_highest, groups.firsts[:-1])]]
    by_day = groups.each_day(np.maximum, peaks).tolist()
    return {
        "peak": highest.tolist(),
        "peak_at": numbers(usage, "peak_at")[tops].tolist(),
        "peak_pod": usage["peak_pod"].take(pa.array(tops)).to_pylist(),
        "daily_peaks": [tuple(by_day[first:end]) for first, end in pairwise(groups.first_days.tolist())],
    }


def _amounts(usage: pa.Table, groups: Groups) -> dict[str, list[float]]:
    samples = numbers(usage, "samples")[groups.places]
    seen = groups.each(np.add, samples)
    used = groups.each(np.add, numbers(usage, "mean")[groups.places] * samples)
    coverage = np.minimum(1.0, seen / np.maximum(groups.expected, 1))
    return {"mean": (used / seen).tolist(), "coverage": coverage.tolist()}


def _days(usage: pa.Table, groups: Groups) -> list[float]:
    """Days with samples; the first and the last one from and to the half hours that have any."""
    first, last = (half_hour[groups.places] for half_hour in _seen(usage))
    before = groups.each_day(np.minimum, first)[groups.first_days[:-1]]
    after = HALF_HOURS - 1 - groups.each_day(np.maximum, last)[groups.first_days[1:] - 1]
    days: list[float] = (np.diff(groups.first_days) - (before + after) / HALF_HOURS).tolist()
    return days


def _seen(usage: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A row's first and last half hour with samples, in the frame's order."""
    chunks = [~np.isnan(half_hours(chunk)) for chunk in usage["total_means"].chunks]
    seen = np.concatenate([np.empty((0, HALF_HOURS), bool), *chunks])
    return seen.argmax(axis=1), HALF_HOURS - 1 - seen[:, ::-1].argmax(axis=1)
