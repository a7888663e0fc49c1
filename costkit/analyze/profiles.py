"""The frame `usage` -> one profile a container and resource: its days merged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from costkit.model.facts import ResourceProfile
from costkit.model.sketch import Sketch, merge, percentile
from costkit.model.target import Target
from costkit.model.window import HALF_HOURS

_KEY = ["namespace", "kind", "name", "container", "api_version", "resource"]
_ORDER = ["day", "revision", "node_class"]
_NUMBERS = [*_ORDER, "peak", "peak_at", "peak_pod", "mean", "samples", "samples_expected", "hottest_pod"]


@dataclass(frozen=True, slots=True)
class _Lists:
    """A list column as flat numbers with the offsets of its rows."""

    numbers: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def row(self, place: int) -> NDArray[np.int64]:
        return self.numbers[self.offsets[place] : self.offsets[place + 1]]


class _Row(NamedTuple):
    place: int
    """In the frame."""
    day: float
    pod: str
    """The hottest, empty where none has 6 h."""
    peak: float
    """The hottest pod's."""


_ListPair = tuple[_Lists, _Lists]
"""Buckets and counts."""


def profiles(usage: pa.Table) -> Mapping[tuple[Target, str], ResourceProfile]:
    """(container, resource) -> profile over all days, revisions and node classes of the frame."""
    table = usage.combine_chunks()
    rows = table.select(_KEY + _NUMBERS).to_pandas()
    rows["hottest_peak"] = _hottest_peaks(table, rows)
    rows["first"], rows["last"] = _seen(table)
    rows = rows.sort_values(_KEY + _ORDER).rename_axis("place").reset_index()
    pooled = _lists(table, "buckets"), _lists(table, "counts")
    hottest = _lists(table, "hottest_buckets"), _lists(table, "hottest_counts")
    found = {}
    for key, places in rows.groupby(_KEY, sort=True).indices.items():
        namespace, kind, name, container, api_version, resource = (str(part) for part in key)
        part = rows.take(places)
        hot = list(_hottest_rows(resource, part, hottest))
        sketches = _merged(pooled, part["place"]), _merged(hottest, [row.place for row in hot])
        profile = _profile(resource, part, sketches, max(row.peak for row in hot))
        found[(Target(namespace, kind, name, container, api_version), resource)] = profile
    return found


def _hottest_rows(resource: str, part: pd.DataFrame, hottest: _ListPair) -> Iterator[_Row]:
    """Each day's row with the hottest pod; all of a day's rows where no pod of any has 6 h.

    A day has several rows where pods of several revisions or node classes ran: a canary of minutes must not count
    beside a pod that ran for hours.
    """
    by_day: dict[float, list[_Row]] = defaultdict(list)
    for row in map(_Row, part["place"], part["day"], part["hottest_pod"], part["hottest_peak"]):
        by_day[row.day].append(row)
    for rows in by_day.values():
        long = [row for row in rows if row.pod]
        yield from [max(long, key=lambda row: _heat(resource, row, hottest))] if len(long) > 1 else long or rows


def _heat(resource: str, row: _Row, hottest: _ListPair) -> float:
    """As analyze.digest has it: the peak for memory, else the 95th percentile."""
    if resource == "memory":
        return row.peak
    return percentile(_sketch(hottest, row.place), 0.95, row.peak, resource)


def _profile(
    resource: str, part: pd.DataFrame, sketches: tuple[Sketch, Sketch], hottest_peak: float
) -> ResourceProfile:
    numbers = {name: part[name].to_numpy() for name in ("day", "peak", "mean", "samples", "samples_expected")}
    top = part.iloc[int(numbers["peak"].argmax())]
    seen, expected = int(numbers["samples"].sum()), int(numbers["samples_expected"].sum())
    _, first_rows = np.unique(numbers["day"], return_index=True)
    return ResourceProfile(
        resource=resource,
        pooled=sketches[0],
        hottest=sketches[1],
        peak=float(top["peak"]),
        peak_at=float(top["peak_at"]),
        peak_pod=str(top["peak_pod"]),
        hottest_peak=hottest_peak,
        mean=float(np.average(numbers["mean"], weights=numbers["samples"])),
        days=_days(part),
        coverage=min(1.0, seen / expected) if expected else 1.0,
        daily_peaks=tuple(np.maximum.reduceat(numbers["peak"], first_rows).tolist()),
    )


def _days(part: pd.DataFrame) -> float:
    """Days with samples; the first and the last one from and to the half hours that have any."""
    days, first, last = (part[column].to_numpy() for column in ("day", "first", "last"))
    before = first[days == days[0]].min()
    after = HALF_HOURS - 1 - last[days == days[-1]].max()
    return float(len(np.unique(days)) - (before + after) / HALF_HOURS)


def _hottest_peaks(table: pa.Table, rows: pd.DataFrame) -> NDArray[np.float64]:
    """A row's highest half hour of its hottest pod; the exact peak where that is this pod's, too."""
    peaks = _half_hours(table, "hottest_peaks")
    tops = np.nanmax(peaks, axis=1) if len(peaks) else np.empty(0)
    exact = (rows["hottest_pod"] == "") | (rows["hottest_pod"] == rows["peak_pod"])
    return np.where(exact, rows["peak"], tops)


def _seen(table: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A row's first and last half hour with samples."""
    seen = ~np.isnan(_half_hours(table, "total_means"))
    return seen.argmax(axis=1), HALF_HOURS - 1 - seen[:, ::-1].argmax(axis=1)


def _half_hours(table: pa.Table, name: str) -> NDArray[np.float32]:
    column = table.column(name)
    flat = np.asarray(column.chunk(0).flatten()) if column.num_chunks else np.empty(0, np.float32)
    return flat.reshape(-1, HALF_HOURS)


def _lists(table: pa.Table, name: str) -> _Lists:
    column = table.column(name)
    array = column.chunk(0) if column.num_chunks else pa.array([], column.type)
    return _Lists(np.asarray(array.flatten()), np.asarray(array.offsets) - (array.offsets[0].as_py() or 0))


def _sketch(lists: _ListPair, place: int) -> Sketch:
    buckets, counts = lists
    return Sketch(buckets.row(place).astype(np.int32), counts.row(place))


def _merged(lists: _ListPair, places: Iterable[int]) -> Sketch:
    return merge([_sketch(lists, place) for place in places])
