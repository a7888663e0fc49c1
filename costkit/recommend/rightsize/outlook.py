"""What would have to be otherwise for the finding to be another: a sentence for each code, with the rule's numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

from costkit.model.change import Resize
from costkit.model.facts import ContainerFacts
from costkit.model.policy import Grid, ResourceRule, RightsizeClass, RightsizePolicy
from costkit.model.quantities import short_cpu, short_memory
from costkit.model.recommendation import Declined, Finding, Recommendation
from costkit.recommend.rightsize.grid import step_at

SENTENCES: Mapping[str, str] = {
    "broken": "pods of it that run: what it uses now is no measure of its work",
    "container-label": "series that tell its pods' containers apart (costkit doctor says which do not)",
    "custom-resource": "a pod template of its own: the operator's field for the size is not known to costkit",
    "gpu-idle": "use of its GPU; without any it can be taken out of the container's limits",
    "gpu-mig": "series of its GPU's use that tell slices apart",
    "gpu-shared": "a GPU of its own: of a shared one the series do not tell whose use it is",
    "gpu-unlabelled": "DCGM series that name its pods",
    "headroom": "a priority of 0 or more: as it is, its size is how much room is kept free, which is yours to choose",
    "heap-bound": "a heap of a fixed size (such as -Xmx), whatever the limit: then its memory use says what it needs",
    "hpa": "an HPA target that is no share of the request (such as an AverageValue), or another resource than that",
    "injected": "a container of this name in the workload's own template; what injects it sets its size until then",
    "leak": "daily peaks that no longer rise: once the leak is mended it is sized again",
    "no-usage": "series of its use (costkit doctor says what is not there)",
    "not-running": "a pod of it that runs within the window (--window looks further back)",
    "oom-killed": "a window whose OOM kills all have the limit that they happened at, or a window without one",
    "owned": "a size in the object that writes it: that one's spec is the place to change",
    "pod-level": "requests on its containers in place of those on the pod as a whole",
    "regime-change": "a whole week at the new level, or use that goes back to the old one",
    "skipped-namespace": "{namespace} taken out of skip-namespaces in {source}",
    "standby": "use of its own: a spare is as large as what it stands by for",
    "throttled": "a CPU limit that does not hold it down, or none: then its use shows what it needs",
    "too-few-runs": "more runs within the window (--window looks further back)",
    "too-little-data": "{lack}",
    "unread": "the right to read what is named above (deploy/rbac-reader.yaml has it, costkit doctor says what lacks)",
    "vpa": "VerticalPodAutoscaler {vpa} in mode Off, or without this container",
}
"""Code of a declined finding -> what would change it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One container and the rules that it falls under."""

    facts: ContainerFacts
    chosen: RightsizeClass
    policy: RightsizePolicy

    def sides(self) -> Iterator[tuple[str, ResourceRule, Grid]]:
        yield "cpu", self.chosen.cpu, self.policy.cpu_grid
        yield "memory", self.chosen.memory, self.policy.memory_grid


def outlook(finding: Finding, facts: ContainerFacts, policy: RightsizePolicy) -> tuple[str, ...]:
    """A sentence or more, each of something that would change the finding."""
    asked = _Asked(facts, policy.class_of(facts.target, facts.match_labels), policy)
    if isinstance(finding, Declined):
        return (_of_declined(finding.reason, asked),)
    if isinstance(finding, Recommendation):
        return (*_of_change(finding.changes[0], asked), *_held_beside(asked))
    return tuple(_of_fit(asked))


def _of_declined(code: str, asked: _Asked) -> str:
    return SENTENCES[code].format(
        namespace=asked.facts.target.namespace,
        source=asked.policy.source,
        vpa=asked.facts.vertically_autoscaled,
        lack=" and ".join(_lacks(asked)),
    )


def _lacks(asked: _Asked) -> Iterator[str]:
    """Of the resource of which least was seen."""
    profiles = [p for p in (asked.facts.cpu, asked.facts.memory) if p is not None]
    days, coverage = (min((getattr(p, name) for p in profiles), default=inf) for name in ("days", "coverage"))
    if days < asked.chosen.minimum_days:
        yield f"{asked.chosen.minimum_days - days:.1f} more days of use"
    if coverage < asked.chosen.minimum_coverage:
        yield f"{asked.chosen.minimum_coverage:.0%} of the samples in place of {coverage:.0%}"


def _of_fit(asked: _Asked) -> Iterator[str]:
    """The sizes from which a change would be worth a restart."""
    for resource, rule, grid in asked.sides():
        request = asked.facts.requests.get(resource)
        if request is not None:
            low, high = _edges(request, asked.chosen.minimum_change, grid)
            less = f", or at {_short(resource, low)} or less" if low >= rule.floor else ""
            words = f"at {_short(resource, high)} or more{less}"
            yield f"{resource}: use for which the rule comes out {words} ({_because(resource, request, asked)})"


def _of_change(change: Resize, asked: _Asked) -> Iterator[str]:
    for resource, _, grid in asked.sides():
        old, new = (getattr(side, f"{resource}_request") for side in (change.before, change.after))
        if old is not None and old != new:
            low, high = _edges(old, asked.chosen.minimum_change, grid)
            room = f"above {_short(resource, low)} and below {_short(resource, high)}"
            yield f"{resource}: a size {room} would leave it as it is ({_because(resource, old, asked)})"
    yield _of_cut(asked.chosen) if change.shrinks else _OF_RAISE


_OF_RAISE = "the raise goes with what asks for it: once such use, or the last OOM kill, lies before the window"


def _of_cut(chosen: RightsizeClass) -> str:
    data = f"less than {chosen.minimum_days:g} days or {chosen.minimum_coverage:.0%} of the samples"
    return f"a cut waits where there is {data}, and where a limit holds the use down"


def _held_beside(asked: _Asked) -> Iterator[str]:
    """What holds the memory while the CPU is sized."""
    for verdict in asked.facts.verdicts:
        yield f"memory: {_of_declined(verdict.code, asked)}"


def _edges(request: float, share: float, grid: Grid) -> tuple[float, float]:
    """The nearest sizes below and above that are a change: as `part.is_small` has it."""
    change = max(share * request, step_at(request, grid))
    return request - change, request + change


def _because(resource: str, request: float, asked: _Asked) -> str:
    return f"minimum-change {asked.chosen.minimum_change:.0%} of {_short(resource, request)}, one step at least"


def _short(resource: str, value: float) -> str:
    return short_cpu(value) if resource == "cpu" else short_memory(value)
