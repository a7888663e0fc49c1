"""ALL PromQL of costkit, by name. `$S`, `$T`: a shard's and the cluster's matchers; `$W`: the rate window;
`$D`: how much of the day a query that is read once looks back on.

Names and labels are cAdvisor's and kube-state-metrics 2.x's. `max by` comes first: two kubelet jobs, two
kube-state-metrics or an HA pair double every series, and a maximum does not care.
"""

from dataclasses import dataclass
from typing import Literal

from costkit.model.window import DAY, HALF_HOUR, STEP

Reading = Literal["steps", "half-hours", "hours", "before", "day"]
"""Every 5 minutes, every 30, every hour; or once: at the day's beginning, at its end."""

_SECONDS: dict[Reading, int] = {"steps": STEP, "half-hours": HALF_HOUR, "hours": 3600, "before": 0, "day": 0}
_CONTAINER = ("namespace", "pod", "container")
_POD = ("namespace", "pod")
_ROWS = 'container!="",container!="POD"$S'
_POD_ROWS = 'container="",pod!=""$S'


@dataclass(frozen=True, slots=True)
class Query:
    """One expression; `needs` is the metric without which it has no answer, `labels` tell its series apart."""

    name: str
    needs: str
    expression: str
    labels: tuple[str, ...]
    reading: Reading

    @property
    def step(self) -> int:
        return _SECONDS[self.reading]


def _steps(name: str, needs: str, expression: str, labels: tuple[str, ...] = _CONTAINER) -> Query:
    return Query(name, needs, _max(expression, labels), labels, "steps")


def _half_hours(name: str, needs: str, expression: str, labels: tuple[str, ...] = _CONTAINER) -> Query:
    return Query(name, needs, _max(expression, labels), labels, "half-hours")


def _last(name: str, needs: str, *labels: str) -> Query:
    return Query(name, needs, _max(f"last_over_time({needs}{{$T}}[$D])", labels), labels, "day")


def _before(name: str, needs: str, expression: str, labels: tuple[str, ...]) -> Query:
    return Query(name, needs, expression, labels, "before")


def _seen(name: str, needs: str, labels: tuple[str, ...], series: str = "") -> Query:
    told = series or f"{needs}{{$T}}"
    return Query(name, needs, _max(f"max_over_time(timestamp({told})[$D:5m])", labels), labels, "day")


def _object(name: str, metric: str, label: str) -> Query:
    return _half_hours(name, metric, f"{metric}{{$T}}", ("namespace", label))


def _max(expression: str, labels: tuple[str, ...]) -> str:
    return f"max by ({','.join(labels)}) ({expression})"


_CPU, _MEMORY = "container_cpu_usage_seconds_total", "container_memory_working_set_bytes"

CPU = _steps("cpu", _CPU, f"rate({_CPU}{{{_ROWS}}}[$W])")
MEMORY = _steps("memory", _MEMORY, f"max_over_time({_MEMORY}{{{_ROWS}}}[5m])")
GPU = _steps("gpu", "DCGM_FI_DEV_GPU_UTIL", 'max_over_time(DCGM_FI_DEV_GPU_UTIL{container!=""$S}[5m]) / 100')
USAGE = (CPU, MEMORY, GPU)

POD_CPU = _steps("cpu", _CPU, f"rate({_CPU}{{{_POD_ROWS}}}[$W])", _POD)
POD_MEMORY = _steps("memory", _MEMORY, f"max_over_time({_MEMORY}{{{_POD_ROWS}}}[5m])", _POD)
POD_USAGE = (POD_CPU, POD_MEMORY)
"""For servers whose container rows have no container label: good for pods with one container only."""

PODS = (
    _seen("pod_seen", "kube_pod_info", _POD),
    _seen("pod_running", "kube_pod_status_phase", _POD, 'kube_pod_status_phase{phase="Running"$S} > 0'),
    _last("pod_node", "kube_pod_info", *_POD, "node"),
    _last("pod_start", "kube_pod_start_time", *_POD),
    _last("pod_end", "kube_pod_completion_time", *_POD),
    _last("pod_owner", "kube_pod_owner", *_POD, "owner_kind", "owner_name"),
    _last("pod_labels", "kube_pod_labels", *_POD, "label_pod_template_hash", "label_controller_revision_hash"),
    _last("replicaset_owner", "kube_replicaset_owner", "namespace", "replicaset", "owner_kind", "owner_name"),
    _last("job_owner", "kube_job_owner", "namespace", "job_name", "owner_kind", "owner_name"),
)

_RESOURCES = 'resource=~"cpu|memory|nvidia_com_gpu"$S'
_REQUESTS, _LIMITS = "kube_pod_container_resource_requests", "kube_pod_container_resource_limits"

CONTAINER_SIGNALS = (
    _half_hours("requests", _REQUESTS, f"{_REQUESTS}{{{_RESOURCES}}}", (*_CONTAINER, "resource")),
    _half_hours("limits", _LIMITS, f"{_LIMITS}{{{_RESOURCES}}}", (*_CONTAINER, "resource")),
    _half_hours(
        "cfs_periods", "container_cpu_cfs_periods_total", f"increase(container_cpu_cfs_periods_total{{{_ROWS}}}[30m])"
    ),
    _half_hours(
        "cfs_throttled",
        "container_cpu_cfs_throttled_periods_total",
        f"increase(container_cpu_cfs_throttled_periods_total{{{_ROWS}}}[30m])",
    ),
)

POD_SIGNALS = tuple(
    Query(
        name,
        metric,
        f'sum by (namespace,pod) (max by (namespace,pod,interface) (rate({metric}{{interface!="lo",pod!=""$S}}[30m])))',
        _POD,
        "half-hours",
    )
    for name, metric in (
        ("network_in", "container_network_receive_bytes_total"),
        ("network_out", "container_network_transmit_bytes_total"),
    )
)

REPLICAS = {
    "Deployment": (
        _object("replicas_desired", "kube_deployment_spec_replicas", "deployment"),
        _object("replicas_ready", "kube_deployment_status_replicas_ready", "deployment"),
    ),
    "StatefulSet": (
        _object("replicas_desired", "kube_statefulset_replicas", "statefulset"),
        _object("replicas_ready", "kube_statefulset_status_replicas_ready", "statefulset"),
    ),
    "DaemonSet": (
        _object("replicas_desired", "kube_daemonset_status_desired_number_scheduled", "daemonset"),
        _object("replicas_ready", "kube_daemonset_status_number_ready", "daemonset"),
    ),
    "ReplicaSet": (
        _object("replicas_desired", "kube_replicaset_spec_replicas", "replicaset"),
        _object("replicas_ready", "kube_replicaset_status_ready_replicas", "replicaset"),
    ),
    "ReplicationController": (
        _object("replicas_desired", "kube_replicationcontroller_spec_replicas", "replicationcontroller"),
        _object("replicas_ready", "kube_replicationcontroller_status_ready_replicas", "replicationcontroller"),
    ),
}
"""By the kind that they count for."""

_HPA = "kube_horizontalpodautoscaler"
_HPA_LABELS = ("namespace", "horizontalpodautoscaler")

AUTOSCALERS = (
    _half_hours("hpa_desired", f"{_HPA}_status_desired_replicas", f"{_HPA}_status_desired_replicas{{$T}}", _HPA_LABELS),
    _half_hours("hpa_minimum", f"{_HPA}_spec_min_replicas", f"{_HPA}_spec_min_replicas{{$T}}", _HPA_LABELS),
    _half_hours("hpa_maximum", f"{_HPA}_spec_max_replicas", f"{_HPA}_spec_max_replicas{{$T}}", _HPA_LABELS),
    _half_hours(
        "hpa_limited",
        f"{_HPA}_status_condition",
        f'{_HPA}_status_condition{{condition="ScalingLimited",status="true"$S}}',
        _HPA_LABELS,
    ),
    _half_hours(
        "hpa_target",
        f"{_HPA}_spec_target_metric",
        f"{_HPA}_spec_target_metric{{$T}}",
        (*_HPA_LABELS, "metric_name", "metric_target_type"),
    ),
    _half_hours(
        "hpa_current",
        f"{_HPA}_status_target_metric",
        f"{_HPA}_status_target_metric{{$T}}",
        (*_HPA_LABELS, "metric_name", "metric_target_type"),
    ),
)

_JOB = ("namespace", "job_name")
_RESTARTS = "kube_pod_container_status_restarts_total"

EVENTS = (
    _steps("restarts", _RESTARTS, f"{_RESTARTS}{{$T}} > 0"),
    _before("restarts_before", _RESTARTS, _max(f"last_over_time({_RESTARTS}{{$T}}[1h])", _CONTAINER), _CONTAINER),
    _steps(
        "last_exit",
        "kube_pod_container_status_last_terminated_reason",
        "kube_pod_container_status_last_terminated_reason{$T} > 0",
        (*_CONTAINER, "reason"),
    ),
    _last("job_start", "kube_job_status_start_time", *_JOB),
    _last("job_end", "kube_job_status_completion_time", *_JOB),
    _steps("job_failed", "kube_job_failed", 'kube_job_failed{condition="true"$S} > 0', _JOB),
    _before(
        "job_failed_before",
        "kube_job_status_start_time",
        _max('last_over_time(kube_job_failed{condition="true"$S}[1h])', _JOB)
        + f" or 0 * {_max('last_over_time(kube_job_status_start_time{$T}[1h])', _JOB)}",
        _JOB,
    ),
    _last("pod_scheduled", "kube_pod_status_scheduled_time", *_POD),
    _last("pod_ready", "kube_pod_status_ready_time", *_POD),
)

NODE_LABELS = {
    "label_node_kubernetes_io_instance_type": "node.kubernetes.io/instance-type",
    "label_beta_kubernetes_io_instance_type": "beta.kubernetes.io/instance-type",
    "label_topology_kubernetes_io_region": "topology.kubernetes.io/region",
    "label_topology_kubernetes_io_zone": "topology.kubernetes.io/zone",
    "label_karpenter_sh_capacity_type": "karpenter.sh/capacity-type",
    "label_karpenter_sh_nodepool": "karpenter.sh/nodepool",
    "label_eks_amazonaws_com_capacity_type": "eks.amazonaws.com/capacityType",
    "label_eks_amazonaws_com_nodegroup": "eks.amazonaws.com/nodegroup",
    "label_cloud_google_com_gke_nodepool": "cloud.google.com/gke-nodepool",
    "label_cloud_google_com_gke_spot": "cloud.google.com/gke-spot",
    "label_kubernetes_azure_com_agentpool": "kubernetes.azure.com/agentpool",
    "label_kubernetes_azure_com_scalesetpriority": "kubernetes.azure.com/scalesetpriority",
}
"""kube-state-metrics' name of a label -> the label."""


NODES = (
    _half_hours("node_seen", "kube_node_info", "kube_node_info{$T}", ("node",)),
    _last("node_labels", "kube_node_labels", "node", *NODE_LABELS),
    _last("node_allocatable", "kube_node_status_allocatable", "node", "resource"),
    _last("node_price", "node_total_hourly_cost", "node"),
    Query(
        "node_requested",
        _REQUESTS,
        "sum by (node,resource) (max by (namespace,pod,container,node,resource) "
        f'({_REQUESTS}{{resource=~"cpu|memory",node!=""$S}}) * on (namespace,pod) group_left () '
        '(max by (namespace,pod) (kube_pod_status_phase{phase=~"Pending|Running"$S}) > 0))',
        ("node", "resource"),
        "half-hours",
    ),
    Query(
        "node_cpu",
        _CPU,
        f'quantile_over_time(0.95, max by (node) (rate({_CPU}{{id="/",node!=""$S}}[$W]))[1h:5m])',
        ("node",),
        "hours",
    ),
    Query(
        "node_memory",
        _MEMORY,
        f'max by (node) (max_over_time({_MEMORY}{{id="/",node!=""$S}}[1h]))',
        ("node",),
        "hours",
    ),
    Query(
        "interruptions",
        "karpenter_interruption_received_messages_total",
        "sum by (message_type) (increase(karpenter_interruption_received_messages_total{$T}[30m]))",
        ("message_type",),
        "half-hours",
    ),
)

VOLUMES = (
    _last("volume_used", "kubelet_volume_stats_used_bytes", "namespace", "persistentvolumeclaim"),
    _seen(
        "volume_mounted",
        "kube_pod_spec_volumes_persistentvolumeclaims_info",
        ("namespace", "persistentvolumeclaim"),
    ),
)

NAMESPACES = Query(
    "namespaces",
    "kube_pod_info",
    "count by (namespace) (max by (namespace,pod) (last_over_time(kube_pod_info{$T}[$D])))",
    ("namespace",),
    "day",
)
POD_NAMES = Query(
    "pod_names", "kube_pod_info", "group by (namespace,pod) (last_over_time(kube_pod_info{$T}[$D]))", _POD, "day"
)
"""Of a namespace that is too large for one query."""

PRESENT = f'group(kube_node_info{{$T}}) or group({_CPU}{{id="/"$S}})'
"""Where there is any, Prometheus has data of the cluster."""

NODE_NAMES = tuple(
    f"group by (node) (last_over_time({metric}{{$T}}[30m]))"
    for metric in ("kube_node_info", "kube_pod_info", "kube_node_labels", "kube_node_status_capacity", "up")
)
"""By any of these the nodes of a Prometheus are known; `up` is the kubelet job's."""

SCRAPE_INTERVAL = f"max(count_over_time({_CPU}{{{_ROWS}}}[1h]))"
"""Samples an hour of a container's series."""


def configured(name: str, expression: str) -> Query:
    """A signal by the user's own expression, which must keep the labels namespace and pod."""
    return Query(name, "", f"sum by (namespace,pod) ({expression})", _POD, "half-hours")


def bind(query: Query, matchers: tuple[str, ...], rate_window: int, seconds: float = DAY) -> str:
    """The expression with the shard's and the cluster's matchers in every selector; `seconds` are looked back on."""
    return fill(query.expression, matchers, rate_window).replace("$D", f"{seconds:.0f}s")


def fill(expression: str, matchers: tuple[str, ...], rate_window: int = STEP) -> str:
    joined = ",".join(matchers)
    text = expression.replace("$S", f",{joined}" if joined else "").replace("$T", joined)
    return text.replace("$W", f"{rate_window}s")


def quote(value: str) -> str:
    """A label value as a PromQL string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
