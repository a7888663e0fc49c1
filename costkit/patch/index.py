"""`index.json`: every change for machines, and every file with its hash, by which a later run knows its own.

In: what one folder holds. Out: the index's text. Reading it back is done where files are: patch.ownership.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from costkit.model.change import Resize
from costkit.model.plan import Item, Plan
from costkit.model.target import Target
from costkit.patch.build import Build
from costkit.patch.header import day
from costkit.patch.operations import WorkloadPatch
from costkit.patch.paths import files_of

API_VERSION = "costkit.io/v1"
KIND = "PatchIndex"


def index(plan: Plan, parts: Mapping[str, Build], files: Mapping[str, str]) -> str:
    """`parts`: folder prefix (`team-a/`, or empty) -> what lies in it; `files`: all texts but the index's own."""
    return dumps(
        {
            "apiVersion": API_VERSION,
            "kind": KIND,
            "cluster": {"id": plan.cluster_id, "name": plan.cluster_name},
            "window": {"start": day(plan.window.start), "end": day(plan.window.end), "days": plan.window.days},
            "changes": [entry for prefix, built in parts.items() for entry in _changes(prefix, built.patches)],
            "leftOut": [
                {"id": left.item.recommendation.id, **_coordinates(left.item.target), "reason": left.reason}
                for built in parts.values()
                for left in built.left_out
            ],
            "files": [{"path": path, "sha256": digest(files[path])} for path in sorted(files)],
        }
    )


def dumps(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _changes(prefix: str, patches: Iterable[WorkloadPatch]) -> Iterable[dict[str, Any]]:
    for patch in patches:
        files = [prefix + path for path in files_of(patch)]
        for item in patch.items:
            yield from (_change(item, change, files) for change in item.recommendation.changes)


def _change(item: Item, change: Resize, files: list[str]) -> dict[str, Any]:
    found = item.recommendation
    return {
        "id": found.id,
        **_coordinates(change.target),
        "before": change.before.quantities(),
        "after": change.after.quantities(),
        "monthly": round(item.saving.alone, 2),
        "risk": found.risk,
        "confidence": round(found.confidence, 4),
        "managedBy": found.managed_by or None,
        "files": files,
    }


def _coordinates(target: Target) -> dict[str, Any]:
    version = target.api_version.rpartition("/")[2]
    return {
        "gvk": {"group": target.group, "version": version, "kind": target.kind},
        "namespace": target.namespace,
        "name": target.name,
        "container": target.container,
    }
