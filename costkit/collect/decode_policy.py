"""Wire objects -> model: autoscalers, budgets, quotas, storage and services."""

from costkit.collect.decode import amounts, meta
from costkit.collect.wire_policy import (
    WireClaim,
    WireEndpointSlice,
    WireHpa,
    WireLimit,
    WireLimitRange,
    WireMetric,
    WireMetricTarget,
    WirePdb,
    WireQuota,
    WireReference,
    WireService,
    WireStorageClass,
    WireVolume,
    WireVolumeSpec,
    WireVpa,
)
from costkit.model.objects import (
    Autoscaler,
    Claim,
    DisruptionBudget,
    EndpointSlice,
    HpaMetric,
    LimitRange,
    Quota,
    Service,
    StorageClass,
    VerticalAutoscaler,
    Volume,
)
from costkit.model.quantities import parse
from costkit.model.target import Target

_IN_TREE = {
    "aws_elastic_block_store": "kubernetes.io/aws-ebs",
    "azure_disk": "kubernetes.io/azure-disk",
    "azure_file": "kubernetes.io/azure-file",
    "cephfs": "kubernetes.io/cephfs",
    "cinder": "kubernetes.io/cinder",
    "fc": "kubernetes.io/fc",
    "flex_volume": "kubernetes.io/flexvolume",
    "gce_persistent_disk": "kubernetes.io/gce-pd",
    "glusterfs": "kubernetes.io/glusterfs",
    "host_path": "kubernetes.io/host-path",
    "iscsi": "kubernetes.io/iscsi",
    "local": "kubernetes.io/local-volume",
    "nfs": "kubernetes.io/nfs",
    "portworx_volume": "kubernetes.io/portworx-volume",
    "rbd": "kubernetes.io/rbd",
    "vsphere_volume": "kubernetes.io/vsphere-volume",
}
"""Field of a volume's source -> the plugin's own name, by which StorageClasses and prices know it."""
_PRICED_PARAMETERS = ("type", "skuName", "skuname", "storageaccounttype")


def autoscaler(wire: WireHpa) -> Autoscaler:
    current = {_metric_key(m): m for m in wire.status.current_metrics or ()}
    return Autoscaler(
        meta=meta(wire.metadata),
        workload=_target(wire.spec.scale_target_ref, wire.metadata.namespace),
        minimum=1 if wire.spec.min_replicas is None else wire.spec.min_replicas,
        maximum=wire.spec.max_replicas,
        metrics=tuple(_metric(m, current.get(_metric_key(m))) for m in wire.spec.metrics or ()),
        desired=wire.status.desired_replicas,
    )


def vertical_autoscaler(wire: WireVpa) -> VerticalAutoscaler:
    policy = wire.spec.update_policy
    return VerticalAutoscaler(
        meta=meta(wire.metadata),
        workload=_target(wire.spec.target_ref, wire.metadata.namespace),
        mode=(policy.update_mode if policy else None) or "Auto",
    )


def disruption_budget(wire: WirePdb) -> DisruptionBudget:
    return DisruptionBudget(
        meta=meta(wire.metadata),
        selector=(wire.spec.selector.match_labels if wire.spec.selector else None) or {},
        min_available=_text(wire.spec.min_available),
        max_unavailable=_text(wire.spec.max_unavailable),
        disruptions_allowed=wire.status.disruptions_allowed,
    )


def limit_range(wire: WireLimitRange) -> LimitRange | None:
    """Its bounds for containers and pods; None where it has neither."""
    limits = {limit.type: limit for limit in wire.spec.limits or ()}
    if not limits.keys() & {"Container", "Pod"}:
        return None
    bounds, of_pods = limits.get("Container", WireLimit()), limits.get("Pod", WireLimit())
    return LimitRange(
        meta=meta(wire.metadata),
        minimum=amounts(bounds.min),
        maximum=amounts(bounds.max),
        default_requests=amounts(bounds.default_request),
        default_limits=amounts(bounds.default),
        max_ratio=amounts(bounds.max_limit_request_ratio),
        pod_minimum=amounts(of_pods.min),
        pod_maximum=amounts(of_pods.max),
    )


def quota(wire: WireQuota) -> Quota:
    return Quota(meta=meta(wire.metadata), hard=amounts(wire.status.hard), used=amounts(wire.status.used))


def volume(wire: WireVolume) -> Volume:
    claim = wire.spec.claim_ref
    return Volume(
        meta=meta(wire.metadata),
        capacity=amounts(wire.spec.capacity).get("storage", 0.0),
        storage_class=wire.spec.storage_class_name,
        phase=wire.status.phase,
        claim=f"{claim.namespace}/{claim.name}" if claim else "",
        reclaim=wire.spec.persistent_volume_reclaim_policy,
        driver=_driver(wire.spec),
    )


def _driver(wire: WireVolumeSpec) -> str:
    if wire.csi:
        return wire.csi.driver
    return next((plugin for field, plugin in _IN_TREE.items() if getattr(wire, field) is not None), "")


def claim(wire: WireClaim) -> Claim:
    resources = wire.spec.resources
    return Claim(
        meta=meta(wire.metadata),
        request=amounts(resources.requests if resources else None).get("storage", 0.0),
        phase=wire.status.phase,
        volume=wire.spec.volume_name,
        storage_class=wire.spec.storage_class_name or "",
    )


def storage_class(wire: WireStorageClass) -> StorageClass:
    parameters = {k: v for k, v in (wire.parameters or {}).items() if k in _PRICED_PARAMETERS}
    return StorageClass(meta=meta(wire.metadata), provisioner=wire.provisioner, parameters=parameters)


def service(wire: WireService) -> Service:
    ingress = wire.status.load_balancer.ingress or ()
    return Service(
        meta=meta(wire.metadata),
        type=wire.spec.type,
        selector=wire.spec.selector or {},
        addresses=tuple(i.ip or i.hostname for i in ingress),
    )


def endpoint_slice(wire: WireEndpointSlice) -> EndpointSlice:
    references = [e.target_ref for e in wire.endpoints or () if e.target_ref]
    return EndpointSlice(
        meta=meta(wire.metadata),
        service=(wire.metadata.labels or {}).get("kubernetes.io/service-name", ""),
        pods=tuple(r.name for r in references if r.kind == "Pod"),
    )


def _target(reference: WireReference, namespace: str) -> Target:
    return Target(namespace, reference.kind, reference.name, "", reference.api_version)


def _metric_key(wire: WireMetric) -> tuple[str, str, str]:
    source = wire.source
    if source is None:
        return wire.type, "", ""
    return wire.type, source.name or (source.metric.name if source.metric else ""), source.container


def _metric(wire: WireMetric, current: WireMetric | None) -> HpaMetric:
    type_, name, container = _metric_key(wire)
    target = wire.source.target if wire.source else WireMetricTarget()
    seen = current.source.current if current and current.source else WireMetricTarget()
    return HpaMetric(type_, name, container, target.type, _amount(target), _amount(seen))


def _amount(target: WireMetricTarget) -> float | None:
    """Per cent for a utilization, else the plain number of its quantity."""
    if target.average_utilization is not None:
        return target.average_utilization
    text = target.average_value or target.value
    return parse(text) if text else None


def _text(value: int | str | None) -> str:
    return "" if value is None else str(value)
