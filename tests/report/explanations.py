"""Explanations made by hand: one that is recommended, one that fits, one that is declined; with gaps and with words
that mean harm."""

from math import nan

import numpy as np

from costkit.model.change import Resize
from costkit.model.cluster import Coverage
from costkit.model.explained import Curve, Explained, Explanation, RuleLine
from costkit.model.facts import ContainerFacts, ResourceProfile
from costkit.model.quantities import parse
from costkit.model.recommendation import Declined, Fine, Reason, Recommendation, Score
from costkit.model.sketch import build
from costkit.model.target import Target
from costkit.model.window import DAY, HALF_HOURS, Window
from tests.report.plans import SCRIPT, resources

START = 1_794_268_800.0
"""2026-11-10, a Tuesday."""
DAYS = 14
WINDOW = Window(START, START + DAYS * DAY)
WORKLOAD = Target("shop", "Deployment", "api")
PEAK_AT = START + 5 * DAY + 14 * 3600 + 300
OWN, FLEET = Score(6, 1 / 6, 0.004, own=True), Score(4_210, 0.093, 0.011, own=False)


def waves(low, high, first=0):
    """A day's rise and fall, day after day, the first days unseen."""
    day = (low + high) / 2 - (high - low) / 2 * np.cos(np.linspace(0, 2 * np.pi, HALF_HOURS, endpoint=False))
    values = np.tile(day, DAYS)
    values[: first * HALF_HOURS] = nan
    return tuple(values.tolist())


def curve(resource, low, high, first=0):
    peaks = waves(low, high, first)
    means = tuple(0.9 * peak for peak in peaks)
    return Curve(resource, START, means, peaks, DAYS - first, "api-7f", DAYS - first - 2)


def profile(resource, drawn, peak):
    seen = np.array(drawn.peaks)
    seen = seen[np.isfinite(seen)]
    sketch = build(seen, resource)
    mean = float(seen.mean())
    return ResourceProfile(resource, sketch, sketch, peak, PEAK_AT, "api-9d", peak, mean, float(DAYS), 1.0)


def facts(container, requests, cpu=None, memory=None):
    return ContainerFacts(
        target=WORKLOAD.of(container),
        labels={},
        match_labels={},
        exists=True,
        requests=requests,
        limits={},
        pods=3,
        average_pods=3.0,
        pod_hours_by_class={},
        cpu=cpu,
        memory=memory,
    )


def recommended(score=OWN):
    cpu, memory = curve("cpu", 0.05, 0.212), curve("memory", 2.0**28, 2.0**29)
    seen = facts("api", {"cpu": 1.0, "memory": 2.0**30}, profile("cpu", cpu, 0.4), profile("memory", memory, 2.0**29))
    why = (
        Reason("cpu-use", "cpu p95 212m (api-7f) x 1.15 = 244m -> 250m", {"percentile": 0.95, "value": 0.212}),
        Reason("memory-kept", "memory stays: it fits (peak 512Mi)", {"peak": 2.0**29, "note": SCRIPT, "odd": nan}),
    )
    change = Resize(seen.target, resources("1", "1Gi"), resources("250m", "1Gi"))
    found = Recommendation("1", "rightsize", seen.target, (change,), why, "low", 0.93, {}, score=score)
    return Explanation(seen, found, (cpu, memory), ("cpu: a size above 900m and below 1.1 would leave it as it is",))


def declined():
    cpu = curve("cpu", 0.01, 0.05, first=11)
    seen = facts("istio-proxy", {"cpu": 0.1}, profile("cpu", cpu, 0.05))
    found = Declined("rightsize", seen.target, "too-little-data", f"3.0 days of use {SCRIPT}")
    return Explanation(seen, found, (cpu,), ("4.2 more days of use",))


def unseen():
    seen = facts("spare", {"memory": parse("64Mi")})
    found = Fine("rightsize", seen.target, "fits", "cpu stays: it fits; memory stays: no series of its use was seen")
    return Explanation(seen, found, (), ("memory: use for which the rule comes out at 80Mi or more",))


def explained(*containers):
    rules = (
        RuleLine("defaults.cpu.percentile", "95%", "rightsize.yaml", 17),
        RuleLine("defaults.cpu.margin", "15%", "mine/rightsize.yaml", 3),
    )
    return Explained(
        workload=WORKLOAD,
        cluster_id="6f1c2a9e",
        cluster_name="prod-eu",
        taken_at=WINDOW.end,
        window=WINDOW,
        containers=containers or (recommended(), declined(), unseen()),
        rule_class="standard",
        rules=rules,
        coverage=(Coverage("pods", "ok", "214 read"),),
    )
