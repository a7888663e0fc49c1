"""What stands around the workloads: autoscalers, budgets, ranges, quotas, services.

In: the table, and the pods that live at the end of the span. Out: model objects. Storage has a module of its own.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from costkit.demo.lives import Span, created
from costkit.demo.names import number, uid
from costkit.demo.objects import selector
from costkit.demo.patterns import Moments, desired, per_pod
from costkit.demo.pools import REGION
from costkit.demo.rows import DEFAULT_LIMITS, DEFAULT_REQUESTS, Autoscale, Row, pair
from costkit.demo.signals import LAG, SCALED_KINDS, current, target_value
from costkit.demo.workloads import WORKLOADS
from costkit.model.objects import (
    Autoscaler,
    DisruptionBudget,
    EndpointSlice,
    HpaMetric,
    LimitRange,
    Quota,
    Service,
    VerticalAutoscaler,
)
from costkit.model.pods import Meta, Pod, ResourceMap

_BALANCED = "platform/ingress-nginx"
"""The workload that the internet comes in through."""
_QUOTAS: dict[str, ResourceMap] = {
    "dev": {"requests.cpu": 12.0, "requests.memory": 32.0 * 2**30},
    "staging": {"requests.cpu": 24.0, "requests.memory": 64.0 * 2**30},
}


def _meta(row: Row, seed: int, span: Span, kind: str) -> Meta:
    return Meta(row.name, row.namespace, uid(seed, kind, row.key), created(row, span), labels=row.labels)


def autoscalers(seed: int, span: Span) -> tuple[Autoscaler, ...]:
    return tuple(_autoscaler(row, row.autoscale, seed, span) for row in WORKLOADS if row.autoscale)


def _autoscaler(row: Row, scale: Autoscale, seed: int, span: Span) -> Autoscaler:
    now = Moments.at(np.array([span.at]), row.zone)
    value = float(current(row, scale, per_pod(row, row.shape, now))[0])
    external = scale.metric == "kafka_consumer_lag"
    metric = HpaMetric(
        type="External" if external else "Resource",
        name=scale.metric,
        target_type="AverageValue" if external else "Utilization",
        target=LAG if external else target_value(row, scale),
        current=float(round(value)),
    )
    return Autoscaler(
        meta=_meta(row, seed, span, "HorizontalPodAutoscaler"),
        workload=row.target,
        minimum=scale.minimum,
        maximum=scale.maximum,
        metrics=(metric,),
        desired=int(desired(row, now)[0]),
    )


def vertical_autoscalers(seed: int, span: Span) -> tuple[VerticalAutoscaler, ...]:
    return tuple(
        VerticalAutoscaler(_meta(row, seed, span, "VerticalPodAutoscaler"), row.target)
        for row in WORKLOADS
        if row.vertical
    )


def disruption_budgets(seed: int, span: Span) -> tuple[DisruptionBudget, ...]:
    return tuple(
        DisruptionBudget(
            meta=_meta(row, seed, span, "PodDisruptionBudget"),
            selector=selector(row),
            max_unavailable=row.budget,
            disruptions_allowed=0 if row.budget == "0" else 1,
        )
        for row in WORKLOADS
        if row.budget
    )


def limit_ranges(seed: int, span: Span) -> tuple[LimitRange, ...]:
    (cpu, memory), (cpu_limit, memory_limit) = pair(DEFAULT_REQUESTS), pair(DEFAULT_LIMITS)
    return (
        LimitRange(
            meta=Meta("defaults", "dev", uid(seed, "LimitRange", "dev"), span.founded),
            minimum={"cpu": 0.01, "memory": 32.0 * 2**20},
            maximum={"cpu": 4.0, "memory": 8.0 * 2**30},
            default_requests={"cpu": cpu or 0.0, "memory": memory or 0.0},
            default_limits={"cpu": cpu_limit or 0.0, "memory": memory_limit or 0.0},
        ),
    )


def quotas(seed: int, span: Span, pods: Iterable[Pod]) -> tuple[Quota, ...]:
    running = [pod for pod in pods if pod.holds_resources]
    return tuple(
        Quota(
            meta=Meta("compute", namespace, uid(seed, "ResourceQuota", namespace), span.founded),
            hard=hard,
            used={name: _asked(running, namespace, name.removeprefix("requests.")) for name in hard},
        )
        for namespace, hard in _QUOTAS.items()
    )


def _asked(pods: Iterable[Pod], namespace: str, resource: str) -> float:
    return sum(c.requests.get(resource, 0.0) for p in pods if p.meta.namespace == namespace for c in p.containers)


def services(seed: int, span: Span) -> tuple[Service, ...]:
    """One for each workload that is called; that of a workload at 0 replicas has nothing behind it."""
    return tuple(_service(row, seed, span) for row in _called())


def _called() -> Iterator[Row]:
    return (row for row in WORKLOADS if row.kind in SCALED_KINDS and not row.priority)


def _service(row: Row, seed: int, span: Span) -> Service:
    balanced = f"{row.namespace}/{row.name}" == _BALANCED
    address = f"a{number(seed, row.key):016x}.elb.{REGION}.amazonaws.com"
    return Service(
        meta=_meta(row, seed, span, "Service"),
        type="LoadBalancer" if balanced else "ClusterIP",
        selector=selector(row),
        addresses=(address,) if balanced else (),
    )


def endpoint_slices(seed: int, span: Span, pods: Iterable[Pod]) -> tuple[EndpointSlice, ...]:
    """Names of the pods behind each service; pods in a crash loop are not ready."""
    ready: dict[tuple[str, str], list[str]] = {}
    for pod in pods:
        if pod.phase == "Running" and not any(state.waiting for state in pod.states):
            ready.setdefault((pod.meta.namespace, pod.workload.name), []).append(pod.meta.name)
    return tuple(
        EndpointSlice(
            _meta(row, seed, span, "EndpointSlice"), row.name, tuple(ready.get((row.namespace, row.name), ()))
        )
        for row in _called()
    )
