"""A cluster and its facts in, what a patch must know of pod templates out: containers, and what they declare."""

from collections.abc import Mapping

from costkit.model.change import Resources
from costkit.model.cluster import Cluster
from costkit.model.facts import Facts
from costkit.model.listed import known
from costkit.model.pods import ResourceMap, Spelling
from costkit.model.target import Target


def template_containers(cluster: Cluster) -> dict[Target, tuple[str, ...]]:
    """Those of spec.containers, whose places a patch counts; init containers stand in a list of their own."""
    return {w.target: tuple(c.name for c in w.containers if not c.init) for w in known(cluster.workloads)}


def template_resources(cluster: Cluster, facts: Facts) -> dict[Target, Resources]:
    """What a container's template declares, for those whose pods have something else."""
    in_force = {f.target: _resources(f.requests, f.limits) for f in facts.containers}
    declared = {
        w.target.of(c.name): _resources(c.requests, c.limits) for w in known(cluster.workloads) for c in w.containers
    }
    return {t: said for t, said in declared.items() if t in in_force and in_force[t] != said}


def template_spelling(cluster: Cluster) -> dict[Target, Mapping[str, Spelling]]:
    """Quantities that a template writes in another way than the canonical one."""
    return {w.target.of(c.name): c.spelled for w in known(cluster.workloads) for c in w.containers if c.spelled}


def _resources(requests: ResourceMap, limits: ResourceMap) -> Resources:
    return Resources(requests.get("cpu"), limits.get("cpu"), requests.get("memory"), limits.get("memory"))
