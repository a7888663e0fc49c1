"""Patches for `kubectl patch`, one document a file, and the script that applies them; the way back has the same shape.

In: workload patches and the plan. Out: path -> text. Nothing is written or run here.
"""

import json
from collections.abc import Callable

from costkit.model.plan import Plan
from costkit.patch.header import header, rollback_header
from costkit.patch.operations import WorkloadPatch, inverse, json6902, strategic
from costkit.patch.paths import kubectl_path, rollback_path
from costkit.patch.script import script
from costkit.patch.yaml import dump


def live_patches(plan: Plan, patches: tuple[WorkloadPatch, ...]) -> dict[str, str]:
    """`kubectl/`: one file a workload and `apply.sh`."""
    files = {kubectl_path(patch): _body(patch, header(plan, patch)) for patch in patches}
    return files | _scripts(plan, patches, kubectl_path, "makes")


def rollbacks(plan: Plan, patches: tuple[WorkloadPatch, ...]) -> dict[str, str]:
    """`rollback/`: puts the old values back; a field that was absent is absent again."""
    back = tuple(map(inverse, patches))
    files = {rollback_path(patch): _body(patch, rollback_header(plan, patch)) for patch in back}
    return files | _scripts(plan, back, rollback_path, "takes back")


def _scripts(
    plan: Plan, patches: tuple[WorkloadPatch, ...], path_of: Callable[[WorkloadPatch], str], verb: str
) -> dict[str, str]:
    files = {}
    for raises in (False, True):
        listed = [(patch, path_of(patch)) for patch in patches if patch.raises is raises]
        if listed:
            folder = path_of(listed[0][0]).rsplit("/", 2)[0]
            files[f"{folder}/apply.sh"] = script(plan, listed, verb)
    return files


def _body(patch: WorkloadPatch, lines: list[str]) -> str:
    """JSON has no comments: what a custom resource's patch is about stands in its kustomize twin and in the index."""
    if patch.template.form == "json":
        return json.dumps(json6902(patch), indent=2) + "\n"
    return dump(strategic(patch), lines)
