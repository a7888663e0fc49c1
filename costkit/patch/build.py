"""Which recommendations become patches, which cannot, and why.

In: a Plan. Out: one WorkloadPatch a workload and the items that are left out. Text and files are made elsewhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from costkit.model.change import Resize, Resources
from costkit.model.plan import Item, Plan
from costkit.model.quantities import parse
from costkit.model.target import Target
from costkit.patch.kinds import is_built_in, is_custom, is_fixed, pod_template
from costkit.patch.operations import SECTIONS, ContainerPatch, FieldChange, WorkloadPatch

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9]{0,62}")
_API_VERSION = re.compile(r"([a-z0-9][a-z0-9.-]{0,251}/)?v[a-z0-9]{1,62}")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A recommendation without a patch, and why, in a sentence."""

    item: Item
    reason: str


@dataclass(frozen=True, slots=True)
class Build:
    patches: tuple[WorkloadPatch, ...]
    """Ordered by target, one a workload."""
    left_out: tuple[LeftOut, ...] = ()


def build(plan: Plan) -> Build:
    """Patches of all items that can be patched. A workload is changed in one step, cuts and raises together."""
    ordered = sorted(plan.items, key=lambda item: (item.target, item.recommendation.id))
    reasons = [(item, refusal(plan, item)) for item in ordered]
    patched = (item for item, reason in reasons if not reason)
    return Build(
        patches=tuple(
            _workload_patch(plan, target, tuple(items))
            for target, items in groupby(patched, key=lambda item: item.target.workload)
        ),
        left_out=tuple(LeftOut(item, reason) for item, reason in reasons if reason),
    )


def refusal(plan: Plan, item: Item) -> str:
    """Why an item cannot be patched; empty where it can."""
    target = item.target
    changes = item.recommendation.changes
    if is_fixed(target):
        return f"a {target.kind} cannot be resized once it exists: change what makes it"
    if not all(_is_named_well(change.target) for change in changes):
        return "its name, kind or API version is none that Kubernetes allows"
    if not (is_built_in(target) or is_custom(target)):
        return f"no place for a pod template is known in a {target.kind} of {target.api_version}"
    if not any(field_changes(plan, change) for change in changes):
        return "its template declares these values already"
    return next(filter(None, (_mismatch(plan, change.target) or _excess(plan, change) for change in changes)), "")


def field_changes(plan: Plan, change: Resize) -> tuple[FieldChange, ...]:
    """The quantities that the change is about, requests first; the old ones as the template spells them.

    What stays as it is in force is not written, though the template declares something else: a LimitRange's defaults
    and what a pod was resized to in place are none of its business.
    """
    before, after = change.before.quantities(), change.after.quantities()
    declared = _declared(plan, change).quantities()
    spelled = plan.template_spelling.get(change.target, {})
    return tuple(
        FieldChange(s, r, spelled.get(f"{s}.{r}", declared[s][r]), after[s][r])
        for s in SECTIONS
        for r in after[s]
        if after[s][r] not in (before[s][r], declared[s][r])
    )


def _declared(plan: Plan, change: Resize) -> Resources:
    """What the template declares now."""
    return plan.template_resources.get(change.target, change.before)


def _is_named_well(target: Target) -> bool:
    """Names go into paths, commands and regular expressions: those that no API server lets pass are not trusted."""
    return (
        all(_NAME.fullmatch(name) for name in (target.namespace, target.name, target.container))
        and _KIND.fullmatch(target.kind) is not None
        and _API_VERSION.fullmatch(target.api_version) is not None
    )


def _mismatch(plan: Plan, target: Target) -> str:
    """A merge in dry mode: the name must meet exactly one container, else a merge would add one without an image."""
    matches = plan.template_containers.get(target.workload, ()).count(target.container)
    if matches == 1:
        return ""
    return f"its template has {matches or 'no'} containers of the name {target.container}, not one"


def _excess(plan: Plan, change: Resize) -> str:
    """Where the template would then ask for more than it allows: the API server would refuse all of the patch."""
    patched = _declared(plan, change).quantities()
    for field in field_changes(plan, change):
        patched[field.section][field.resource] = None if field.new is None else str(field.new)
    for resource, request in patched["requests"].items():
        limit = patched["limits"][resource]
        if request and limit and parse(request) > parse(limit):
            return f"its template would have a {resource} request of {request} above its limit of {limit}"
    return ""


def _workload_patch(plan: Plan, target: Target, items: tuple[Item, ...]) -> WorkloadPatch:
    changes = (change for item in items for change in item.recommendation.changes)
    return WorkloadPatch(target, pod_template(target), tuple(_containers(plan, changes)), items)


def _containers(plan: Plan, changes: Iterable[Resize]) -> list[ContainerPatch]:
    """In the order of the template."""
    patches = []
    for change in changes:
        declared = _declared(plan, change).quantities()
        patches.append(
            ContainerPatch(
                name=change.target.container,
                index=plan.template_containers[change.target.workload].index(change.target.container),
                fields=field_changes(plan, change),
                absent=tuple(s for s in SECTIONS if not any(declared[s].values())),
            )
        )
    return sorted((p for p in patches if p.fields), key=lambda patch: patch.index)
