"""The frame `usage` -> one profile a container and resource: its days merged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from costkit.model.facts import ResourceProfile
from costkit.model.sketch import Sketch, merge
from costkit.model.target import Target
from costkit.model.window import HALF_HOURS

_KEY = ["namespace", "kind", "name", "container", "api_version", "resource"]
_NUMBERS = ["day", "peak", "peak_at", "peak_pod", "mean", "samples", "samples_expected", "hottest_pod"]


@dataclass(frozen=True, slots=True)
class _Lists:
    """A list column as flat numbers with the offsets of its rows."""

    numbers: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def row(self, place: int) -> NDArray[np.int64]:
        return self.numbers[self.offsets[place] : self.offsets[place + 1]]


def profiles(usage: pa.Table) -> Mapping[tuple[Target, str], ResourceProfile]:
    """(container, resource) -> profile over all days, revisions and node classes of the frame."""
    table = usage.combine_chunks()
    keys = table.select(_KEY + _NUMBERS).to_pandas()
    pooled = _lists(table, "buckets"), _lists(table, "counts")
    hottest = _lists(table, "hottest_buckets"), _lists(table, "hottest_counts")
    tops = _hottest_peaks(table)
    found = {}
    for key, rows in keys.groupby(_KEY, sort=True).indices.items():
        namespace, kind, name, container, api_version, resource = (str(part) for part in key)
        sketches = merge(list(_sketches(*pooled, rows))), merge(list(_sketches(*hottest, rows)))
        profile = _profile(resource, keys.take(rows), sketches, float(np.nanmax(tops[rows])))
        found[(Target(namespace, kind, name, container, api_version), resource)] = profile
    return found


def _profile(
    resource: str, part: pd.DataFrame, sketches: tuple[Sketch, Sketch], hottest_peak: float
) -> ResourceProfile:
    top = part.iloc[int(part["peak"].to_numpy().argmax())]
    expected = int(part["samples_expected"].sum())
    seen = int(part["samples"].sum())
    daily = part.groupby("day", sort=True)["peak"].max()
    return ResourceProfile(
        resource=resource,
        pooled=sketches[0],
        hottest=sketches[1],
        peak=float(top["peak"]),
        peak_at=float(top["peak_at"]),
        peak_pod=str(top["peak_pod"]),
        hottest_peak=hottest_peak,
        mean=float(np.average(part["mean"], weights=part["samples"])),
        days=float(len(daily)),
        coverage=min(1.0, seen / expected) if expected else 1.0,
        daily_peaks=tuple(float(peak) for peak in daily),
    )


def _hottest_peaks(table: pa.Table) -> NDArray[np.float32]:
    """A row's highest half hour of its hottest pod, from the fixed lists of 48."""
    column = table.column("hottest_peaks")
    flat = np.asarray(column.chunk(0).flatten()) if column.num_chunks else np.empty(0, np.float32)
    return np.nanmax(flat.reshape(-1, HALF_HOURS), axis=1) if len(flat) else flat


def _lists(table: pa.Table, name: str) -> _Lists:
    column = table.column(name)
    array = column.chunk(0) if column.num_chunks else pa.array([], column.type)
    return _Lists(np.asarray(array.flatten()), np.asarray(array.offsets) - (array.offsets[0].as_py() or 0))


def _sketches(buckets: _Lists, counts: _Lists, rows: NDArray[np.intp]) -> Iterator[Sketch]:
    for place in rows:
        yield Sketch(buckets.row(place).astype(np.int32), counts.row(place))
