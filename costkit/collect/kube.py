"""The Kubernetes side of a collection: every list that costkit reads, as a model Cluster."""

from dataclasses import replace

import msgspec

from costkit.collect import decode, decode_policy
from costkit.collect import wire as w
from costkit.collect import wire_policy as wp
from costkit.collect.lists import Lists
from costkit.collect.owners import Owners
from costkit.collect.reads import IDENTITY, LISTS
from costkit.collect.workloads import read_workloads, workload_of
from costkit.connect.kube import Kube, ListError
from costkit.errors import ClusterError
from costkit.model.cluster import Cluster
from costkit.model.listed import Missing, Present
from costkit.model.objects import Namespace

_PODS = LISTS["pods"]


class _Version(msgspec.Struct, rename="camel"):
    git_version: str = ""


def read_cluster(kube: Kube, name: str) -> tuple[Cluster, Owners]:
    """The cluster as it is now, and who controls whom in it. ClusterError if its identity cannot be read."""
    lists = Lists(kube)
    identity = _identity(kube)
    pods = lists.read(_PODS, w.WirePod)
    workloads, owners = read_workloads(lists, pods)
    cluster = Cluster(
        id=identity,
        name=name or identity,
        version=_version(kube),
        workloads=workloads,
        pods=lists.converted(_PODS, pods, lambda p: decode.pod(p, workload_of(p, owners))),
    )
    return replace(_around(lists, cluster), coverage=lists.coverage), owners


def _around(lists: Lists, cluster: Cluster) -> Cluster:
    """The objects that are no workloads."""
    p = decode_policy
    ranges = lists.each(LISTS["limitranges"], wp.WireLimitRange, p.limit_range)
    return replace(
        cluster,
        nodes=lists.each(LISTS["nodes"], w.WireNode, decode.node),
        namespaces=lists.each(LISTS["namespaces"], w.WireNamespace, lambda n: Namespace(decode.meta(n.metadata))),
        autoscalers=lists.each(LISTS["horizontalpodautoscalers"], wp.WireHpa, p.autoscaler),
        vertical_autoscalers=lists.each(
            LISTS["verticalpodautoscalers"], wp.WireVpa, p.vertical_autoscaler, optional=True
        ),
        disruption_budgets=lists.each(LISTS["poddisruptionbudgets"], wp.WirePdb, p.disruption_budget),
        limit_ranges=ranges if isinstance(ranges, Missing) else Present(tuple(r for r in ranges.items if r)),
        quotas=lists.each(LISTS["resourcequotas"], wp.WireQuota, p.quota),
        volumes=lists.each(LISTS["persistentvolumes"], wp.WireVolume, p.volume),
        claims=lists.each(LISTS["persistentvolumeclaims"], wp.WireClaim, p.claim),
        storage_classes=lists.each(LISTS["storageclasses"], wp.WireStorageClass, p.storage_class),
        services=lists.each(LISTS["services"], wp.WireService, p.service),
        endpoint_slices=lists.each(LISTS["endpointslices"], wp.WireEndpointSlice, p.endpoint_slice),
    )


def _identity(kube: Kube) -> str:
    """The UID of the namespace kube-system: the only identity that every cluster has."""
    try:
        body = kube.get(IDENTITY)
        return msgspec.json.decode(body, type=w.WireNamespace).metadata.uid
    except ListError as error:
        hint = "give the account the reader role (kubectl apply -f deploy/rbac-reader.yaml)"
        raise ClusterError(
            f"the cluster's identity (namespace kube-system) cannot be read: {error.reason}",
            hint if error.status == 403 else "check that the context's server is a Kubernetes API server",
        ) from error
    except msgspec.MsgspecError as error:
        raise ClusterError(
            f"{kube.host} is not a Kubernetes API server: it answers with something else",
            "check the server of the kubeconfig's context, or log in to the proxy before it",
        ) from error


def _version(kube: Kube) -> str:
    """Empty where the account may not ask: it is only shown."""
    try:
        return msgspec.json.decode(kube.get("/version"), type=_Version).git_version
    except (ListError, msgspec.MsgspecError):
        return ""
