"""`README.md`: what lies in a folder of patches, and the exact commands to use it.

In: a plan and what became of its items. Out: Markdown. Labels, names and reasons in it are other people's words.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby

from costkit.model.change import Resize
from costkit.model.plan import Plan
from costkit.patch.build import Build, LeftOut
from costkit.patch.header import counted, money, seen
from costkit.patch.kustomize import namesake, namesakes
from costkit.patch.markdown import fence, plain, table
from costkit.patch.operations import SECTIONS, WorkloadPatch
from costkit.patch.paths import kustomize_path
from costkit.patch.yaml import dump

_SEEN = """\
A patch that meets no object is passed over without a word. What will change is seen with

```sh
kubectl kustomize . | kubectl diff -f -
```

"""
_IN_SEVERAL = """\
Workloads of these names are in several namespaces: their patches meet only objects that name theirs. Where your files
name none, and `namespace:` in a kustomization does, take the component in a kustomization above that one: beside it,
components come first, and meet nothing.
"""


def readme(plan: Plan, built: Build) -> str:
    """The page of one whole layout."""
    parts = [
        _title(plan, built.patches, built.left_out),
        _namespaces(built.patches),
        *(_use(plan, built.patches, raises=raises) for raises in (False, True)),
        _managed(built.patches),
        _left_out(built.left_out),
    ]
    return "\n".join(part for part in parts if part)


def contents(plan: Plan, label: str, parts: Mapping[str, tuple[str, Build]]) -> str:
    """The page above the folders of a label's values: folder -> (value, what lies in it)."""
    everything = tuple(patch for _, built in parts.values() for patch in built.patches)
    left = tuple(out for _, built in parts.values() for out in built.left_out)
    rows = (
        [f"[{plain(folder)}]({folder}README.md)", plain(value), *_sums(built.patches), str(len(built.left_out))]
        for folder, (value, built) in parts.items()
    )
    head = ["Folder", plain(label), "Workloads cut", "Workloads raised", "Money", "Without a patch"]
    return f"{_title(plan, everything, left)}\n{table(head, rows)}"


def _title(plan: Plan, patches: tuple[WorkloadPatch, ...], left: tuple[LeftOut, ...]) -> str:
    total = money(sum(patch.monthly for patch in patches))
    what = f"{counted(len(patches), 'workload')} to change: together that {total}." if patches else "Nothing to change."
    worth = money(sum(out.item.saving.alone for out in left))
    rest = f" {counted(len(left), 'more recommendation')} without a patch: {worth}." if left else ""
    return f"# Patches by costkit\n\n{plain(what + rest)}\n\nFrom {plain(seen(plan))}, rules {plain(plan.rules)}.\n"


def _namespaces(patches: tuple[WorkloadPatch, ...]) -> str:
    if not patches:
        return ""
    grouped = groupby(patches, key=lambda patch: patch.target.namespace)
    rows = ([plain(namespace), *_sums(tuple(members))] for namespace, members in grouped)
    return table(["Namespace", "Workloads cut", "Workloads raised", "Money"], rows)


def _sums(patches: tuple[WorkloadPatch, ...]) -> list[str]:
    raised = sum(patch.raises for patch in patches)
    return [str(len(patches) - raised), str(raised), money(sum(patch.monthly for patch in patches))]


def _use(plan: Plan, patches: tuple[WorkloadPatch, ...], *, raises: bool) -> str:
    """Commands for cuts or raises: as kustomize components, or on the live objects."""
    chosen = [patch for patch in patches if patch.raises is raises]
    if not chosen:
        return ""
    prefix = "raises/" if raises else ""
    commands = (
        f"sh {prefix}kubectl/apply.sh               # asks the server, changes nothing\n"
        f"APPLY=1 sh {prefix}kubectl/apply.sh       # changes {counted(len(chosen), 'workload')}, restarts their pods\n"
        f"APPLY=1 sh {prefix}rollback/apply.sh      # puts the old values back\n"
    )
    return (
        f"## {'Raises' if raises else 'Cuts'}\n\n{_components(plan, chosen)}"
        f"Or on live objects:\n\n{fence(commands, 'sh')}"
    )


def _components(plan: Plan, patches: list[WorkloadPatch]) -> str:
    folders = sorted({(patch.target.namespace, kustomize_path(patch).rpartition("/")[0]) for patch in patches})
    blocks = (f"{plain(name)}:\n\n{fence(dump({'components': [folder]}), 'yaml')}\n" for name, folder in folders)
    return (
        "In the kustomization of each namespace, and in that one alone (paths from here):\n\n"
        f"{''.join(blocks)}{_shared(plan, patches)}{_SEEN}"
    )


def _shared(plan: Plan, patches: list[WorkloadPatch]) -> str:
    """What to do about names that do not tell which object is meant."""
    shared = namesakes(plan)
    met = dict(sorted((p.target.short, shared[namesake(p.target)]) for p in patches if namesake(p.target) in shared))
    if not met:
        return ""
    named = "".join(f"- {plain(name)}: {plain(', '.join(places))}\n" for name, places in met.items())
    return f"{_IN_SEVERAL}\n{named}\n"


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
        {"name": change.target.container, "resources": _changed(change)} for change in left.item.recommendation.changes
    ]
    return dump({"containers": containers})


def _changed(change: Resize) -> dict[str, dict[str, str | None]]:
    """What stays is not pinned: it may be a LimitRange's default."""
    before, after = change.before.quantities(), change.after.quantities()
    maps = {s: {r: q for r, q in after[s].items() if q != before[s][r]} for s in SECTIONS}
    return {section: quantities for section, quantities in maps.items() if quantities}
