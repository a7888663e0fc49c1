"""The fields of Kubernetes objects that costkit reads, as the API server writes them (msgspec skips all others).

Environment values, Secrets and ConfigMaps are not among them, but for the names of a few variables by which a runtime
sizes itself.
"""

from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

Quantities = dict[str, str | int | float]
"""The API server writes them as strings; in custom resources they stay as they were written."""


class WireOwner(Struct):
    kind: str
    name: str
    api_version: str = field(name="apiVersion", default="v1")
    uid: str = ""
    controller: bool = False


class WireManager(Struct):
    manager: str = ""


class WireMeta(Struct, rename="camel"):
    name: str = ""
    namespace: str = ""
    uid: str = ""
    creation_timestamp: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    owner_references: list[WireOwner] | None = None
    managed_fields: list[WireManager] | None = None


class WireResources(Struct):
    requests: Quantities | None = None
    limits: Quantities | None = None


class WireFieldRef(Struct):
    resource: str = ""


class WireValueFrom(Struct):
    resource_field_ref: WireFieldRef | None = field(name="resourceFieldRef", default=None)


class WireEnv(Struct):
    """`value` is looked at for MaxRAMPercentage and then let go."""

    name: str = ""
    value: str | None = None
    value_from: WireValueFrom | None = field(name="valueFrom", default=None)


class WireContainer(Struct, rename="camel"):
    name: str = ""
    image: str = ""
    resources: WireResources = field(default_factory=WireResources)
    restart_policy: str = ""
    env: list[WireEnv] | None = None
    args: list[str] | None = None
    command: list[str] | None = None


class WirePodSpec(Struct, rename="camel"):
    containers: list[WireContainer] | None = None
    init_containers: list[WireContainer] | None = None
    node_name: str = ""
    overhead: Quantities | None = None
    resources: WireResources | None = None
    priority: int | None = None


class WireTemplate(Struct):
    metadata: WireMeta = field(default_factory=WireMeta)
    spec: WirePodSpec = field(default_factory=WirePodSpec)


class WireTerminated(Struct, rename="camel"):
    reason: str = ""
    finished_at: str | None = None


class WireWaiting(Struct):
    reason: str = ""


class WireState(Struct):
    waiting: WireWaiting | None = None
    terminated: WireTerminated | None = None


class WireContainerStatus(Struct, rename="camel"):
    name: str = ""
    restart_count: int = 0
    state: WireState = field(default_factory=WireState)
    last_state: WireState = field(default_factory=WireState)


class WirePodStatus(Struct, rename="camel"):
    phase: str = ""
    start_time: str | None = None
    container_statuses: list[WireContainerStatus] | None = None


class WirePod(Struct):
    metadata: WireMeta
    spec: WirePodSpec = field(default_factory=WirePodSpec)
    status: WirePodStatus = field(default_factory=WirePodStatus)


class WireSelector(Struct, rename="camel"):
    match_labels: dict[str, str] | None = None


class WireJobTemplateSpec(Struct):
    template: WireTemplate = field(default_factory=WireTemplate)


class WireJobTemplate(Struct):
    spec: WireJobTemplateSpec = field(default_factory=WireJobTemplateSpec)


class WireWorkloadSpec(Struct, rename="camel"):
    """Of everything with a pod template; a custom resource's template may be of any shape."""

    replicas: Any = None
    template: WireTemplate | None = None
    job_template: WireJobTemplate | None = None


class WireWorkload(Struct):
    metadata: WireMeta
    spec: WireWorkloadSpec = field(default_factory=WireWorkloadSpec)


class WireCustom(Struct):
    """A custom resource: its template is looked for only after the rest is known to be sound."""

    metadata: WireMeta
    spec: Any | UnsetType = UNSET


class WireTaint(Struct):
    key: str
    effect: str
    value: str | None = None


class WireNodeSpec(Struct, rename="camel"):
    provider_id: str = field(name="providerID", default="")
    unschedulable: bool = False
    taints: list[WireTaint] | None = None


class WireCondition(Struct):
    type: str
    status: str


class WireNodeStatus(Struct):
    capacity: Quantities | None = None
    allocatable: Quantities | None = None
    conditions: list[WireCondition] | None = None


class WireNode(Struct):
    metadata: WireMeta
    spec: WireNodeSpec = field(default_factory=WireNodeSpec)
    status: WireNodeStatus = field(default_factory=WireNodeStatus)


class WireNamespace(Struct):
    metadata: WireMeta
