"""Where each file of the tree lies: relative POSIX paths that no label and no name can lead out of the folder.

In: label values and workload patches. Out: paths. The file system is not looked at.
"""

import hashlib
import re

from costkit.model.labels import UNLABELLED
from costkit.patch.operations import WorkloadPatch

README = "README.md"
INDEX = "index.json"

_PLAIN = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?")
_LONGEST_STEM = 200
"""A file's name may have 255 bytes; a workload's alone 253."""


def folder_of(value: str) -> str:
    """A folder name for a label's value, the same in every run. Two values never share one, whatever the case.

    A value that is plain stands for itself. Any other gets a hash behind `~`, which no plain value holds.
    """
    if value == UNLABELLED:
        return "_unlabelled"
    if _PLAIN.fullmatch(value):
        return value
    slug = re.sub(r"[^a-z0-9]+", "-", value.lower())[:40].strip("-")
    return f"{slug or 'value'}~{_digest(value)}"


def stem(patch: WorkloadPatch) -> str:
    """A file name without its ending: `deployment-api`; custom kinds carry their group: `rollout-web_argoproj.io`."""
    target = patch.target
    group = "" if patch.template.form == "strategic" else f"_{target.group}"
    name = f"{target.kind.lower()}-{target.name}{group}"
    return name if len(name) <= _LONGEST_STEM else f"{name[: _LONGEST_STEM - 20]}~{_digest(name)}"


def side(patch: WorkloadPatch) -> str:
    """Raises are kept apart from cuts: they are taken for other reasons, by other people."""
    return "raises/" if patch.raises else ""


def kustomize_path(patch: WorkloadPatch) -> str:
    ending = "yaml" if patch.template.form == "strategic" else "json6902.yaml"
    return f"{side(patch)}kustomize/{patch.target.namespace}/{stem(patch)}.{ending}"


def kubectl_path(patch: WorkloadPatch) -> str:
    return f"{side(patch)}kubectl/{_patch_file(patch)}"


def rollback_path(patch: WorkloadPatch) -> str:
    return f"{side(patch)}rollback/{_patch_file(patch)}"


def files_of(patch: WorkloadPatch) -> tuple[str, ...]:
    """All files that a change stands in, but those that only list it."""
    return kubectl_path(patch), kustomize_path(patch), rollback_path(patch)


def _patch_file(patch: WorkloadPatch) -> str:
    ending = "yaml" if patch.template.form == "strategic" else "json"
    return f"{patch.target.namespace}/{stem(patch)}.patch.{ending}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]
