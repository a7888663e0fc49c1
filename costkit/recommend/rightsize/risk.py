"""How risky a resize is, and how sure: simple marks that a person can check against the evidence."""

from costkit.model.change import Resize
from costkit.model.facts import ContainerFacts, ResourceProfile
from costkit.model.recommendation import RISKS, Risk
from costkit.recommend.rightsize.reasons import quality_reason
from costkit.recommend.rightsize.seen import heap_reason

_FULL_DAYS = 14
_WEEK = 7
_GOOD_COVERAGE = 0.9
_HALF = 0.5


def risk(facts: ContainerFacts, resize: Resize, class_name: str) -> Risk:
    """Low, and one step up each for: more than half off, a thin history, a level or a revision that is not a week old,
    restarts before a memory cut, a JVM's memory limit, class critical, Guaranteed pods that become Burstable.

    A change that takes nothing away is low: at the worst it costs money.
    """
    cuts = _cuts(resize)
    if not cuts:
        return "low"
    profiles = _profiles(facts)
    marks = (
        max(cuts.values()) > _HALF,
        min(p.days for p in profiles) < _WEEK or min(p.coverage for p in profiles) < _GOOD_COVERAGE,
        any(p.shift is not None for p in profiles) or (facts.revised is not None and not facts.revised.enough),
        "memory" in cuts and (facts.restarts > 0 or bool(facts.oom_kills)),
        heap_reason(facts, resize) is not None,
        class_name == "critical",
        quality_reason(resize.before, resize.after) is not None,
    )
    return RISKS[min(sum(marks), len(RISKS) - 1)]


def confidence(facts: ContainerFacts) -> float:
    """Share of two weeks that was seen, times the share of the samples; the lesser of CPU and memory. 0..1."""
    return round(min(min(1.0, p.days / _FULL_DAYS) * p.coverage for p in _profiles(facts)), 2)


def _profiles(facts: ContainerFacts) -> list[ResourceProfile]:
    return [p for p in (facts.cpu, facts.memory) if p is not None]


def _cuts(resize: Resize) -> dict[str, float]:
    """Resource -> share taken off its request or its limit, the larger one."""
    found: dict[str, float] = {}
    for resource in ("cpu", "memory"):
        for part in ("request", "limit"):
            old, new = (getattr(r, f"{resource}_{part}") for r in (resize.before, resize.after))
            if old and new is not None and new < old:
                found[resource] = max(found.get(resource, 0.0), 1 - new / old)
    return found
