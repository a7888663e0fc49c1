"""Patches as kustomize components, one a namespace: one line in a kustomization takes them in.

In: workload patches and the plan. Out: path -> text. Nothing is written here.
"""

from collections.abc import Container, Mapping
from itertools import groupby
from typing import Any

from costkit.model.plan import Plan
from costkit.model.target import Target
from costkit.patch.header import counted, header, seen
from costkit.patch.operations import WorkloadPatch, json6902, strategic
from costkit.patch.paths import kustomize_path
from costkit.patch.yaml import dump

Namesake = tuple[str, str, str]


def components(plan: Plan, patches: tuple[WorkloadPatch, ...]) -> dict[str, str]:
    """A kustomization and one patch a workload for each namespace; `patches` are ordered by target."""
    shared = namesakes(plan)
    files = {kustomize_path(patch): dump(_body(patch), header(plan, patch)) for patch in patches}
    by_folder = sorted(patches, key=lambda patch: (_folder(patch), kustomize_path(patch)))
    for folder, members in groupby(by_folder, key=_folder):
        files[f"{folder}/kustomization.yaml"] = _kustomization(plan, list(members), shared)
    return files


def namesakes(plan: Plan) -> Mapping[Namesake, tuple[str, ...]]:
    """Group, kind and name of the workloads that are in several namespaces of the cluster -> those, ordered."""
    places: dict[Namesake, set[str]] = {}
    for target in plan.template_containers:
        places.setdefault(namesake(target), set()).add(target.namespace)
    return {key: tuple(sorted(found)) for key, found in places.items() if len(found) > 1}


def namesake(target: Target) -> Namesake:
    return target.group, target.kind, target.name


def _folder(patch: WorkloadPatch) -> str:
    return kustomize_path(patch).rpartition("/")[0]


def _kustomization(plan: Plan, patches: list[WorkloadPatch], shared: Container[Namesake]) -> str:
    component = {
        "apiVersion": "kustomize.config.k8s.io/v1alpha1",
        "kind": "Component",
        "patches": [
            {"path": kustomize_path(p).rpartition("/")[2], "target": _selector(p.target, namesake(p.target) in shared)}
            for p in patches
        ],
    }
    return dump(
        component, [f"costkit: {counted(len(patches), 'workload')} of {patches[0].target.namespace}", seen(plan)]
    )


def _selector(target: Target, is_shared: bool) -> dict[str, str]:
    """Explicit and anchored: a patch without one fails where the base names no namespace, or another.

    kustomize says `default` for an object that names no namespace. Such a base is met, too, but not where the name
    alone does not tell which of several workloads it is.
    """
    group = {"group": target.group} if target.group else {}
    version = target.api_version.rpartition("/")[2]
    place = target.namespace if is_shared else f"({target.namespace}|default)"
    return {
        **group,
        "version": version,
        "kind": target.kind,
        "name": _anchored(target.name),
        "namespace": f"^{place}$",
    }


def _anchored(name: str) -> str:
    """A regular expression for this name alone: of what names may hold, only the dot means something else there."""
    return "^" + name.replace(".", r"\.") + "$"


def _body(patch: WorkloadPatch) -> dict[str, Any] | list[dict[str, Any]]:
    if patch.template.form == "json":
        return json6902(patch)
    target = patch.target
    identity = {"apiVersion": target.api_version, "kind": target.kind, "metadata": {"name": target.name}}
    return {**identity, **strategic(patch)}
