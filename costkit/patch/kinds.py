"""Where each kind keeps its pod template, and which form of patch it takes.

In: a target. Out: its PodTemplate, and whether its kind may change at all. Nothing is read or written.
"""

from dataclasses import dataclass
from typing import Literal

from costkit.model.target import Target

Form = Literal["strategic", "json"]
"""`strategic` merges containers by name. Only built-in kinds know how: on a custom resource it replaces the list, so
those take guarded JSON6902."""


@dataclass(frozen=True, slots=True)
class PodTemplate:
    """Keys from the object down to its pod's spec."""

    path: tuple[str, ...]
    form: Form


_TEMPLATE = ("spec", "template", "spec")
_BUILT_IN = {
    ("apps", "Deployment"): _TEMPLATE,
    ("apps", "StatefulSet"): _TEMPLATE,
    ("apps", "DaemonSet"): _TEMPLATE,
    ("apps", "ReplicaSet"): _TEMPLATE,
    ("", "ReplicationController"): _TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", *_TEMPLATE),
}
_FIXED = {("batch", "Job"), ("", "Pod")}


def is_fixed(target: Target) -> bool:
    """Whether objects of this kind cannot be resized once they exist: Jobs (families too) and bare pods."""
    return (target.group, target.kind) in _FIXED


def is_built_in(target: Target) -> bool:
    return (target.group, target.kind) in _BUILT_IN


def is_custom(target: Target) -> bool:
    """Whether a custom resource: Kubernetes' own groups have no dot, or end in .k8s.io."""
    return "." in target.group and not target.group.endswith(".k8s.io")


def pod_template(target: Target) -> PodTemplate:
    """A custom resource is taken to hold its pod template at spec.template: the caller knows whether it has one."""
    if is_built_in(target):
        return PodTemplate(_BUILT_IN[target.group, target.kind], "strategic")
    return PodTemplate(_TEMPLATE, "json")
