"""Facts of one container with a known use, and the finding that the shipped or a changed rule makes of them."""

from dataclasses import replace

import numpy as np

from costkit.model.change import Resources
from costkit.model.facts import ContainerFacts, Facts, ResourceProfile, Verdict
from costkit.model.last import LastSizes
from costkit.model.policy import Policies
from costkit.model.recommendation import Recommendation
from costkit.model.sketch import build
from costkit.model.target import Target
from costkit.recommend.rightsize.findings import rightsize
from costkit.settings.policies import load_policies

GIB = 2.0**30
MIB = 2.0**20
API = Target("shop", "Deployment", "api", "main")
RISK = load_policies(None)
"""The shipped rules."""
SHIPPED = Policies(
    replace(RISK.rightsize, classes=tuple(replace(c, method="percentile") for c in RISK.rightsize.classes))
)
"""The shipped rules by method `percentile`: their sums are plain. Those of `risk` are in test_rightsize_promised."""
SAMPLES = 14 * 288


def profile(use, resource="cpu", peak=None, **fields):
    """`use`: a number for a flat series, or the samples of the hottest pod."""
    values = np.full(SAMPLES, float(use)) if isinstance(use, int | float) else np.asarray(use, float)
    sketch = build(values, resource)
    top = float(values.max())
    known = {"mean": float(values.mean()), "days": 14.0, "coverage": 1.0, **fields}
    return ResourceProfile(resource, sketch, sketch, peak or top, 0.0, "api-1", top, **known)


def facts(cpu=1.0, memory=GIB, requests=None, limits=None, **fields):
    """`cpu`, `memory`: flat use, a profile, or None."""
    known = {
        "target": API,
        "labels": {},
        "match_labels": {},
        "exists": True,
        "requests": {"cpu": 4.0, "memory": 8 * GIB} if requests is None else requests,
        "limits": {} if limits is None else limits,
        "pods": 1,
        "average_pods": 1.0,
        "pod_hours_by_class": {},
        "cpu": cpu if isinstance(cpu, ResourceProfile | None) else profile(cpu),
        "memory": memory if isinstance(memory, ResourceProfile | None) else profile(memory, "memory"),
        **fields,
    }
    return ContainerFacts(**known)


def policies(cpu=None, memory=None, **fields):
    """The shipped rules with the standard class changed, and without any other."""
    standard = SHIPPED.rightsize.classes[-1]
    changed = replace(
        standard, cpu=replace(standard.cpu, **(cpu or {})), memory=replace(standard.memory, **(memory or {})), **fields
    )
    return Policies(replace(SHIPPED.rightsize, classes=(changed,)))


def finding(of, rules=SHIPPED, bounds=None, last=None):
    ranges = {of.target.namespace: tuple(bounds)} if bounds else {}
    (found,) = rightsize(Facts((of,), ranges), rules, last or LastSizes())
    return found


def sized(of, rules=SHIPPED, bounds=None) -> Resources:
    """What it is to have; as it is where nothing is recommended."""
    found = finding(of, rules, bounds)
    if isinstance(found, Recommendation):
        return found.changes[0].after
    return Resources(*(kind.get(r) for r in ("cpu", "memory") for kind in (of.requests, of.limits)))


def verdict(code):
    return (Verdict(code, f"it is {code}"),)


def texts(found):
    return {reason.code: reason.text for reason in found.why}
