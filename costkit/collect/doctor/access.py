"""What the account may read of the API server: an answer for each right goes in, a check for each comes out."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from costkit.collect.reads import IDENTITY, LISTS, group_of
from costkit.connect.access import Right, may
from costkit.connect.kube import Kube
from costkit.model.checkup import Check, Job, Level
from costkit.model.cluster import Coverage

_IN_FLIGHT = 4
_NOTHING_RESIZED = "sizes: nothing is resized where it is not known what"
_OF_WORKLOADS = "sizes of these workloads, and of pods that may be theirs"
_UNUSED = "its place in the snapshot; no recommendation of this version rests on it"
LOST: Mapping[str, str] = {
    "pods": f"{_NOTHING_RESIZED} runs; cost by workload",
    "nodes": "the check that it is the right Prometheus; sizes and prices of nodes as they are now",
    "namespaces": f"{_NOTHING_RESIZED} class a namespace's labels give; cost labels of namespaces",
    "deployments": _OF_WORKLOADS,
    "statefulsets": _OF_WORKLOADS,
    "daemonsets": _OF_WORKLOADS,
    "replicasets": "sizes of Deployments, Rollouts and all else whose pods come by ReplicaSets",
    "replicationcontrollers": _OF_WORKLOADS,
    "cronjobs": _OF_WORKLOADS,
    "jobs": "sizes of Jobs and CronJobs",
    "horizontalpodautoscalers": f"{_NOTHING_RESIZED} an HPA scales",
    "verticalpodautoscalers": f"{_NOTHING_RESIZED} a VPA sizes",
    "limitranges": f"{_NOTHING_RESIZED} a LimitRange allows",
    "poddisruptionbudgets": _UNUSED,
    "resourcequotas": _UNUSED,
    "endpointslices": _UNUSED,
    "persistentvolumes": "cost of volumes",
    "persistentvolumeclaims": "whose volumes are",
    "storageclasses": "types of volumes: they are priced as the default type",
    "services": "cost of load balancers",
}
"""By the plural of a list."""
_DECISIVE = ("pods", "namespaces", "horizontalpodautoscalers", "verticalpodautoscalers", "limitranges")
_STOPS: Mapping[str, tuple[Job, ...]] = dict.fromkeys(_DECISIVE, ("rightsize",))
_FORBIDDEN = " is forbidden: "
"""In the API server's own words, after the list's name."""
IDENTITY_RIGHT = Right("get", "", "namespaces", IDENTITY.rpartition("/")[2])


def rights() -> tuple[Right, ...]:
    """All that a collection asks for, custom resources aside."""
    return (IDENTITY_RIGHT, *(Right("list", group_of(path), plural) for plural, path in LISTS.items()))


def read_rights(kube: Kube) -> dict[Right, bool]:
    """Right -> whether the account has it."""
    asked = rights()
    with ThreadPoolExecutor(_IN_FLIGHT) as pool:
        return dict(zip(asked, pool.map(lambda right: may(kube, right), asked), strict=True))


def access(allowed: Mapping[Right, bool]) -> Iterator[Check]:
    """A check a right, in the order of the table."""
    for right, has_it in allowed.items():
        name = f"{right.verb} {right.resource}{f' {right.name}' if right.name else ''}"
        if has_it:
            yield Check("access", name, "ok", "allowed")
        else:
            lost, stops = _loss(right)
            yield Check("access", name, "FAIL", "not allowed", lost, _rule(right), stops)


def lists(coverage: Iterable[Coverage], allowed: Mapping[Right, bool]) -> Iterator[Check]:
    """Lists that were asked for and not had, but those whose right is known to lack."""
    refused = {right.resource for right, has_it in allowed.items() if not has_it and right.verb == "list"}
    for row in coverage:
        if row.status == "missing" and row.source not in refused:
            yield _unread(row)


def _unread(row: Coverage) -> Check:
    lost = LOST.get(row.source, "the owner above it: its pods stand under their direct owner")
    level: Level = "FAIL" if row.source in LOST else "warn"
    found = "not allowed" if _FORBIDDEN in row.detail else row.detail
    return Check("lists", row.source, level, found, lost, _rule_of(row.detail), _STOPS.get(row.source, ()))


def _loss(right: Right) -> tuple[str, tuple[Job, ...]]:
    if right == IDENTITY_RIGHT:
        return "everything: a cluster is told from others by the UID of this namespace", ("recommend",)
    return LOST[right.resource], _STOPS.get(right.resource, ())


def _rule(right: Right) -> str:
    names = f", resourceNames: [{right.name}]" if right.name else ""
    group = right.group or '""'
    return (
        "add to the rules of the account's ClusterRole: "
        f"- {{apiGroups: [{group}], resources: [{right.resource}], verbs: [{right.verb}]{names}}}"
    )


def _rule_of(detail: str) -> str:
    qualified, forbidden, _ = detail.partition(_FORBIDDEN)
    if not forbidden:
        return "see what the API server says of it (kubectl get --raw); costkit collect -v shows the path"
    resource, _, group = qualified.partition(".")
    return _rule(Right("list", group, resource))
