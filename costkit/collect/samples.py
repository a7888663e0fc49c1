"""Answers about usage -> Samples: each container's series with the pod, workload, revision and node class behind it."""

from collections.abc import Iterable, Mapping

import numpy as np

from costkit.collect.fetch import Matrix, Span
from costkit.collect.lived import Lived, PodKey
from costkit.model.samples import Samples, Series

SoleContainers = Mapping[PodKey, str]
"""The one container of each pod that has only one."""


def samples(
    resource: str, matrix: Matrix, span: Span, pods: Mapping[PodKey, Lived], classes: Mapping[str, str]
) -> Samples:
    """One resource of one shard. Series of pods that nothing else knows of are left out."""
    kept = [i for i, key in enumerate(matrix.keys) if (key[0], key[1]) in pods]
    series = tuple(_series(matrix.keys[i], pods, classes) for i in kept)
    return Samples(resource, span.midnight, series, matrix.values[kept], span.until)


def with_containers(matrix: Matrix, sole: SoleContainers) -> Matrix:
    """Series of whole pods as those of their only container; pods with several are dropped: they cannot be split."""
    kept = [i for i, (namespace, pod) in enumerate(matrix.keys) if (namespace, pod) in sole]
    keys = tuple((*matrix.keys[i], sole[(matrix.keys[i][0], matrix.keys[i][1])]) for i in kept)
    return Matrix(keys, matrix.values[np.array(kept, dtype=int)])


def _series(key: Iterable[str], pods: Mapping[PodKey, Lived], classes: Mapping[str, str]) -> Series:
    namespace, pod, container = key
    lived = pods[(namespace, pod)]
    return Series(
        target=lived.workload.of(container),
        pod=pod,
        revision=lived.revision,
        node_class=classes.get(lived.node, ""),
        start=lived.start,
        end=lived.end,
    )
