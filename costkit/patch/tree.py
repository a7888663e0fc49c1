"""A plan as a tree of patch files: the one way into this folder, beside writing the tree.

In: a Plan. Out: a PatchTree. Two runs on one plan give equal bytes: no clock, no order but the targets'.
"""

from collections.abc import Mapping

from costkit.errors import UsageError
from costkit.model.labels import UNLABELLED
from costkit.model.patch import PatchTree
from costkit.model.plan import Item, Plan
from costkit.patch.build import Build, build
from costkit.patch.index import index
from costkit.patch.kubectl import live_patches, rollbacks
from costkit.patch.kustomize import components
from costkit.patch.paths import INDEX, README, folder_of
from costkit.patch.readme import contents, readme


def patches(plan: Plan, group_by: str | None = None) -> PatchTree:
    """All patches of a plan; with a cost label, one folder a value of it, each with the whole layout.

    UsageError where the plan has no such label.
    """
    built = build(plan)
    if group_by is None:
        return PatchTree(_layout(plan, built))
    if group_by not in plan.label_keys:
        raise UsageError(f"no cost label {group_by} to group by", f"one of: {', '.join(plan.label_keys) or 'none'}")
    groups = _groups(built, group_by)
    folders = {value: f"{folder_of(value)}/" for value in groups}
    files = {folders[v] + path: text for v, part in groups.items() for path, text in _layout(plan, part).items()}
    files[README] = contents(plan, group_by, {folders[v]: (v, part) for v, part in groups.items()})
    files[INDEX] = index(plan, {folders[v]: part for v, part in groups.items()}, files)
    return PatchTree(files)


def _layout(plan: Plan, built: Build) -> dict[str, str]:
    files = {
        **components(plan, built.patches),
        **live_patches(plan, built.patches),
        **rollbacks(plan, built.patches),
        README: readme(plan, built),
    }
    return {**files, INDEX: index(plan, {"": built}, files)}


def _groups(built: Build, label: str) -> Mapping[str, Build]:
    """Value -> its part, in the values' order. A workload stays whole: its first item's label speaks for it."""
    values = {_value(p.items[0], label) for p in built.patches} | {_value(o.item, label) for o in built.left_out}
    return {
        value: Build(
            patches=tuple(p for p in built.patches if _value(p.items[0], label) == value),
            left_out=tuple(o for o in built.left_out if _value(o.item, label) == value),
        )
        for value in sorted(values)
    }


def _value(item: Item, label: str) -> str:
    return item.recommendation.labels.get(label, UNLABELLED)
