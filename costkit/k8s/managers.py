"""Tools that keep objects as their source says, by the marks that they leave on them.

Labels and annotations in, the tool that would undo a live change out. No cluster is asked here.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A label or an annotation that a tool leaves."""

    key: str
    tool: str
    value: str = ""
    """The only one that counts; empty: any."""
    names_release: bool = False
    """Whether its value is the release, application or kustomization that the object belongs to."""


MARKS = (
    Mark("argocd.argoproj.io/tracking-id", "Argo CD"),
    Mark("argocd.argoproj.io/instance", "Argo CD", names_release=True),
    Mark("kustomize.toolkit.fluxcd.io/name", "Flux", names_release=True),
    Mark("helm.toolkit.fluxcd.io/name", "Flux", names_release=True),
    Mark("meta.helm.sh/release-name", "Helm", names_release=True),
    Mark("app.kubernetes.io/managed-by", "Helm", value="Helm"),
    Mark("addonmanager.kubernetes.io/mode", "addon manager"),
)
"""The first that is found decides: Argo CD and Flux roll out charts, which carry Helm's marks as well."""


@dataclass(frozen=True, slots=True)
class Manager:
    tool: str
    release: str = ""

    def __str__(self) -> str:
        return f"{self.tool} ({self.release})" if self.release else self.tool


def manager(labels: Mapping[str, str], annotations: Mapping[str, str]) -> Manager | None:
    """The tool that would undo a live change of an object with these marks."""
    for mark in MARKS:
        for found in (labels.get(mark.key), annotations.get(mark.key)):
            if found and mark.value in ("", found):
                return Manager(mark.tool, found if mark.names_release else "")
    return None
