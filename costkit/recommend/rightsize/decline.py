"""Containers that are not resized whatever their numbers say."""

from costkit.model.facts import ContainerFacts
from costkit.model.policy import RightsizePolicy, glob_matches
from costkit.model.recommendation import Declined

MEMORY_ONLY = ("heap-bound", "leak")
"""Verdicts that hold the memory alone: the CPU can be sized beside them."""


def declined(facts: ContainerFacts, policy: RightsizePolicy) -> Declined | None:
    """The first reason against touching it, or None."""
    reason = _reason(facts, policy)
    return None if reason is None else Declined("rightsize", facts.target, *reason)


def _reason(facts: ContainerFacts, policy: RightsizePolicy) -> tuple[str, str] | None:
    """Code and sentence."""
    target = facts.target
    if any(glob_matches(glob, target.namespace) for glob in policy.skip_namespaces):
        return "skipped-namespace", f"{target.namespace} is in skip-namespaces of {policy.source}"
    for verdict in facts.verdicts:
        if verdict.code not in MEMORY_ONLY:
            return verdict.code, verdict.detail
    if facts.autoscaled:
        names = " and ".join(facts.autoscaled)
        return "hpa", f"its HPA divides use by the {names} request: a lone cut would only add replicas"
    if facts.vertically_autoscaled:
        return "vpa", f"VerticalPodAutoscaler {facts.vertically_autoscaled} sets its requests"
    if facts.cpu is None and facts.memory is None:
        return ("no-usage", _unseen(facts)) if facts.pods else ("not-running", "no pod of it ran in the window")
    return None


def _unseen(facts: ContainerFacts) -> str:
    return f"{facts.pods} pods run, but no series of this container was found"
