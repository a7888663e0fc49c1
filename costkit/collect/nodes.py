"""Answers about nodes, volumes and interruptions -> the frames `nodes` and `volumes`; nodes that are gone included."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costkit.collect.decode import capacity_type, node_labels_of
from costkit.collect.matrix import Matrix, Span
from costkit.collect.queries import NODE_LABELS
from costkit.model.nodes import Node, node_class
from costkit.model.window import HALF_HOUR, HALF_HOURS

Answers = Mapping[str, Matrix]


def node_rows(answers: Answers, span: Span, living: Mapping[str, Node]) -> list[dict[str, Any]]:
    """A row for each node of the day; what it is comes from the API while it lives, else from its series."""
    labels = _series_labels(answers["node_labels"])
    allocatable = _by_node(answers["node_allocatable"])
    prices = {key[0]: price for key, price in answers["node_price"].numbers().items()}
    requested = dict(answers["node_requested"].rows())
    hourly = {name: {key[0]: row for key, row in answers[name].rows()} for name in ("node_cpu", "node_memory")}
    rows = []
    for (name,), presence in _presence(answers, span, living).items():
        offer = living[name].allocatable if name in living else allocatable.get(name, {})
        rows.append(
            {
                "day": span.midnight,
                "name": name,
                "half_hours": bits(presence),
                **_what(living.get(name), labels.get(name, {})),
                "allocatable_cpu": offer.get("cpu"),
                "allocatable_memory": offer.get("memory"),
                "allocatable_gpu": offer.get("nvidia.com/gpu", offer.get("nvidia_com_gpu")),
                "allocatable_pods": offer.get("pods"),
                "price": prices.get(name, float("nan")),
                "requested_cpu": _half_hours(requested.get((name, "cpu"))),
                "requested_memory": _half_hours(requested.get((name, "memory"))),
                "cpu_p95": _hours(hourly["node_cpu"].get(name)),
                "memory_peak": _hours(hourly["node_memory"].get(name)),
            }
        )
    return rows


def volume_rows(answers: Answers, span: Span) -> list[dict[str, Any]]:
    used = answers["volume_used"].numbers()
    mounted = answers["volume_mounted"].numbers()
    nan = float("nan")
    return [
        {
            "day": span.midnight,
            "namespace": key[0],
            "claim": key[1],
            "used": used.get(key, nan),
            "mounted": mounted.get(key, nan),
        }
        for key in sorted(used.keys() | mounted.keys())
    ]


def classes_of(answers: Answers, living: Mapping[str, Node]) -> dict[str, str]:
    """Node name -> node class, for every node of the day."""
    labels = _series_labels(answers["node_labels"])
    allocatable = _by_node(answers["node_allocatable"])
    gone = (labels.keys() | allocatable.keys()) - living.keys()
    found = {name: node.node_class for name, node in living.items()}
    for name in gone:
        what = _what(None, labels.get(name, {}))
        found[name] = node_class(what["instance_type"], what["capacity_type"], allocatable.get(name, {}))
    return found


def told_until(answers: Answers, span: Span) -> float:
    """Unix seconds until which series tell of the day: what is not seen after that may still have been there."""
    seen = np.flatnonzero(~np.isnan(answers["node_seen"].values).all(axis=0))
    return min(span.until, span.midnight + HALF_HOUR * (float(seen[-1]) + 1)) if len(seen) else span.until


def bits(presence: NDArray[np.bool_]) -> int:
    """48 half hours as the bits of a number, the first half hour lowest."""
    return sum(1 << int(i) for i in np.flatnonzero(presence))


def _presence(answers: Answers, span: Span, living: Mapping[str, Node]) -> dict[tuple[str, ...], NDArray[np.bool_]]:
    """Node -> half hours seen. Where no series tells, living nodes count from their creation on."""
    seen = {key: ~np.isnan(row) for key, row in answers["node_seen"].rows()}
    if seen:
        return seen
    ends = span.midnight + HALF_HOUR * np.arange(1, HALF_HOURS + 1)
    since = {(name,): (ends > node.meta.created) & (ends <= span.until) for name, node in sorted(living.items())}
    return {key: row for key, row in since.items() if row.any()}


def _what(node: Node | None, labels: Mapping[str, str]) -> dict[str, str]:
    if node is not None:
        return {
            "instance_type": node.instance_type,
            "capacity_type": node.capacity_type,
            "region": node.region,
            "zone": node.zone,
            "pool": node.pool,
        }
    return {**node_labels_of(labels), "capacity_type": capacity_type(labels)}


def _series_labels(matrix: Matrix) -> dict[str, dict[str, str]]:
    names = tuple(NODE_LABELS.values())
    return {node: dict(zip(names, values, strict=True)) for node, *values in matrix.keys}


def _by_node(matrix: Matrix) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for (node, resource), amount in matrix.numbers().items():
        found.setdefault(node, {})[resource] = amount
    return found


def _half_hours(row: NDArray[np.float64] | None) -> NDArray[np.float32]:
    return np.full(HALF_HOURS, np.nan, np.float32) if row is None else row.astype(np.float32)


def _hours(row: NDArray[np.float64] | None) -> NDArray[np.float32]:
    return np.full(24, np.nan, np.float32) if row is None else row.astype(np.float32)
