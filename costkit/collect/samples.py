"""Answers about usage -> Samples: each container's series with the pod, workload, revision and node class behind it."""

from collections.abc import Iterable, Mapping

from costkit.collect.matrix import Matrix, Span
from costkit.collect.lived import Lived, PodKey
from costkit.model.samples import Samples, Series


def samples(
    resource: str, matrix: Matrix, span: Span, pods: Mapping[PodKey, Lived], classes: Mapping[str, str]
) -> Samples:
    """One resource of one shard. Series of pods that nothing else knows of are left out."""
    kept = [i for i, key in enumerate(matrix.keys) if (key[0], key[1]) in pods]
    series = tuple(_series(matrix.keys[i], pods, classes) for i in kept)
    return Samples(resource, span.midnight, series, matrix.values[kept], span.until)


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
