"""A cluster as its API server describes it at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from costkit.model.listed import Missing, Present, known
from costkit.model.nodes import Node
from costkit.model.objects import (
    Autoscaler,
    Claim,
    DisruptionBudget,
    EndpointSlice,
    LimitRange,
    Namespace,
    Quota,
    Service,
    StorageClass,
    VerticalAutoscaler,
    Volume,
    Workload,
)
from costkit.model.pods import Pod

_UNREAD = Missing("not read")

Status = Literal["ok", "absent", "assumed", "partial", "missing"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Every list is Present or Missing; `id` is the UID of the namespace kube-system, `name` is for people."""

    id: str
    name: str
    version: str = ""
    nodes: Present[Node] | Missing = _UNREAD
    namespaces: Present[Namespace] | Missing = _UNREAD
    workloads: Present[Workload] | Missing = _UNREAD
    pods: Present[Pod] | Missing = _UNREAD
    autoscalers: Present[Autoscaler] | Missing = _UNREAD
    vertical_autoscalers: Present[VerticalAutoscaler] | Missing = _UNREAD
    disruption_budgets: Present[DisruptionBudget] | Missing = _UNREAD
    limit_ranges: Present[LimitRange] | Missing = _UNREAD
    quotas: Present[Quota] | Missing = _UNREAD
    volumes: Present[Volume] | Missing = _UNREAD
    claims: Present[Claim] | Missing = _UNREAD
    storage_classes: Present[StorageClass] | Missing = _UNREAD
    services: Present[Service] | Missing = _UNREAD
    endpoint_slices: Present[EndpointSlice] | Missing = _UNREAD
    coverage: "tuple[Coverage, ...]" = field(default=())
    """What the collector has to say of how it read them."""

    def namespace_labels(self) -> Mapping[str, Mapping[str, str]]:
        return {n.meta.name: n.meta.labels for n in known(self.namespaces)}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one source was seen.

    `ok`; `absent`: there is none of it, which is no gap; `assumed`: a stand-in serves; `partial`, `missing`: a gap.
    """

    source: str
    status: Status
    detail: str = ""
