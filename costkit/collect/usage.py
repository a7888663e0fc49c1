"""Answers about the usage of one shard on one day -> a matrix a resource with a row for every container that ran.

A container without any series has a row of NaN: its hours count, and so do the samples that it should have given.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from costkit.collect.inside import Inside, Key
from costkit.collect.lived import Lived, PodKey
from costkit.collect.matrix import Matrix

Usage = dict[str, Matrix]
"""Resource -> matrix by namespace, pod, container."""


def split(whole: Mapping[str, Matrix], sole: Mapping[PodKey, str]) -> tuple[Usage, Matrix]:
    """Series of whole pods as those of their only container; and the memory of the pods that cannot be split."""
    usage = {name: _of_containers(matrix, sole) for name, matrix in whole.items()}
    memory = whole["memory"]
    return usage, _kept(memory, [i for i, key in enumerate(memory.keys) if (key[0], key[1]) not in sole])


def with_unseen(usage: Mapping[str, Matrix], pods: Mapping[PodKey, Lived], containers: Inside) -> Usage:
    """The usage with a row for each container of a pod that ran; for GPUs only where others of it use one."""
    return {
        resource: _extended(matrix, list(_unseen(resource, matrix, pods, containers)))
        for resource, matrix in usage.items()
    }


def _unseen(resource: str, matrix: Matrix, pods: Mapping[PodKey, Lived], containers: Inside) -> Iterator[Key]:
    seen = set(matrix.keys)
    users = {(pods[(ns, pod)].workload, container) for ns, pod, container in seen if (ns, pod) in pods}
    for key, lived in pods.items():
        names = containers.of(key, lived) if lived.ran else ()
        for name in sorted(names):
            if (*key, name) not in seen and (resource != "gpu" or (lived.workload, name) in users):
                yield (*key, name)


def _extended(matrix: Matrix, keys: list[Key]) -> Matrix:
    unknown = np.full((len(keys), matrix.values.shape[1]), np.nan)
    return Matrix((*matrix.keys, *keys), np.concatenate([matrix.values, unknown]))


def _of_containers(matrix: Matrix, sole: Mapping[PodKey, str]) -> Matrix:
    found = _kept(matrix, [i for i, (namespace, pod) in enumerate(matrix.keys) if (namespace, pod) in sole])
    return Matrix(tuple((*key, sole[(key[0], key[1])]) for key in found.keys), found.values)


def _kept(matrix: Matrix, places: list[int]) -> Matrix:
    return Matrix(tuple(matrix.keys[i] for i in places), matrix.values[np.array(places, dtype=int)])
