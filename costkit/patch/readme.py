"""`README.md`: what lies in a folder of patches, and the exact commands to use it.

In: a plan and what became of its items. Out: Markdown. Labels, names and reasons in it are other people's words.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby

from costkit.model.plan import Plan
from costkit.patch.build import Build, LeftOut
from costkit.patch.header import counted, money, seen
from costkit.patch.markdown import fence, plain, table
from costkit.patch.operations import WorkloadPatch
from costkit.patch.paths import kustomize_path
from costkit.patch.yaml import dump


def readme(plan: Plan, built: Build) -> str:
    """The page of one whole layout."""
    parts = [
        _title(plan, built.patches),
        _namespaces(built.patches),
        *(_use(built.patches, raises=raises) for raises in (False, True)),
        _managed(built.patches),
        _left_out(built.left_out),
    ]
    return "\n".join(part for part in parts if part)


def contents(plan: Plan, label: str, parts: Mapping[str, tuple[str, Build]]) -> str:
    """The page above the folders of a label's values: folder -> (value, what lies in it)."""
    everything = tuple(patch for _, built in parts.values() for patch in built.patches)
    rows = (
        [f"[{plain(folder)}]({folder}README.md)", plain(value), *_sums(built.patches), str(len(built.left_out))]
        for folder, (value, built) in parts.items()
    )
    head = ["Folder", plain(label), "Workloads cut", "Workloads raised", "Money", "Without a patch"]
    return f"{_title(plan, everything)}\n{table(head, rows)}"


def _title(plan: Plan, patches: tuple[WorkloadPatch, ...]) -> str:
    total = money(sum(patch.monthly for patch in patches))
    what = f"{counted(len(patches), 'workload')} to change: together that {total}." if patches else "Nothing to change."
    return f"# Patches by costkit\n\n{plain(what)}\n\nFrom {plain(seen(plan))}, rules {plain(plan.rules)}.\n"


def _namespaces(patches: tuple[WorkloadPatch, ...]) -> str:
    if not patches:
        return ""
    grouped = groupby(patches, key=lambda patch: patch.target.namespace)
    rows = ([plain(namespace), *_sums(tuple(members))] for namespace, members in grouped)
    return table(["Namespace", "Workloads cut", "Workloads raised", "Money"], rows)


def _sums(patches: tuple[WorkloadPatch, ...]) -> list[str]:
    raised = sum(patch.raises for patch in patches)
    return [str(len(patches) - raised), str(raised), money(sum(patch.monthly for patch in patches))]


def _use(patches: tuple[WorkloadPatch, ...], *, raises: bool) -> str:
    """Commands for cuts or raises: as kustomize components, or on the live objects."""
    chosen = [patch for patch in patches if patch.raises is raises]
    if not chosen:
        return ""
    prefix = "raises/" if raises else ""
    folders = sorted({kustomize_path(patch).rpartition("/")[0] for patch in chosen})
    components = "components:\n" + "".join(f"  - {folder}\n" for folder in folders)
    commands = (
        f"sh {prefix}kubectl/apply.sh               # asks the server, changes nothing\n"
        f"APPLY=1 sh {prefix}kubectl/apply.sh       # changes {counted(len(chosen), 'workload')}, restarts their pods\n"
        f"APPLY=1 sh {prefix}rollback/apply.sh      # puts the old values back\n"
    )
    return (
        f"## {'Raises' if raises else 'Cuts'}\n\n"
        "In a kustomization (paths from here; a target is a kind and a name, in every namespace of the build):\n\n"
        f"{fence(components, 'yaml')}\nOr on live objects:\n\n{fence(commands, 'sh')}"
    )


def _managed(patches: tuple[WorkloadPatch, ...]) -> str:
    rows = [
        [plain(str(patch.target)), plain(patch.managed_by), "change the source: a live change would be undone"]
        for patch in patches
        if patch.managed_by
    ]
    title = "## Managed by another tool\n\n`apply.sh` leaves these alone.\n\n"
    return title + table(["Workload", "Manager", "What to do"], rows) if rows else ""


def _left_out(left_out: Iterable[LeftOut]) -> str:
    parts = [f"{_reason(left)}\n{fence(_snippet(left), 'yaml')}" for left in left_out]
    return "## Without a patch\n\n" + "\n".join(parts) if parts else ""


def _reason(left: LeftOut) -> str:
    what = f"{left.item.target} ({left.item.recommendation.id}), {money(left.item.saving.alone)}: {left.reason}."
    return f"- {plain(what)}\n"


def _snippet(left: LeftOut) -> str:
    """The resources to write where the template really comes from."""
    containers = [
        {"name": change.target.container, "resources": change.after.quantities()}
        for change in left.item.recommendation.changes
    ]
    return dump({"containers": containers})
