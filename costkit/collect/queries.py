"""ALL PromQL of costkit, by name; what `$S` and its like stand for is in `query`.

Names and labels are cAdvisor's and kube-state-metrics 2.x's; `spelling` says queries as other servers do. `max by`
comes first: two kubelet jobs, two kube-state-metrics or an HA pair double every series, and a maximum does not care.
"""

from dataclasses import replace

from costkit.collect.queries_usage import (
    CONTAINER_SIGNALS,
    CPU,
    CPU_SECONDS,
    GPU,
    MEMORY,
    POD_SIGNALS,
    POD_USAGE,
    REQUESTS,
    SCRAPE_INTERVAL,
    USAGE,
    WORKING_SET,
    by_resource,
    configured,
)
from costkit.collect.query import (
    CONTAINER,
    Family,
    Query,
    before,
    bind,
    fill,
    half_hours,
    highest,
    last,
    of_object,
    quote,
    seen,
    steps,
)

__all__ = [
    "CONTAINER_SIGNALS",
    "CPU",
    "GPU",
    "MEMORY",
    "POD_SIGNALS",
    "POD_USAGE",
    "SCRAPE_INTERVAL",
    "USAGE",
    "Query",
    "bind",
    "configured",
    "fill",
    "quote",
]

_POD = ("namespace", "pod")
_ONE_POD = (*_POD, "uid")
"""A name may be used again: a StatefulSet's pod is another one after each rollout."""

PODS = (
    seen("pod_seen", "kube_pod_info", (*_ONE_POD, "node")),
    seen(
        "pod_running", "kube_pod_status_phase", (*_ONE_POD, "instance"), 'kube_pod_status_phase{phase="Running"$S} > 0'
    ),
    last("pod_start", "kube_pod_start_time", *_ONE_POD),
    last("pod_end", "kube_pod_completion_time", *_ONE_POD),
    last("pod_owner", "kube_pod_owner", *_ONE_POD, "owner_kind", "owner_name"),
    last("pod_labels", "kube_pod_labels", *_ONE_POD, "label_pod_template_hash", "label_controller_revision_hash"),
    last("replicaset_owner", "kube_replicaset_owner", "namespace", "replicaset", "owner_kind", "owner_name"),
    last("job_owner", "kube_job_owner", "namespace", "job_name", "owner_kind", "owner_name"),
)

REPLICAS = {
    "Deployment": (
        of_object("replicas_desired", "kube_deployment_spec_replicas", "deployment"),
        replace(
            of_object("replicas_ready", "kube_deployment_status_replicas_ready", "deployment"),
            lesser=of_object("replicas_ready", "kube_deployment_status_replicas_available", "deployment"),
        ),
    ),
    "StatefulSet": (
        of_object("replicas_desired", "kube_statefulset_replicas", "statefulset"),
        of_object("replicas_ready", "kube_statefulset_status_replicas_ready", "statefulset"),
    ),
    "DaemonSet": (
        of_object("replicas_desired", "kube_daemonset_status_desired_number_scheduled", "daemonset"),
        of_object("replicas_ready", "kube_daemonset_status_number_ready", "daemonset"),
    ),
    "ReplicaSet": (
        of_object("replicas_desired", "kube_replicaset_spec_replicas", "replicaset"),
        of_object("replicas_ready", "kube_replicaset_status_ready_replicas", "replicaset"),
    ),
    "ReplicationController": (
        of_object("replicas_desired", "kube_replicationcontroller_spec_replicas", "replicationcontroller"),
        of_object("replicas_ready", "kube_replicationcontroller_status_ready_replicas", "replicationcontroller"),
    ),
}
"""By the kind that they count for."""


def _scaler(name: str, metric: str, matchers: str = "$T", *labels: str) -> Query:
    """Of an HPA, whose own name was the label `hpa` once."""
    new = f"kube_horizontalpodautoscaler_{metric}"
    by = ("namespace", "horizontalpodautoscaler", *labels)
    old = highest(f"kube_hpa_{metric}{{{matchers}}}", ("namespace", "hpa", *labels))
    renamed = f'label_replace({old}, "horizontalpodautoscaler", "$1", "hpa", "(.*)")'
    older = half_hours(name, f"kube_hpa_{metric}", renamed, by)
    return replace(half_hours(name, new, f"{new}{{{matchers}}}", by), older=older)


_TARGET = ("metric_name", "metric_target_type")

AUTOSCALERS = (
    _scaler("hpa_desired", "status_desired_replicas"),
    _scaler("hpa_minimum", "spec_min_replicas"),
    _scaler("hpa_maximum", "spec_max_replicas"),
    _scaler("hpa_limited", "status_condition", 'condition="ScalingLimited",status="true"$S'),
    _scaler("hpa_target", "spec_target_metric", "$T", *_TARGET),
    _scaler("hpa_current", "status_target_metric", "$T", *_TARGET),
)

_JOB = ("namespace", "job_name")
_RESTARTS = "kube_pod_container_status_restarts_total"
_EXIT, _LAST_EXIT = "kube_pod_container_status_terminated_reason", "kube_pod_container_status_last_terminated_reason"
"""The first is gone as soon as the container runs again."""

EVENTS = (
    steps("restarts", _RESTARTS, f"{_RESTARTS}{{$T}} > 0"),
    before("restarts_before", _RESTARTS, highest(f"last_over_time({_RESTARTS}{{$T}}[1h])", CONTAINER), CONTAINER),
    replace(
        steps("last_exit", _LAST_EXIT, f"{_LAST_EXIT}{{$T}} > 0", (*CONTAINER, "reason")),
        lesser=steps("last_exit", _EXIT, f"max_over_time({_EXIT}{{$T}}[5m]) > 0", (*CONTAINER, "reason")),
    ),
    last("job_start", "kube_job_status_start_time", *_JOB),
    last("job_end", "kube_job_status_completion_time", *_JOB),
    steps("job_failed", "kube_job_failed", 'kube_job_failed{condition="true"$S} > 0', _JOB),
    before(
        "job_failed_before",
        "kube_job_status_start_time",
        highest('last_over_time(kube_job_failed{condition="true"$S}[1h])', _JOB)
        + f" or 0 * {highest('last_over_time(kube_job_status_start_time{$T}[1h])', _JOB)}",
        _JOB,
    ),
    last("pod_scheduled", "kube_pod_status_scheduled_time", *_POD),
    last("pod_ready", "kube_pod_status_ready_time", *_POD),
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


def _requested(needs: str, series: str) -> Query:
    parts = (*CONTAINER, "node", "resource")
    expression = (
        f"{highest(series, parts)} * on (namespace,pod) group_left () "
        '(max by (namespace,pod) (kube_pod_status_phase{phase=~"Pending|Running"$S}) > 0)'
    )
    labels = ("node", "resource")
    return Query(
        "node_requested", needs, expression, labels, "half-hours", parts=parts, together="sum by (node,resource)"
    )


_ALLOCATABLE = "kube_node_status_allocatable"
_OLD_ALLOCATABLE = highest(
    by_resource(f"last_over_time({_ALLOCATABLE}_%s{{$T}}[$D])", ("cpu", "memory", "pods")), ("node", "resource")
)

NODES = (
    half_hours("node_seen", "kube_node_info", "kube_node_info{$T}", ("node",)),
    last("node_labels", "kube_node_labels", "node", *NODE_LABELS),
    replace(
        last("node_allocatable", _ALLOCATABLE, "node", "resource"),
        older=Query("node_allocatable", f"{_ALLOCATABLE}_cpu_cores", _OLD_ALLOCATABLE, ("node", "resource"), "day"),
    ),
    last("node_price", "node_total_hourly_cost", "node"),
    replace(
        _requested(REQUESTS, f'{REQUESTS}{{resource=~"cpu|memory",node!=""$S}}'),
        older=_requested(f"{REQUESTS}_cpu_cores", by_resource(f'{REQUESTS}_%s{{node!=""$S}}', ("cpu", "memory"))),
    ),
    Query(
        "node_cpu",
        CPU_SECONDS,
        f'quantile_over_time(0.95, max by (node) (rate({CPU_SECONDS}{{id="/",node!=""$S}}[$W]))[1h:5m])',
        ("node",),
        "hours",
    ),
    Query(
        "node_memory",
        WORKING_SET,
        f'max by (node) (max_over_time({WORKING_SET}{{id="/",node!=""$S}}[1h]))',
        ("node",),
        "hours",
    ),
    Query(
        "interruptions",
        "karpenter_interruption_received_messages_total",
        "sum by (message_type) (max by (message_type,instance) "
        "(increase(karpenter_interruption_received_messages_total{$T}[30m])))",
        ("message_type",),
        "half-hours",
    ),
)

VOLUMES = (
    last("volume_used", "kubelet_volume_stats_used_bytes", "namespace", "persistentvolumeclaim"),
    seen(
        "volume_mounted",
        "kube_pod_spec_volumes_persistentvolumeclaims_info",
        ("namespace", "persistentvolumeclaim"),
    ),
)

EVERY = (
    *(*USAGE, *POD_USAGE, *PODS, *CONTAINER_SIGNALS, *POD_SIGNALS, *AUTOSCALERS, *EVENTS, *NODES, *VOLUMES),
    *(query for asked in REPLICAS.values() for query in asked),
)
"""All that is read of a day."""

NAMESPACES = Query(
    "namespaces",
    "kube_pod_info",
    highest("last_over_time(kube_pod_info{$T}[$D])", _POD),
    ("namespace",),
    "day",
    parts=_POD,
    together="count by (namespace)",
)
POD_NAMES = Query(
    "pod_names", "kube_pod_info", "group by (namespace,pod) (last_over_time(kube_pod_info{$T}[$D]))", _POD, "day"
)
"""Of a namespace that is too large for one query."""

PRESENT = f'group(kube_node_info{{$T}}) or group({CPU_SECONDS}{{id="/"$S}})'
"""Where there is any, Prometheus has data of the cluster."""

NODE_NAMES = tuple(
    f"group by (node,exported_node) (last_over_time({metric}{{$T}}[30m]))"
    for metric in ("kube_node_info", "kube_pod_info", "kube_node_labels", "kube_node_status_capacity", "up")
)
"""By any of these the nodes of a Prometheus are known; `up` is the kubelet job's.

Where a scrape puts a node of its own into `node`, the one that is told of is in `exported_node`.
"""


_EXPORTED = tuple((label, f"exported_{label}") for label in (*CONTAINER, "node"))

FAMILIES = (
    Family("nodes", ("kube_node_",), ("kube_node_info", "kube_node_labels"), "node", _EXPORTED[-1:]),
    Family("kube-state-metrics", ("kube_",), ("kube_pod_info", "kube_pod_owner", _RESTARTS), "pod", _EXPORTED),
    Family(
        "kubelet",
        ("container_", "kubelet_"),
        (WORKING_SET,),
        "pod",
        (*_EXPORTED[:-1], ("pod", "pod_name"), ("container", "container_name")),
    ),
    Family("GPU exporter", ("DCGM_",), ("DCGM_FI_DEV_GPU_UTIL",), "pod", _EXPORTED[:-1], may_mix=False),
)
"""Whose labels are looked at; a metric is of the first family with its prefix."""
