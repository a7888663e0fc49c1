"""When a cluster has come to rest: its objects go in, the names of those still moving come out. Asks nobody."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Object = Mapping[str, Any]

KINDS = ("pods", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs")


def unsettled(objects: Iterable[Object], *, pending_ok: bool = False) -> list[str]:
    """What is not yet running, complete or failed; with `pending_ok` a pod that fits nowhere counts as at rest."""
    return [_name(item) for item in objects if not _CHECKS[item["kind"]](item, pending_ok)]


def _name(item: Object) -> str:
    return f"{item['kind']} {item['metadata']['namespace']}/{item['metadata']['name']}"


def _conditions(item: Object) -> dict[str, Object]:
    return {condition["type"]: condition for condition in item.get("status", {}).get("conditions", [])}


def _is_true(item: Object, condition: str) -> bool:
    return bool(_conditions(item).get(condition, {}).get("status") == "True")


def _pod(pod: Object, pending_ok: bool) -> bool:
    if "deletionTimestamp" in pod["metadata"]:
        return False
    phase = pod.get("status", {}).get("phase")
    if phase == "Pending":
        return pending_ok and _conditions(pod).get("PodScheduled", {}).get("reason") == "Unschedulable"
    return phase in ("Succeeded", "Failed") or (phase == "Running" and _is_true(pod, "Ready"))


def _replicated(owner: Object, pending_ok: bool) -> bool:  # noqa: ARG001  # its pods are judged one by one
    """The controller has seen the last change, and all of its pods exist and are of that change."""
    status, wanted = owner.get("status", {}), owner["spec"].get("replicas", 1)
    updated = status.get("updatedReplicas", 0) if owner["kind"] != "ReplicaSet" else wanted
    return _observed(owner) and status.get("replicas", 0) == wanted and updated == wanted


def _daemon_set(owner: Object, pending_ok: bool) -> bool:  # noqa: ARG001  # the same
    status = owner.get("status", {})
    wanted = status.get("desiredNumberScheduled", 0)
    return _observed(owner) and status.get("currentNumberScheduled", 0) == wanted


def _observed(owner: Object) -> bool:
    return bool(owner.get("status", {}).get("observedGeneration", 0) >= owner["metadata"]["generation"])


def _job(job: Object, pending_ok: bool) -> bool:
    if any(_is_true(job, condition) for condition in ("Complete", "Failed", "Suspended")):
        return True
    return pending_ok and job.get("status", {}).get("active", 0) > 0


_CHECKS: Mapping[str, Callable[[Object, bool], bool]] = {
    "Pod": _pod,
    "Deployment": _replicated,
    "ReplicaSet": _replicated,
    "StatefulSet": _replicated,
    "DaemonSet": _daemon_set,
    "Job": _job,
}
