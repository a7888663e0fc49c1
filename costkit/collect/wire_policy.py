"""Wire fields of the objects around workloads: autoscalers, budgets, quotas, storage, services."""

from msgspec import Struct, field

from costkit.collect.wire import Quantities, WireMeta, WireResources, WireSelector


class WireReference(Struct):
    kind: str = ""
    name: str = ""
    api_version: str = field(name="apiVersion", default="v1")


class WireMetricTarget(Struct, rename="camel"):
    type: str = ""
    average_utilization: float | None = None
    average_value: str | None = None
    value: str | None = None


class WireMetricName(Struct):
    name: str = ""


class WireMetricSource(Struct):
    name: str = ""
    container: str = ""
    metric: WireMetricName | None = None
    target: WireMetricTarget = field(default_factory=WireMetricTarget)
    current: WireMetricTarget = field(default_factory=WireMetricTarget)


class WireMetric(Struct, rename="camel"):
    type: str = ""
    resource: WireMetricSource | None = None
    container_resource: WireMetricSource | None = None
    pods: WireMetricSource | None = None
    object: WireMetricSource | None = None
    external: WireMetricSource | None = None

    @property
    def source(self) -> WireMetricSource | None:
        return self.resource or self.container_resource or self.pods or self.object or self.external


class WireHpaSpec(Struct, rename="camel"):
    scale_target_ref: WireReference = field(default_factory=WireReference)
    min_replicas: int | None = None
    max_replicas: int = 0
    metrics: list[WireMetric] | None = None


class WireHpaStatus(Struct, rename="camel"):
    desired_replicas: int | None = None
    current_metrics: list[WireMetric] | None = None


class WireHpa(Struct):
    metadata: WireMeta
    spec: WireHpaSpec = field(default_factory=WireHpaSpec)
    status: WireHpaStatus = field(default_factory=WireHpaStatus)


class WireUpdatePolicy(Struct, rename="camel"):
    update_mode: str | None = None


class WireVpaSpec(Struct, rename="camel"):
    target_ref: WireReference = field(default_factory=WireReference)
    update_policy: WireUpdatePolicy | None = None


class WireVpa(Struct):
    metadata: WireMeta
    spec: WireVpaSpec = field(default_factory=WireVpaSpec)


class WirePdbSpec(Struct, rename="camel"):
    selector: WireSelector | None = None
    min_available: int | str | None = None
    max_unavailable: int | str | None = None


class WirePdbStatus(Struct, rename="camel"):
    disruptions_allowed: int | None = None


class WirePdb(Struct):
    metadata: WireMeta
    spec: WirePdbSpec = field(default_factory=WirePdbSpec)
    status: WirePdbStatus = field(default_factory=WirePdbStatus)


class WireLimit(Struct, rename="camel"):
    type: str = ""
    min: Quantities | None = None
    max: Quantities | None = None
    default: Quantities | None = None
    default_request: Quantities | None = None
    max_limit_request_ratio: Quantities | None = None


class WireLimitRangeSpec(Struct):
    limits: list[WireLimit] | None = None


class WireLimitRange(Struct):
    metadata: WireMeta
    spec: WireLimitRangeSpec = field(default_factory=WireLimitRangeSpec)


class WireQuotaStatus(Struct):
    hard: Quantities | None = None
    used: Quantities | None = None


class WireQuota(Struct):
    metadata: WireMeta
    status: WireQuotaStatus = field(default_factory=WireQuotaStatus)


class WireDriver(Struct):
    driver: str = ""


class WireSource(Struct):
    """Where an in-tree volume lies: that it is there says which plugin it is of."""


class WireVolumeSpec(Struct, rename="camel"):
    capacity: Quantities | None = None
    storage_class_name: str = ""
    persistent_volume_reclaim_policy: str = ""
    claim_ref: WireMeta | None = None
    csi: WireDriver | None = None
    aws_elastic_block_store: WireSource | None = None
    azure_disk: WireSource | None = None
    azure_file: WireSource | None = None
    cephfs: WireSource | None = None
    cinder: WireSource | None = None
    fc: WireSource | None = None
    flex_volume: WireSource | None = None
    gce_persistent_disk: WireSource | None = None
    glusterfs: WireSource | None = None
    host_path: WireSource | None = None
    iscsi: WireSource | None = None
    local: WireSource | None = None
    nfs: WireSource | None = None
    portworx_volume: WireSource | None = None
    rbd: WireSource | None = None
    vsphere_volume: WireSource | None = None


class WirePhase(Struct):
    phase: str = ""
    capacity: Quantities | None = None


class WireVolume(Struct):
    metadata: WireMeta
    spec: WireVolumeSpec = field(default_factory=WireVolumeSpec)
    status: WirePhase = field(default_factory=WirePhase)


class WireClaimSpec(Struct, rename="camel"):
    resources: WireResources | None = None
    volume_name: str = ""
    storage_class_name: str | None = None


class WireClaim(Struct):
    metadata: WireMeta
    spec: WireClaimSpec = field(default_factory=WireClaimSpec)
    status: WirePhase = field(default_factory=WirePhase)


class WireStorageClass(Struct):
    metadata: WireMeta
    provisioner: str = ""
    parameters: dict[str, str] | None = None


class WireServiceSpec(Struct):
    type: str = "ClusterIP"
    selector: dict[str, str] | None = None


class WireIngress(Struct):
    ip: str = ""
    hostname: str = ""


class WireLoadBalancer(Struct):
    ingress: list[WireIngress] | None = None


class WireServiceStatus(Struct, rename="camel"):
    load_balancer: WireLoadBalancer = field(default_factory=WireLoadBalancer)


class WireService(Struct):
    metadata: WireMeta
    spec: WireServiceSpec = field(default_factory=WireServiceSpec)
    status: WireServiceStatus = field(default_factory=WireServiceStatus)


class WireEndpoint(Struct, rename="camel"):
    target_ref: WireReference | None = None


class WireEndpointSlice(Struct):
    metadata: WireMeta
    endpoints: list[WireEndpoint] | None = None
