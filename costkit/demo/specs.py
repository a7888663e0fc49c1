"""Rows -> containers as a template declares them, and as they run: injected sidecars and defaults included.

In: a row. Out: model containers, and what the scheduler reserves for one pod. Nothing here knows of time or nodes.
"""

from functools import cache

from costkit.demo.rows import DEFAULT_LIMITS, DEFAULT_REQUESTS, Box, Row
from costkit.k8s.requests import effective_requests
from costkit.model.pods import ContainerSpec, Meta, Pod, ResourceMap
from costkit.model.target import Target

_IMAGE = "acme/{name}:2.7.1"
_OPERATED = ("PyTorchJob",)
"""Kinds whose pod template stands where only their operator looks for it."""


def template(row: Row) -> tuple[ContainerSpec, ...]:
    if row.kind in _OPERATED:
        return ()
    return tuple(_spec(box, box.requests, box.limits) for box in row.boxes if box.role != "injected")


def running(row: Row) -> tuple[ContainerSpec, ...]:
    """As the row's pods have them."""
    return _running(row.boxes)


def in_force(box: Box) -> tuple[str, str]:
    """Requests and limits of the container in a pod."""
    return (DEFAULT_REQUESTS, DEFAULT_LIMITS) if box.defaulted else (box.requests, box.limits)


def reserved(row: Row) -> ResourceMap:
    """What the scheduler counts for one pod of the row."""
    return _reserved(row.boxes)


def limit(box: Box, resource: str) -> float:
    """Infinity where there is none."""
    return box.amounts(in_force(box)[1]).get(resource, float("inf"))


@cache
def _running(boxes: tuple[Box, ...]) -> tuple[ContainerSpec, ...]:
    return tuple(_spec(box, *in_force(box)) for box in boxes)


@cache
def _reserved(boxes: tuple[Box, ...]) -> ResourceMap:
    return effective_requests(Pod(Meta(""), Target("", "Pod", ""), _running(boxes)))


def _spec(box: Box, requests: str, limits: str) -> ContainerSpec:
    return ContainerSpec(
        name=box.name,
        image=box.image or _IMAGE.format(name=box.name),
        requests=box.amounts(requests),
        limits=box.amounts(limits),
        init=box.role in ("init", "sidecar"),
        sidecar=box.role == "sidecar",
        memory_reader=box.memory_reader,
    )
