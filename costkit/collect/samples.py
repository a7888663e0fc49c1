"""Answers about usage -> Samples: each container's series with the pod, workload, revision and node class behind it."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from costkit.collect.lived import Lived, PodKey
from costkit.collect.matrix import Matrix, Span
from costkit.model.samples import Samples, Series
from costkit.model.window import STEP

Row = NDArray[np.float64]


def samples(
    resource: str, matrix: Matrix, span: Span, pods: Mapping[PodKey, Lived], classes: Mapping[str, str]
) -> Samples:
    """One resource of one shard. Series of pods that nothing else knows of are left out."""
    parts = [
        (_series(key, one, classes), part)
        for key, row in matrix.rows()
        if (key[0], key[1]) in pods
        for one, part in _lives(pods[(key[0], key[1])], row, span.midnight)
    ]
    values = np.array([part for _, part in parts]).reshape(len(parts), matrix.values.shape[1])
    return Samples(resource, span.midnight, tuple(series for series, _ in parts), values, span.until)


def _lives(last: Lived, row: Row, midnight: float) -> Iterator[tuple[Lived, Row]]:
    """Each pod that had the name with its part of the row, the rest unknown."""
    if not last.earlier:
        yield last, row
        return
    lives = [*last.earlier, last]
    begins = [0, *(_first_step(one, after, midnight) for one, after in pairwise(lives)), len(row)]
    places = np.arange(len(row))
    for one, (begin, end) in zip(lives, pairwise(begins), strict=True):
        yield one, np.where((places >= begin) & (places < end), row, np.nan)


def _first_step(before: Lived, pod: Lived, midnight: float) -> int:
    """Of a pod that took over a name. A step in which both ran is the one's before: its peak is no new revision's."""
    steps = max(0.0, pod.start - midnight) / STEP
    return ceil(steps) if pod.start - before.end < 2 * STEP else floor(steps)


def _series(key: tuple[str, ...], lived: Lived, classes: Mapping[str, str]) -> Series:
    return Series(
        target=lived.workload.of(key[2]),
        pod=key[1],
        revision=lived.revision,
        node_class=classes.get(lived.node, ""),
        start=lived.start,
        end=lived.end,
    )
