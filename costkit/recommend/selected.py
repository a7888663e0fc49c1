"""Which findings were asked for. What is left out by a bound is declined by name, never dropped."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from costkit.model.facts import Facts
from costkit.model.recommendation import RISKS, Declined, Finding, Recommendation, Risk
from costkit.model.target import Target

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Selection:
    """As the flags of the same names; empty or None asks for everything."""

    namespace: str | None = None
    labels: Callable[[Labels], bool] | None = None
    only: frozenset[str] = frozenset()
    max_risk: Risk | None = None


def selected(findings: Iterable[Finding], facts: Facts, selection: Selection) -> Iterator[Finding]:
    """Findings of the namespace and labels asked for; recommendations above the risk as declined."""
    labels = {container.target: container.match_labels for container in facts.containers}
    for finding in findings:
        if _is_asked_for(finding.target, labels.get(finding.target, {}), selection):
            yield _bounded(finding, selection.max_risk)


def _is_asked_for(target: Target, labels: Labels, selection: Selection) -> bool:
    in_namespace = selection.namespace is None or target.namespace == selection.namespace
    return in_namespace and (selection.labels is None or selection.labels(labels))


def _bounded(finding: Finding, most: Risk | None) -> Finding:
    if most is None or not isinstance(finding, Recommendation) or RISKS.index(finding.risk) <= RISKS.index(most):
        return finding
    return Declined(finding.kind, finding.target, "above-max-risk", f"its risk is {finding.risk}, asked for: {most}")
