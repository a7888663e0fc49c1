"""What is said of a container's GPUs. No size comes of it: a GPU is whole, or the cluster's to divide.

A target has one finding of a kind, so the words go with the container's own: as one more reason of a recommendation,
behind the detail of what was declined, and as a finding of their own where CPU and memory fit.
"""

from dataclasses import replace

from costkit.model.facts import ContainerFacts, Gpus, ResourceProfile
from costkit.model.recommendation import Declined, Finding, Fine, Reason, Recommendation

_IDLE = 0.05
"""Share of a GPU in its hottest five minutes: a process that only holds its memory has 0, work in earnest more."""
_DAYS = 3
"""Days with samples from which a GPU that was never used is called idle."""
_COVERAGE = 0.5


def with_gpus(finding: Finding, facts: ContainerFacts) -> Finding:
    """The finding with what is known of the container's GPUs; the same where there is nothing to say."""
    reason = gpu_reason(facts)
    if reason is None:
        return finding
    if isinstance(finding, Recommendation):
        return replace(finding, why=(*finding.why, reason))
    if isinstance(finding, Fine):
        return Declined(finding.kind, finding.target, reason.code, f"{reason.text}; {finding.detail}")
    return replace(finding, detail=f"{finding.detail}; {reason.text}")


def gpu_reason(facts: ContainerFacts) -> Reason | None:
    """None where it asks for no GPU, or its GPUs are in use."""
    asked = facts.gpus
    if asked is None:
        return None
    if asked.sharing != "whole":
        return _divided(asked, facts.gpu)
    if facts.gpu is None:
        return _unlabelled(asked, facts) if facts.pods else None
    return _idle(asked, facts.gpu)


def _divided(asked: Gpus, seen: ResourceProfile | None) -> Reason:
    code, whose = {
        "mig": ("gpu-mig", "the series of its use do not tell slices"),
        "shared": ("gpu-shared", "the series of its use are of all that share it"),
    }[asked.sharing]
    most = "" if seen is None else f" (at most {seen.peak:.0%} in {seen.days:.1f} days)"
    text = f"{_asks(asked)} ({asked.detail}): {whose}{most}, so it is not called idle"
    return Reason(code, text, _params(asked), brief=code.replace("-", " "))


def _unlabelled(asked: Gpus, facts: ContainerFacts) -> Reason:
    text = f"{_asks(asked)}, and no DCGM series names its {facts.pods} pods: use is not known"
    return Reason("gpu-unlabelled", text, {**_params(asked), "pods": facts.pods}, brief="gpu use unknown")


def _idle(asked: Gpus, seen: ResourceProfile) -> Reason | None:
    if seen.peak > _IDLE or seen.days < _DAYS or seen.coverage < _COVERAGE:
        return None
    text = f"{_asks(asked)} and used at most {seen.peak:.0%} of one in {seen.days:.1f} days"
    return Reason("gpu-idle", text, {**_params(asked), "peak": seen.peak, "days": seen.days}, brief="gpu idle")


def _asks(asked: Gpus) -> str:
    return f"asks for {asked.count:g} {asked.resource}"


def _params(asked: Gpus) -> dict[str, float | str | None]:
    return {"count": asked.count, "resource": asked.resource}
