"""What stands around a container: autoscalers that act on it, tools that would undo a change, labels that say whose."""

from collections.abc import Mapping

from costkit.model.cluster import Cluster
from costkit.model.labels import CostLabels, find
from costkit.model.listed import known
from costkit.model.objects import Workload
from costkit.model.target import Target

Labels = Mapping[str, str]

_MANAGERS = (
    ("meta.helm.sh/release-name", "Helm"),
    ("argocd.argoproj.io/tracking-id", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("helm.toolkit.fluxcd.io/name", "Flux"),
    ("addonmanager.kubernetes.io/mode", "addon manager"),
)
"""Annotation or label that a tool leaves -> the tool. The first one found decides."""


def managed_by(workload: Workload | None) -> str:
    """The tool that would undo a live change, and its release where it says one: `Helm (release shop)`."""
    if workload is None:
        return ""
    marks = {**workload.labels, **workload.meta.annotations}
    for key, tool in _MANAGERS:
        if key in marks:
            return f"{tool} ({marks[key]})" if tool in ("Helm", "Flux") else tool
    return ""


def autoscaled(cluster: Cluster, target: Target) -> tuple[str, ...]:
    """Resources of the container whose request an HPA divides by, ordered."""
    found = set()
    for autoscaler in known(cluster.autoscalers):
        if _same_workload(autoscaler.workload, target):
            for metric in autoscaler.metrics:
                if metric.divides_by_request and metric.container in ("", target.container):
                    found.add(metric.name)
    return tuple(sorted(found))


def vertically_autoscaled(cluster: Cluster, target: Target) -> str:
    """The VPA that sets the workload's requests; one that only recommends does not."""
    vpas = known(cluster.vertical_autoscalers)
    return next((v.meta.name for v in vpas if _same_workload(v.workload, target) and v.mode != "Off"), "")


def label_sources(target: Target, workload: Workload | None, namespaces: Mapping[str, Labels]) -> list[Labels]:
    """Where a label is looked for: pod template, then workload, then namespace."""
    namespace = namespaces.get(target.namespace, {})
    return [workload.template_labels, workload.labels, namespace] if workload else [namespace]


def cost_labels(cluster: Cluster, keys: tuple[str, ...]) -> CostLabels:
    """The keys with one spelling for each value, over all workloads of the cluster."""
    namespaces = cluster.namespace_labels()
    found = [find(key, label_sources(w.target, w, namespaces)) for w in known(cluster.workloads) for key in keys]
    return CostLabels.seen(keys, [value for value in found if value])


def _same_workload(reference: Target, target: Target) -> bool:
    """A reference names kind and name; its API version may be an older one of the same group."""
    same = (reference.namespace, reference.kind, reference.name) == (target.namespace, target.kind, target.name)
    return same and reference.group == target.group
