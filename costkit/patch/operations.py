"""Resizes of one workload as operations on its pod template, and the way back.

In: old and new quantities of a template's containers. Out: plain dicts and lists, as a strategic-merge patch or as
JSON6902. No text, no files.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from costkit.model.plan import Item
from costkit.model.pods import Spelling
from costkit.model.target import Target
from costkit.patch.kinds import PodTemplate

Section = Literal["requests", "limits"]
SECTIONS: tuple[Section, ...] = ("requests", "limits")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One quantity that changes; None where it is absent."""

    section: Section
    resource: str
    old: Spelling | None
    new: Spelling | None


@dataclass(frozen=True, slots=True)
class ContainerPatch:
    """The quantities that change in one container; `index` is its place in the template."""

    name: str
    index: int
    fields: tuple[FieldChange, ...]
    absent: tuple[Section, ...] = ()
    """Maps that the template lacks before the change: they come, and go again, whole."""


@dataclass(frozen=True, slots=True)
class WorkloadPatch:
    """All that changes in one workload, in one patch."""

    target: Target
    template: PodTemplate
    containers: tuple[ContainerPatch, ...]
    items: tuple[Item, ...]

    @property
    def raises(self) -> bool:
        """Whether nothing in it is taken away; a workload with a cut in any container lies with the cuts."""
        return all(item.recommendation.raises for item in self.items)

    @property
    def managed_by(self) -> str:
        return next((i.recommendation.managed_by for i in self.items if i.recommendation.managed_by), "")

    @property
    def monthly(self) -> float:
        """USD freed a month; negative where it costs more."""
        return sum(item.saving.alone for item in self.items)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One place in an object and its value before and after; None where there is none."""

    path: str
    old: Any
    new: Any


def inverse(patch: WorkloadPatch) -> WorkloadPatch:
    """The patch that restores what this one changes; the inverse of an inverse is the patch itself."""
    return replace(
        patch,
        containers=tuple(
            replace(c, fields=tuple(replace(f, old=f.new, new=f.old) for f in c.fields)) for c in patch.containers
        ),
    )


def strategic(patch: WorkloadPatch) -> dict[str, Any]:
    """The nested dict from `spec` down to the fields that change; None removes a field."""
    body: dict[str, Any] = {"containers": [_merged(c) for c in patch.containers]}
    for key in reversed(patch.template.path):
        body = {key: body}
    return body


def json6902(patch: WorkloadPatch) -> list[dict[str, Any]]:
    """Operations that fail as a whole where a container's name or an old value is not the expected one.

    `test` with null holds where a path is absent (RFC 6902 as evanphx/json-patch reads it: kubectl, kustomize and the
    API server alike).
    """
    operations: list[dict[str, Any]] = []
    for container in patch.containers:
        place = "/" + "/".join((*patch.template.path, "containers", str(container.index)))
        operations.append({"op": "test", "path": f"{place}/name", "value": container.name})
        for assignment in _assignments(container):
            operations += _guarded(replace(assignment, path=place + assignment.path))
    return operations


def _merged(container: ContainerPatch) -> dict[str, Any]:
    return {"name": container.name, "resources": _maps(container.fields, "new", keep_none=True)}


def _maps(
    fields: tuple[FieldChange, ...], side: Literal["old", "new"], *, keep_none: bool = False
) -> dict[str, dict[str, Spelling | None]]:
    """Section -> resource -> quantity, without the sections that would be empty."""
    maps: dict[str, dict[str, Spelling | None]] = {}
    for field in fields:
        value = field.new if side == "new" else field.old
        if value is not None or keep_none:
            maps.setdefault(field.section, {})[field.resource] = value
    return maps


def _assignments(container: ContainerPatch) -> list[Assignment]:
    """A map that the template lacks is assigned whole: JSON6902 cannot add a key below a path that is not there."""
    old, new = _maps(container.fields, "old"), _maps(container.fields, "new")
    if set(container.absent) == set(SECTIONS):
        return [Assignment("/resources", old or None, new or None)]
    whole = [
        Assignment(f"/resources/{s}", old.get(s), new.get(s)) for s in container.absent if old.get(s) != new.get(s)
    ]
    single = [
        Assignment(f"/resources/{f.section}/{f.resource}", f.old, f.new)
        for f in container.fields
        if f.section not in container.absent
    ]
    return single + whole


def _guarded(assignment: Assignment) -> list[dict[str, Any]]:
    guard = {"op": "test", "path": assignment.path, "value": assignment.old}
    if assignment.new is None:
        return [guard, {"op": "remove", "path": assignment.path}]
    verb = "add" if assignment.old is None else "replace"
    return [guard, {"op": verb, "path": assignment.path, "value": assignment.new}]
