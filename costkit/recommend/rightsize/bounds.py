"""A namespace's LimitRanges, outside of which a pod is refused, and the largest node, beyond which it fits nowhere."""

from collections.abc import Iterable
from dataclasses import replace

from costkit.model.change import Resources
from costkit.model.pods import ResourceMap

Bounds = tuple[ResourceMap, ResourceMap, ResourceMap]
"""Minimum, maximum, and the most that a limit may be over its request."""


def within(wanted: Resources, before: Resources, ranges: Iterable[Bounds]) -> Resources:
    """`wanted` with what it changes brought inside every range; what stays as it was is left alone."""
    found = wanted
    for minimum, maximum, ratio in ranges:
        for resource in ("cpu", "memory"):
            bounds = (minimum.get(resource, 0.0), maximum.get(resource, float("inf")), ratio.get(resource))
            found = _bounded(found, before, resource, bounds)
    return found


def _bounded(
    wanted: Resources, before: Resources, resource: str, bounds: tuple[float, float, float | None]
) -> Resources:
    request, limit = _pair(wanted, resource)
    if request is None or (request, limit) == _pair(before, resource):
        return wanted
    least, most, ratio = bounds
    limit = None if limit is None else min(max(limit, least), most)
    request = min(max(request, least), most, float("inf") if limit is None else limit)
    if ratio and limit is not None:
        request = max(request, limit / ratio)
    return replace(wanted, **{f"{resource}_request": request, f"{resource}_limit": limit})


def _pair(resources: Resources, resource: str) -> tuple[float | None, float | None]:
    return getattr(resources, f"{resource}_request"), getattr(resources, f"{resource}_limit")
