"""Which labels kube-state-metrics was told to give: counts by label and the cluster go in, checks come out.

Without them gone pods have no revision, and gone nodes no type: it gives labels for an allow-list alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from costkit.collect import queries as q
from costkit.model.checkup import Check
from costkit.model.cluster import Cluster
from costkit.model.labels import DEFAULT_KEYS
from costkit.model.listed import known

POD_LABELS = {
    "label_pod_template_hash": "pod-template-hash",
    "label_controller_revision_hash": "controller-revision-hash",
}
"""kube-state-metrics' name of a label -> the label; those that a pod's revision is read from."""
POD_METRIC = next(query.needs for query in q.PODS if query.name == "pod_labels")
NODE_METRIC = next(query.needs for query in q.NODES if query.name == "node_labels")
COST_LABELS = {f"label_{re.sub('[^a-zA-Z0-9]', '_', key)}": key for key in DEFAULT_KEYS}
_LOST_OF_PODS = "revisions of deleted pods: they come from their owners' names"
_LOST_OF_NODES = "type, capacity type and pool of nodes that are gone: they are priced by their size"


def label_names(metric: str) -> tuple[str, ...]:
    """Those that are looked for on a metric, by kube-state-metrics' names."""
    return (*POD_LABELS, *COST_LABELS) if metric == POD_METRIC else tuple(q.NODE_LABELS)


def labels(carried: Mapping[str, Iterable[str]], cluster: Cluster) -> Iterator[Check]:
    """`carried`: metric -> kube-state-metrics' names of the labels that any of its series carries."""
    fix = _allow_list(cluster)
    pods = set(carried.get(POD_METRIC, ()))
    yield _check(POD_METRIC, POD_LABELS, pods, _wanted_of_pods(cluster), (_LOST_OF_PODS, fix))
    nodes = set(carried.get(NODE_METRIC, ()))
    yield _check(NODE_METRIC, q.NODE_LABELS, nodes, _wanted_of_nodes(cluster), (_LOST_OF_NODES, fix))
    told = [key for name, key in COST_LABELS.items() if name in pods]
    yield Check(
        "labels", "cost labels", "ok", f"{_named(told)} in series; costkit reads them from the API all the same"
    )


def _check(
    metric: str, names: Mapping[str, str], carried: set[str], wanted: Iterable[str], loss: tuple[str, str]
) -> Check:
    lacking = [label for name, label in names.items() if label in wanted and name not in carried]
    if not lacking:
        return Check("labels", metric, "ok", f"carries {_named([v for k, v in names.items() if k in carried])}")
    return Check("labels", metric, "warn", f"carries no {', '.join(lacking)}", *loss)


def _wanted_of_pods(cluster: Cluster) -> set[str]:
    return {key for pod in known(cluster.pods) for key in POD_LABELS.values() if key in pod.meta.labels}


def _wanted_of_nodes(cluster: Cluster) -> set[str]:
    return {key for node in known(cluster.nodes) for key in q.NODE_LABELS.values() if key in node.meta.labels}


def _allow_list(cluster: Cluster) -> str:
    pods = ",".join((*POD_LABELS.values(), *DEFAULT_KEYS))
    nodes = ",".join(sorted(_wanted_of_nodes(cluster)))
    return f"kube-state-metrics' argument --metric-labels-allowlist=pods=[{pods}],nodes=[{nodes}]"


def _named(labels: list[str]) -> str:
    return ", ".join(labels) or "none"
