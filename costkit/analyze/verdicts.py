"""What is known of a container that decides against a size, whatever its numbers say (FIELD_NOTES, Sizing)."""

from collections.abc import Iterator

from costkit.analyze.case import Case
from costkit.analyze.heaps import Under
from costkit.analyze.shapes import leak, standby, too_few_runs
from costkit.model.facts import Verdict
from costkit.model.objects import Workload
from costkit.model.quantities import short_memory

_BROKEN = ("CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "CreateContainerConfigError", "InvalidImageName")
_PATCHABLE_CUSTOM = ("Rollout",)
"""Custom resources whose spec.template is theirs to be patched; another's operator may write it anew."""


def verdicts(case: Case) -> tuple[Verdict, ...]:
    """In the order in which they decide."""
    return tuple(verdict for judge in _JUDGES for verdict in judge(case))


def _headroom(case: Case) -> Iterator[Verdict]:
    if case.pods and all(pod.priority < 0 for pod in case.pods) and "pause" in (case.spec.image if case.spec else ""):
        yield Verdict("headroom", "pause pods of negative priority: room that is kept free on purpose")


def _broken(case: Case) -> Iterator[Verdict]:
    waiting = [
        s.waiting for p in case.pods for s in p.states if s.name == case.target.container and s.waiting in _BROKEN
    ]
    if waiting and len(waiting) == len(case.pods):
        yield Verdict("broken", f"{waiting[0]} in all {len(waiting)} pods: it does no work, whatever its size")


def _owned(case: Case) -> Iterator[Verdict]:
    workload = case.workload
    if workload is None:
        return
    if workload.owner is not None:
        yield Verdict("owned", f"{workload.owner.kind} {workload.owner.name} writes it: a patch here would be undone")
    elif "." in workload.target.group and not workload.unread and not _patchable(workload):
        yield Verdict("custom-resource", f"the size stands in a field of {workload.target.kind} that is its operator's")


def _patchable(workload: Workload) -> bool:
    built_in = workload.target.group.endswith(".k8s.io")
    return built_in or (workload.target.kind in _PATCHABLE_CUSTOM and bool(workload.containers))


def _pod_level(case: Case) -> Iterator[Verdict]:
    """Requests of the pod as a whole (Kubernetes 1.34) stand in place of its containers'."""
    if any(pod.pod_requests for pod in case.pods):
        yield Verdict("pod-level", "its pods set their requests as a whole: a container's alone would free nothing")


def _injected(case: Case) -> Iterator[Verdict]:
    workload = case.workload
    if case.running is not None and case.declared is None and workload is not None and workload.containers:
        yield Verdict("injected", "not in the template: a patch there would add a container without an image")


def _heap_bound(case: Case) -> Iterator[Verdict]:
    spec = case.spec
    if spec is None or "memory" not in spec.limits:
        return
    if spec.memory_reader:
        yield Verdict("heap-bound", f"{spec.memory_reader}: its heap follows the memory limit, so use says nothing")
    elif case.heap is not None:
        yield Verdict("heap-bound", f"its peaks are {_shares(*case.heap)}: its heap follows the limit")


def _shares(before: Under, now: Under) -> str:
    """`50% of the limit under 8Gi and 52% under 5Gi`."""
    first, second = f"{before.share:.0%}", f"{now.share:.0%}"
    again = "" if first == second else f"{second} "
    return f"{first} of the limit under {short_memory(before.limit)} and {again}under {short_memory(now.limit)}"


def _unread(case: Case) -> Iterator[Verdict]:
    if case.unread:
        yield Verdict("unread", f"{case.unread} could not be read: what forbids a change there is not known")
    elif case.workload is not None and case.workload.unread:
        yield Verdict("unread", f"not all of it could be read ({case.workload.unread})")


def _container_label(case: Case) -> Iterator[Verdict]:
    if case.unsplit:
        yield Verdict("container-label", "its series have no container label: what its pods use cannot be split")


_JUDGES = (
    _headroom,
    _broken,
    _owned,
    _pod_level,
    _injected,
    _heap_bound,
    leak,
    standby,
    too_few_runs,
    _unread,
    _container_label,
)
