"""Nodes of the window in, what each costs a month out: node-hours x price, gone nodes too. Never one moment x 730."""

from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from costkit.model.clock import Clock
from costkit.model.cluster import Cluster
from costkit.model.listed import known
from costkit.model.money import NodeCost, PriceBook
from costkit.model.window import MONTH_HOURS, Window
from costkit.price.cents import round_together
from costkit.price.machine import Living, Machine, of_node, of_row
from costkit.price.quotes import price_of

_COLUMNS = [
    "day",
    "name",
    "half_hours",
    "instance_type",
    "capacity_type",
    "region",
    "allocatable_cpu",
    "allocatable_memory",
    "allocatable_gpu",
    "price",
    "requested_cpu",
    "requested_memory",
]


@dataclass(frozen=True, slots=True)
class NodeMonth:
    """The nodes' month. Monthly figures are whole cents and sum to their total."""

    nodes: tuple[NodeCost, ...]
    basis: str
    """`node-hours`; `now` where no node has a history: then it is one moment's nodes, not a month."""
    hours: float
    """Hours of the window in which any node was seen; 0 for `now`."""

    @property
    def scale(self) -> float:
        """Months in the hours that were seen: hours x scale are hours of a month."""
        return MONTH_HOURS / (self.hours or MONTH_HOURS)


@dataclass(frozen=True, slots=True)
class _Stay:
    """A node under one type and capacity type: hours in the window, and the mean of the prices that metrics gave."""

    machine: Machine
    hours: float
    metric: float | None


def node_costs(nodes: pa.Table, cluster: Cluster, book: PriceBook, window: Window) -> NodeMonth:
    """`nodes` is the frame of that name (model.usage); without a row in the window, the cluster's living nodes."""
    hours = Clock.of(nodes, window).hours
    if not hours:
        stays = [_Stay(of_node(node, known(cluster.pods)), MONTH_HOURS, None) for node in known(cluster.nodes)]
        return NodeMonth(_costs(stays, book, 1.0), "now", 0.0)
    rows = nodes.select(_COLUMNS).to_pylist()
    seen = [(row, int(row["half_hours"] or 0) & window.half_hours(row["day"])) for row in rows]
    stays = _stays([(row, half_hours) for row, half_hours in seen if half_hours], Living.of(cluster), book)
    return NodeMonth(_costs(stays, book, MONTH_HOURS / hours), "node-hours", hours)


def _stays(rows: list[tuple[dict[str, Any], int]], living: Living, book: PriceBook) -> list[_Stay]:
    """A name that comes back with another type (a pool recreated) is another stay; its size is its last day's."""
    stays: dict[tuple[str, str], _Stay] = {}
    for row, seen in sorted(rows, key=lambda r: (r[0]["name"], r[0]["day"])):
        machine = of_row(row, living, book.lists)
        key = (machine.name, machine.node_class)
        day = _Stay(machine, seen.bit_count() / 2, row["price"] if (row["price"] or 0) > 0 else None)
        stays[key] = _joined(stays[key], day) if key in stays else day
    return list(stays.values())


def _joined(past: _Stay, day: _Stay) -> _Stay:
    """The mean price is by hours; a day without one does not move it."""
    hours = past.hours + day.hours
    machine = _mean_machine(past, day) if day.machine.pod_billed else day.machine
    if past.metric is None or day.metric is None:
        return _Stay(machine, hours, past.metric if day.metric is None else day.metric)
    return _Stay(machine, hours, (past.metric * past.hours + day.metric * day.hours) / hours)


def _mean_machine(past: _Stay, day: _Stay) -> Machine:
    """What its pods asked for, by hours."""
    ours, theirs = (stay.hours / (past.hours + day.hours) for stay in (past, day))
    cores = past.machine.cores * ours + day.machine.cores * theirs
    return replace(day.machine, cores=cores, gib=past.machine.gib * ours + day.machine.gib * theirs)


def _costs(stays: list[_Stay], book: PriceBook, scale: float) -> tuple[NodeCost, ...]:
    exact = [_cost(stay, book, scale) for stay in sorted(stays, key=lambda s: (s.machine.name, s.machine.node_class))]
    cents = round_together([cost.monthly for cost in exact])
    return tuple(replace(cost, monthly=monthly) for cost, monthly in zip(exact, cents, strict=True))


def _cost(stay: _Stay, book: PriceBook, scale: float) -> NodeCost:
    machine = stay.machine
    price = price_of(machine, stay.metric, book)
    return NodeCost(
        name=machine.name,
        instance_type=machine.instance_type,
        capacity_type=machine.capacity_type,
        node_class=machine.node_class,
        hours=stay.hours,
        price=price,
        monthly=price.hourly * stay.hours * scale,
        cores=machine.cores,
        gib=machine.gib,
        gpus=machine.gpus,
    )
