"""How long each container ran, by the class of node that it ran on: what its money is counted with."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from costkit.k8s.placement import held_hours
from costkit.model.clock import Clock
from costkit.model.listed import known
from costkit.model.pods import Pod
from costkit.model.snapshot import Snapshot
from costkit.model.target import Target
from costkit.model.usage import target_of

Hours = Mapping[Target, Mapping[str, float]]
"""Container -> node class -> pod-hours of the window, by the clock of the nodes."""

_KEY = ["namespace", "kind", "name", "container", "api_version", "node_class"]
_ORDER = ["day", "revision"]
"""In which hours are added up, so that the last digit does not hang on the order of the rows."""


def pod_hours(snapshot: Snapshot, clock: Clock) -> Hours:
    """From the frame `usage`; a container that nobody sampled, as long as its living pods have run."""
    return {**_assumed(snapshot, clock), **_measured(snapshot.frames.usage, clock)}


def _measured(usage: pa.Table, clock: Clock) -> dict[Target, dict[str, float]]:
    found: dict[Target, dict[str, float]] = defaultdict(dict)
    for resource in ("memory", "cpu"):
        part = usage.filter(pc.equal(usage["resource"], resource)).select([*_KEY, *_ORDER, "pod_hours"])
        part = _seen(part, clock).sort_by([(column, "ascending") for column in _ORDER])
        rows = part.group_by(_KEY, use_threads=False).aggregate([("pod_hours", "sum")])
        for row in rows.to_pylist():
            found[target_of(row)][row["node_class"]] = row["pod_hours_sum"]
    return found


def _seen(part: pa.Table, clock: Clock) -> pa.Table:
    """The rows with the hours in which nodes were seen, too."""
    days, day_of = np.unique(part["day"].to_numpy(), return_inverse=True)
    shares = np.array([clock.shares.get(day, 1.0) for day in days.tolist()])
    hours = part["pod_hours"].to_numpy() * shares[day_of]
    return part.set_column(part.column_names.index("pod_hours"), "pod_hours", pa.array(hours))


def _assumed(snapshot: Snapshot, clock: Clock) -> dict[Target, dict[str, float]]:
    cluster = snapshot.cluster

    def lived(pod: Pod) -> float:
        began = pod.meta.created if pod.start is None else pod.start
        return clock.hours_between(began, snapshot.window.end)

    return held_hours(known(cluster.pods), known(cluster.nodes), lived)
