"""Rows of a scene as other servers hold them: twice, with holes, late, or by other names of metrics and labels.

Each function takes rows and gives rows. Together they STAND IN for what cannot run here: a pair of Prometheus, a second
kubelet job, kube-state-metrics 1.x, a cAdvisor of before Kubernetes 1.16, a scrape without honor_labels. Shapes are
those that their own documentation gives.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from tests.bed.samples import Grid, Row

Rows = Iterable[Row]
REASONS = ("OOMKilled", "Completed", "Error", "ContainerCannotRun", "DeadlineExceeded", "Evicted")


def labelled(rows: Rows, **labels: str) -> Iterator[Row]:
    """With more labels, or others: what a scrape or a remote write adds."""
    return (replace(row, labels={**row.labels, **labels}) for row in rows)


def without(rows: Rows, start: int, end: int) -> Iterator[Row]:
    """Nothing was scraped from `start` on and before `end`."""
    for row in rows:
        hole = row.grid.span(start, end)
        yield _cut(row, row.span.start, min(row.span.stop, hole.start))
        yield _cut(row, max(row.span.start, hole.stop), row.span.stop)


def shifted(rows: Rows, seconds: int) -> Iterator[Row]:
    """By a clock that is that much ahead; it counts in no value."""
    grids: dict[int, Grid] = {}
    for row in rows:
        if id(row.grid) not in grids:
            times = row.grid.times
            grids[id(row.grid)] = Grid(int(times[0]) + seconds, int(times[-1]) + seconds, row.grid.step)
        yield replace(row, grid=grids[id(row.grid)])


def after_a_step(rows: Rows, at: int, seconds: int) -> Iterator[Row]:
    """The scraper's clock is set by that much at a time. What comes in before the last sample stored is refused."""
    for row in rows:
        place = row.grid.span(at, at).start
        yield _cut(row, row.span.start, min(row.span.stop, place))
        for moved in shifted([_cut(row, max(row.span.start, place), row.span.stop)], seconds):
            first = moved.grid.span(at, at).start
            yield _cut(moved, max(moved.span.start, first), moved.span.stop)


def lasting(rows: Rows, seconds: int) -> list[Row]:
    """What ended goes on with its last value: old rows that stay, or deletions that are heard of that much later."""
    lasted: list[Row] = []
    goes_on: dict[tuple[str, frozenset[tuple[str, str]]], int] = {}
    for row in reversed(list(rows)):
        series = (row.name, frozenset(row.labels.items()))
        stop = min(row.span.stop + seconds // row.grid.step, goes_on.get(series, len(row.grid.times)))
        goes_on[series] = row.span.start
        values = row.values
        if isinstance(values, np.ndarray) and len(values):
            values = np.concatenate([values, np.full(stop - row.span.stop, values[-1])])
        lasted.append(replace(row, span=slice(row.span.start, stop), values=values))
    return lasted[::-1]


def scraped_again(rows: Rows) -> Iterator[Row]:
    """By a second kubelet job that tells containers by other ids, images and names."""
    for row in rows:
        if row.name.startswith("container_"):
            ids = {"id": f"/system.slice{row.labels['id']}", "image": "sha256:0a1b", "name": "k8s_main"}
            yield from labelled([row], job="kubernetes-cadvisor", instance="node-0", **ids)


def exported(rows: Rows, own: Mapping[str, str], of: Callable[[str], bool]) -> Iterator[Row]:
    """Scraped without honor_labels by a target with labels of its `own`, for the metrics that `of` is true of."""
    for row in rows:
        if not of(row.name):
            yield row
            continue
        moved = {f"exported_{label}" if label in own and value else label: value for label, value in row.labels.items()}
        yield replace(row, labels={**moved, **own})


def older_cadvisor(rows: Rows) -> Iterator[Row]:
    """`pod_name` and `container_name`, as before Kubernetes 1.16."""
    names = {"pod": "pod_name", "container": "container_name"}
    for row in rows:
        labels = {names.get(label, label): value for label, value in row.labels.items()}
        yield replace(row, labels=labels) if row.name.startswith("container_") else row


def older_state(rows: Rows) -> Iterator[Row]:
    """kube-state-metrics 1.x."""
    for row in rows:
        yield from _older(row) if row.name.startswith("kube_") else [row]


def _older(row: Row) -> Iterator[Row]:
    labels = dict(row.labels)
    if row.name.startswith("kube_horizontalpodautoscaler_"):
        hpa = labels.pop("horizontalpodautoscaler")
        yield replace(row, name=row.name.replace("horizontalpodautoscaler", "hpa"), labels={**labels, "hpa": hpa})
    elif "resource" in labels:
        ends = {"cpu": "_cpu_cores", "memory": "_memory_bytes", "pods": "_pods"}
        name = row.name + ends[labels.pop("resource")]
        labels.pop("unit")
        yield replace(row, name=name, labels=_without_uid(row.name, labels))
    elif row.name.endswith("terminated_reason"):
        for reason in REASONS:
            value = 1.0 if reason == labels["reason"] else 0.0
            yield replace(row, labels={**_without_uid(row.name, labels), "reason": reason}, values=value)
    elif row.name not in ("kube_pod_status_ready_time", "kube_deployment_status_replicas_ready"):
        yield replace(row, labels=_without_uid(row.name, labels))


def _without_uid(name: str, labels: Mapping[str, str]) -> dict[str, str]:
    """Of a pod's series one alone had it."""
    return {label: value for label, value in labels.items() if label != "uid" or name == "kube_pod_info"}


def _cut(row: Row, start: int, stop: int) -> Row:
    stop = max(start, stop)
    values = row.values
    if isinstance(values, np.ndarray):
        values = values[start - row.span.start : stop - row.span.start]
    return replace(row, span=slice(start, stop), values=values)
