"""PromQL of what containers and pods use, ask for and may use: a part of `queries`, under which all of it stands."""

from dataclasses import replace

from costkit.collect.query import CONTAINER, Query, half_hours, highest, steps

_POD = ("namespace", "pod")
_ROWS = 'container!="",container!="POD"$S'
_POD_ROWS = 'container="",pod!=""$S'


CPU_SECONDS, WORKING_SET = "container_cpu_usage_seconds_total", "container_memory_working_set_bytes"

CPU = steps("cpu", CPU_SECONDS, f"rate({CPU_SECONDS}{{{_ROWS}}}[$W])")
MEMORY = steps("memory", WORKING_SET, f"max_over_time({WORKING_SET}{{{_ROWS}}}[5m])")
# a slice's (MIG) utilization is not its own: without this it would read 0, and the slice look idle
GPU = steps(
    "gpu", "DCGM_FI_DEV_GPU_UTIL", 'max_over_time(DCGM_FI_DEV_GPU_UTIL{container!="",GPU_I_PROFILE=""$S}[5m]) / 100'
)
USAGE = (CPU, MEMORY, GPU)

POD_CPU = steps("cpu", CPU_SECONDS, f"rate({CPU_SECONDS}{{{_POD_ROWS}}}[$W])", _POD)
POD_MEMORY = steps("memory", WORKING_SET, f"max_over_time({WORKING_SET}{{{_POD_ROWS}}}[5m])", _POD)
POD_USAGE = (POD_CPU, POD_MEMORY)
"""For servers whose container rows have no container label: good for pods with one container only."""


def by_resource(series: str, resources: tuple[str, ...]) -> str:
    """Before kube-state-metrics 2 each resource had a metric of its own; `series` has `%s` for its name's end."""
    named = {"cpu": "cpu_cores", "memory": "memory_bytes", "pods": "pods"}
    return " or ".join(f'label_replace({series % named[r]}, "resource", "{r}", "", "")' for r in resources)


_RESOURCES = 'resource=~"cpu|memory|nvidia_com_gpu"$S'
REQUESTS, LIMITS = "kube_pod_container_resource_requests", "kube_pod_container_resource_limits"


def _resources(name: str, metric: str) -> Query:
    labels = (*CONTAINER, "resource")
    older = half_hours(name, f"{metric}_cpu_cores", by_resource(f"{metric}_%s{{$T}}", ("cpu", "memory")), labels)
    return replace(half_hours(name, metric, f"{metric}{{{_RESOURCES}}}", labels), older=older)


CONTAINER_SIGNALS = (
    _resources("requests", REQUESTS),
    _resources("limits", LIMITS),
    half_hours(
        "cfs_periods", "container_cpu_cfs_periods_total", f"increase(container_cpu_cfs_periods_total{{{_ROWS}}}[30m])"
    ),
    half_hours(
        "cfs_throttled",
        "container_cpu_cfs_throttled_periods_total",
        f"increase(container_cpu_cfs_throttled_periods_total{{{_ROWS}}}[30m])",
    ),
)

_INTERFACE = (*_POD, "interface")

POD_SIGNALS = tuple(
    Query(
        name,
        metric,
        highest(f'rate({metric}{{interface!="lo",pod!=""$S}}[30m])', _INTERFACE),
        _POD,
        "half-hours",
        parts=_INTERFACE,
        together="sum by (namespace,pod)",
    )
    for name, metric in (
        ("network_in", "container_network_receive_bytes_total"),
        ("network_out", "container_network_transmit_bytes_total"),
    )
)

SCRAPE_INTERVAL = f'max(count_over_time({CPU_SECONDS}{{id!="/"$S}}[1h]))'
"""Samples an hour of a pod's or container's series, whatever its labels."""


def configured(name: str, expression: str) -> Query:
    """A signal by the user's own expression, which must keep the labels namespace and pod."""
    return Query(name, "", f"sum by (namespace,pod) ({expression})", _POD, "half-hours")
