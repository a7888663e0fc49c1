"""Workloads from their own lists, and the owners above them: built-in controllers first, then custom resources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from costkit.collect.decode import containers, controller, kept_annotations, meta
from costkit.collect.lists import Lists
from costkit.collect.owners import Owners, bare_pod, family
from costkit.collect.reads import LISTS
from costkit.collect.wire import WireCustom, WireMeta, WirePod, WireTemplate, WireWorkload
from costkit.model.listed import Missing, Present, known
from costkit.model.objects import Workload
from costkit.model.target import Target

_BUILT_IN = (
    ("Deployment", "apps/v1", LISTS["deployments"]),
    ("StatefulSet", "apps/v1", LISTS["statefulsets"]),
    ("DaemonSet", "apps/v1", LISTS["daemonsets"]),
    ("ReplicaSet", "apps/v1", LISTS["replicasets"]),
    ("ReplicationController", "v1", LISTS["replicationcontrollers"]),
    ("CronJob", "batch/v1", LISTS["cronjobs"]),
    ("Job", "batch/v1", LISTS["jobs"]),
)
_BELOW = {"Deployment": ("ReplicaSet",), "Rollout": ("ReplicaSet",), "CronJob": ("Job",)}
"""What stands between a workload and its pods; below another custom resource it may be anything."""
_ANY = tuple(kind for kind, _, _ in _BUILT_IN)
_OWNERS_DEEP = 2
"""Custom resources are followed this many owners up."""


@dataclass
class Found:
    """What is known so far while the lists are read."""

    objects: dict[Target, Workload] = field(default_factory=dict)
    parents: dict[Target, Target] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    """Kind -> why its list could not be read."""

    def is_unread(self, target: Target) -> bool:
        return target.kind in self.unread and not _custom(target)

    def add(self, workload: Workload, owner: Target | None) -> None:
        self.objects[workload.target] = workload
        if owner is not None:
            self.parents[workload.target] = owner


def read_workloads(lists: Lists, pods: Present[WirePod] | Missing) -> tuple[Present[Workload] | Missing, Owners]:
    """Top workloads with their templates, and who controls whom.

    Of a kind whose list could not be read there are those that pods or other objects name as their owner: without a
    template, and `unread`, as is every workload that may have objects of that kind below it.
    """
    found = Found()
    for kind, version, path in _BUILT_IN:
        listed = lists.read(path, WireWorkload)
        if isinstance(listed, Missing):
            found.unread[kind] = listed.reason
        for wire in known(listed):
            target = Target(wire.metadata.namespace, kind, wire.metadata.name, "", version)
            found.add(_workload(lists, target, wire), controller(wire.metadata))
    living_pods = known(pods)
    _read_custom(lists, found, [p.metadata for p in living_pods])
    named = {child: up for child, up in found.parents.items() if up in found.objects or found.is_unread(up)}
    owners = Owners(parents=named, living=frozenset(found.objects))
    tops = tuple(_mark_unread(top, found.unread) for top in _tops(found, owners, living_pods))
    if found.unread and not tops:
        return Missing("; ".join(f"{kind}: {reason}" for kind, reason in found.unread.items())), owners
    return Present(tops), owners


def _mark_unread(workload: Workload, unread: Mapping[str, str]) -> Workload:
    """The workload, `unread` where it is of a kind that could not be read, or may stand above objects of one."""
    kind = workload.target.kind
    held = (kind, *_BELOW.get(kind, _ANY if _custom(workload.target) else ()))
    missing = [f"{kind}s: {unread[kind]}" for kind in held if kind in unread]
    return replace(workload, unread="; ".join(missing)) if missing else workload


def workload_of(wire: WirePod, owners: Owners) -> Target:
    """The workload of a living pod; a static pod (owned by its node) stands alone."""
    owner = controller(wire.metadata)
    if owner is None or owner.kind == "Node":
        return bare_pod(wire.metadata.namespace, wire.metadata.name)
    return owners.top(owner)


def _read_custom(lists: Lists, found: Found, pods: list[WireMeta]) -> None:
    """Follows owners of kinds that are not built in; a kind that cannot be read ends the chain below it."""
    asked: set[tuple[str, str]] = set()
    for _ in range(_OWNERS_DEEP):
        owners = [*(o for o in map(controller, pods) if o), *found.parents.values()]
        wanted = {(o.api_version, o.kind) for o in owners if o not in found.objects and _custom(o)} - asked
        for version, kind in sorted(wanted):
            _read_kind(lists, found, version, kind)
        asked |= wanted


def _custom(owner: Target) -> bool:
    return "." in owner.group


def _read_kind(lists: Lists, found: Found, version: str, kind: str) -> None:
    plural = lists.plural(version, kind)
    if isinstance(plural, Missing):
        lists.note(kind, "missing", f"{plural.reason}: its pods stand under their direct owner")
        return
    for wire in known(lists.read(f"/apis/{version}/{plural}", WireCustom)):
        target = Target(wire.metadata.namespace, kind, wire.metadata.name, "", version)
        found.add(_custom_workload(lists, target, wire), controller(wire.metadata))


def _workload(lists: Lists, target: Target, wire: WireWorkload) -> Workload:
    template = wire.spec.template or (wire.spec.job_template.spec.template if wire.spec.job_template else None)
    replicas = wire.spec.replicas if isinstance(wire.spec.replicas, int) else None
    return _with_template(lists, _bare(target, wire.metadata, replicas), template)


def _custom_workload(lists: Lists, target: Target, wire: WireCustom) -> Workload:
    """A custom resource whose spec.template is a pod template is one to be patched there; others have no containers."""
    spec: Any = wire.spec if isinstance(wire.spec, dict) else {}
    try:
        template = msgspec.convert(spec.get("template"), type=WireTemplate) if "template" in spec else None
    except msgspec.ValidationError:
        template = None
    replicas = spec.get("replicas") if isinstance(spec.get("replicas"), int) else None
    return _with_template(lists, _bare(target, wire.metadata, replicas), template)


def _bare(target: Target, wire: WireMeta, replicas: int | None) -> Workload:
    return Workload(target=target, meta=meta(wire), containers=(), replicas=replicas)


def _with_template(lists: Lists, workload: Workload, template: WireTemplate | None) -> Workload:
    """A template with a quantity that is none is not known: nothing checks those of custom resources."""
    declared = template or WireTemplate()
    try:
        specs = containers(declared.spec)
    except ValueError as error:
        lists.note(str(workload.target), "partial", f"its template is not understood: {error}")
        return replace(workload, unread=f"its template: {error}")
    return replace(
        workload,
        containers=specs,
        template_labels=declared.metadata.labels or {},
        template_annotations=kept_annotations(declared.metadata.annotations),
    )


def _tops(found: Found, owners: Owners, pods: Iterable[WirePod]) -> tuple[Workload, ...]:
    """Workloads that nothing known controls, Jobs of one family as one, and pods that stand alone."""
    tops: dict[Target, Workload] = {}
    for target in sorted(found.objects):
        if target not in owners.parents:
            _join(tops, replace(found.objects[target], owner=found.parents.get(target)))
    for wire in pods:
        target = workload_of(wire, owners)
        if target not in tops:
            _join(tops, _from_pod(target, wire, alone=target.kind == "Pod"))
    for target in sorted(set(owners.parents.values()) - found.objects.keys() - tops.keys()):
        _join(tops, _bare(target, WireMeta(name=target.name, namespace=target.namespace), None))
    return tuple(tops[target] for target in sorted(tops))


def _join(tops: dict[Target, Workload], workload: Workload) -> None:
    """The newest member stands for a family."""
    target = family(workload.target)
    before = tops.get(target)
    newest = workload if before is None or workload.meta.created >= before.meta.created else before
    members = workload.members + (before.members if before else 0)
    tops[target] = replace(newest, target=target, members=members)


def _from_pod(target: Target, wire: WirePod, *, alone: bool) -> Workload:
    """A bare pod, or the owner of a pod that could not be read: then its template is not known."""
    return Workload(
        target=target,
        meta=meta(wire.metadata) if alone else meta(WireMeta(name=target.name, namespace=target.namespace)),
        containers=containers(wire.spec) if alone else (),
        template_labels=wire.metadata.labels or {},
    )
