"""How long each container ran, by the class of node that it ran on: what its money is counted with."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pyarrow.compute as pc

from costkit.model.listed import known
from costkit.model.pods import Pod
from costkit.model.snapshot import Snapshot
from costkit.model.target import Target
from costkit.model.usage import target_of

Hours = Mapping[Target, Mapping[str, float]]
"""Container -> node class -> pod-hours over the window."""

_KEY = ["namespace", "kind", "name", "container", "api_version", "node_class"]
_ORDER = ["day", "revision"]
"""In which hours are added up, so that the last digit does not hang on the order of the rows."""


def pod_hours(snapshot: Snapshot, pods: Mapping[Target, Sequence[Pod]]) -> Hours:
    """From the frame `usage`; a container that nobody sampled, as if its living pods had run all the window."""
    return {**_assumed(snapshot, pods), **_measured(snapshot)}


def _measured(snapshot: Snapshot) -> dict[Target, dict[str, float]]:
    usage = snapshot.frames.usage
    found: dict[Target, dict[str, float]] = defaultdict(dict)
    for resource in ("memory", "cpu"):
        part = usage.filter(pc.equal(usage["resource"], resource)).select([*_KEY, *_ORDER, "pod_hours"])
        part = part.sort_by([(column, "ascending") for column in _ORDER])
        rows = part.group_by(_KEY, use_threads=False).aggregate([("pod_hours", "sum")])
        for row in rows.to_pylist():
            found[target_of(row)][row["node_class"]] = row["pod_hours_sum"]
    return found


def _assumed(snapshot: Snapshot, pods: Mapping[Target, Sequence[Pod]]) -> dict[Target, dict[str, float]]:
    classes = {node.name: node.node_class for node in known(snapshot.cluster.nodes)}
    found: dict[Target, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for target, living in pods.items():
        for pod in living:
            for container in (c for c in pod.containers if c.runs_on and pod.node):
                found[target.of(container.name)][classes.get(pod.node, "")] += snapshot.window.hours
    return {target: dict(hours) for target, hours in found.items()}
