"""What stands around a container: tools that would undo a change, labels that say whose it is."""

from collections.abc import Mapping

from costkit.k8s.managers import manager
from costkit.model.cluster import Cluster
from costkit.model.labels import CostLabels, find
from costkit.model.listed import known
from costkit.model.objects import Workload
from costkit.model.target import Target

Labels = Mapping[str, str]


def managed_by(workload: Workload | None) -> str:
    """The tool that would undo a live change, and its release where it says one: `Helm (shop)`."""
    found = manager(workload.labels, workload.meta.annotations) if workload else None
    return str(found) if found else ""


def label_sources(target: Target, workload: Workload | None, namespaces: Mapping[str, Labels]) -> list[Labels]:
    """Where a label is looked for: pod template, then workload, then namespace."""
    namespace = namespaces.get(target.namespace, {})
    return [workload.template_labels, workload.labels, namespace] if workload else [namespace]


def cost_labels(cluster: Cluster, keys: tuple[str, ...]) -> CostLabels:
    """The keys with one spelling for each value, over all workloads of the cluster."""
    namespaces = cluster.namespace_labels()
    found = [find(key, label_sources(w.target, w, namespaces)) for w in known(cluster.workloads) for key in keys]
    return CostLabels.seen(keys, [value for value in found if value])
