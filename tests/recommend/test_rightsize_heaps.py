"""Night after night: a heap that follows its limit is not cut again and again, and one that does not is cut once."""

import numpy as np
import pytest

from costkit.analyze.facts import study
from costkit.model.last import LastSizes
from costkit.model.listed import Present
from costkit.model.nodes import Node
from costkit.model.pods import Meta
from costkit.model.recommendation import Declined, Recommendation
from costkit.model.snapshot import Frames, Snapshot
from costkit.model.usage import empty, frame, subject
from costkit.model.window import DAY, HALF_HOURS, STEPS, Window
from costkit.recommend.rightsize.findings import rightsize
from tests.analyze.clusters import GIB, cluster, pod, spec, workload
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage
from tests.recommend.cases import RISK, SHIPPED

APPLIED = 4
"""Half hour at which each night's size is taken up: 02:00."""
DAYS = 14
STEP = STEPS // HALF_HOURS


def used(day, limits, peak):
    """Memory of that day, a revision a limit: `limits` are those before and after 02:00."""
    if limits[0] == limits[1]:
        pods = [(series("api-1", f"r{limits[0]:g}"), flat(peak(limits[0])))]
    else:
        pods = [
            (series("api-1", f"r{limits[0]:g}"), flat(peak(limits[0]), 0, APPLIED * STEP)),
            (series("api-2", f"r{limits[1]:g}"), flat(peak(limits[1]), APPLIED * STEP)),
        ]
    return samples(*pods, resource="memory", day=day)


def in_force(day, limits):
    half_hours = np.full(HALF_HOURS, limits[1], np.float32)
    half_hours[:APPLIED] = limits[0]
    row = {"day": MIDNIGHT + day * DAY, **subject(API), "signal": "limit_memory", "detail": ""}
    return {**row, "half_hours": half_hours}


def seen(limits, request, peak):
    """`limits`: a day's limits before and after 02:00, oldest first; the snapshot of the midnight after the last."""
    days = list(enumerate(limits))[-DAYS:]
    now = spec(requests={"memory": request}, limits={"memory": limits[-1][1]})
    offer = {"cpu": 16.0, "memory": 64 * GIB}
    node = Node(Meta("n1"), offer, offer, "m5")
    of = cluster(nodes=Present((node,)), workloads=Present((workload(now),)), pods=Present((pod("api-1", now),)))
    signals = frame("signals", [in_force(day, of_day) for day, of_day in days])
    tables = (
        usage(*(used(day, of_day, peak) for day, of_day in days)),
        signals,
        *map(empty, ("events", "nodes", "volumes")),
    )
    window = Window(MIDNIGHT + days[0][0] * DAY, MIDNIGHT + (days[-1][0] + 1) * DAY)
    return Snapshot(window.end, window, of, Frames(*tables))


def nights(peak, rules, count=8):
    """The limits that were in force, and the last night's finding. Each night what is recommended is taken up."""
    request = limit = 8 * GIB
    limits, finding = [(limit, limit)] * DAYS, None
    for _ in range(count):
        (finding,) = rightsize(study(seen(limits, request, peak), ()), rules, LastSizes())
        before = limit
        if isinstance(finding, Recommendation):
            after = finding.changes[0].after
            request, limit = after.memory_request or 0.0, after.memory_limit or 0.0
        limits.append((before, limit))
    return list(dict.fromkeys(limit for _, limit in limits)), finding


@pytest.mark.parametrize("rules", [SHIPPED, RISK], ids=["percentile", "risk"])
def test_a_heap_of_half_the_limit_is_cut_no_further_once_that_was_seen(rules):
    limits, finding = nights(lambda limit: limit / 2, rules)

    assert len(limits) == 2
    assert limits[-1] > 4 * GIB
    assert isinstance(finding, Declined)
    assert finding.reason == "heap-bound"
    assert "its peaks are 50% of the limit under 8Gi and under " in finding.detail


@pytest.mark.parametrize("rules", [SHIPPED, RISK], ids=["percentile", "risk"])
def test_use_that_does_not_follow_the_limit_is_cut_to_what_it_needs_and_stays(rules):
    limits, finding = nights(lambda _: 1.0 * GIB, rules)

    assert limits[-1] < 3 * GIB
    assert not isinstance(finding, Declined)
