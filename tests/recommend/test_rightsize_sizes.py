"""The numbers: percentiles, margins, floors, the grid, and limits."""

import numpy as np
import pytest

from costkit.model.change import Resources
from costkit.model.facts import OomKill
from costkit.model.recommendation import Declined, Fine, Recommendation
from tests.recommend.cases import GIB, MIB, facts, finding, policies, profile, sized, texts

WANTED = {"cpu": 8.0, "memory": 16 * GIB}
LIMITED = {"cpu": 16.0, "memory": 32 * GIB}
SEED = facts(2.0, 4 * GIB, WANTED, LIMITED)
NO_MARGIN = policies({"margin": 0.0}, {"margin": 0.0})


def test_the_seeds_example_with_margin_0_is_2_cores_and_4gi_with_limits_of_4_and_8gi():
    assert sized(SEED, NO_MARGIN) == Resources(2.0, 4.0, 4 * GIB, 8 * GIB)


def test_the_seeds_example_is_written_as_2_4gi_4_8gi():
    (change,) = finding(SEED, NO_MARGIN).changes
    assert change.after.quantities() == {
        "requests": {"cpu": "2", "memory": "4Gi"},
        "limits": {"cpu": "4", "memory": "8Gi"},
    }


def test_the_seeds_example_with_the_shipped_margins_is_explained_line_by_line():
    found = finding(SEED)
    assert found.changes[0].after == Resources(2.0, 4.0, 4.75 * GIB, 10 * GIB)
    said = texts(found)
    assert said["cpu-use"].startswith("cpu p98 2 x 1.00 = 2 -> 2;")
    assert said["memory-use"].startswith("memory peak 4Gi x 1.15 = 4.6Gi -> 4864Mi;")
    assert said["cpu-limit"] == "cpu limit 16 -> 4 (keep-ratio)"
    assert said["memory-limit"] == "memory limit 32Gi -> 10Gi (keep-ratio)"
    assert said["rule"] == "class standard of rightsize.yaml, method percentile"


def test_the_parameters_of_a_reason_multiply_to_its_request():
    for reason in finding(SEED).why:
        if reason.code.endswith("-use"):
            needed = reason.params["value"] * (1 + reason.params["margin"])
            step = 0.25 if reason.code == "cpu-use" else 0.25 * GIB
            assert needed <= reason.params["request"] < needed + step


def test_cpu_is_a_percentile_of_the_hottest_pod_and_memory_the_peak_of_all():
    use = np.linspace(0.01, 1.0, 1000)
    cpu = profile(use, peak=3.0)
    memory = profile(1 * GIB, "memory", peak=2 * GIB)
    exact = np.quantile(use, 0.98, method="inverted_cdf")
    after = sized(facts(cpu, memory), NO_MARGIN)
    assert exact <= (after.cpu_request or 0.0) <= exact * 1.01 + 0.05
    assert after.memory_request == 2 * GIB


def test_nothing_is_sized_below_the_floors():
    after = sized(facts(0.0001, 1 * MIB))
    assert (after.cpu_request, after.memory_request) == (0.01, 32 * MIB)
    said = texts(finding(facts(0.0001, 1 * MIB)))
    assert ", floor 10m -> 10m" in said["cpu-use"]
    assert ", floor 32Mi -> 32Mi" in said["memory-use"]


@pytest.mark.parametrize(
    ("use", "request_"),
    [(0.0101, 0.011), (0.101, 0.105), (0.51, 0.51), (0.511, 0.52), (1.01, 1.025), (4.11, 4.2), (0.2, 0.2), (3.3, 3.3)],
)
def test_cores_are_rounded_up_to_the_grid_and_values_on_it_stay(use, request_):
    assert sized(facts(use, requests={"cpu": 16.0, "memory": GIB}), NO_MARGIN).cpu_request == request_


@pytest.mark.parametrize(
    ("use", "request_"), [(33, 48), (512, 512), (513, 576), (2048, 2048), (2049, 2304), (8193, 9216)]
)
def test_bytes_are_rounded_up_to_the_grid(use, request_):
    after = sized(facts(1.0, use * MIB, {"cpu": 1.0, "memory": 64 * GIB}), NO_MARGIN)
    assert after.memory_request == request_ * MIB


def test_a_change_below_the_minimum_share_is_not_worth_a_restart():
    found = finding(facts(0.92, 1.85 * GIB, {"cpu": 1.0, "memory": 2 * GIB}), NO_MARGIN)
    assert isinstance(found, Fine)
    assert "cpu stays: it fits" in found.detail


def test_a_change_of_the_minimum_share_is():
    assert sized(facts(0.9, None, {"cpu": 1.0}), NO_MARGIN).cpu_request == 0.9


def test_a_change_below_one_step_of_the_grid_is_not():
    tiny = facts(0.11, None, {"cpu": 0.114})
    assert isinstance(finding(tiny, NO_MARGIN), Fine)


def test_the_request_as_it_is_proposes_nothing_on_the_next_night():
    after = finding(SEED).changes[0].after
    again = facts(
        2.0,
        4 * GIB,
        {"cpu": after.cpu_request, "memory": after.memory_request},
        {"cpu": after.cpu_limit, "memory": after.memory_limit},
    )
    assert isinstance(finding(again), Fine)


def test_a_request_that_is_missing_is_set():
    found = finding(facts(1.0, GIB, {}), NO_MARGIN)
    assert found.changes[0].after == Resources(1.0, None, GIB, None)
    assert found.raises


def test_a_resource_without_samples_stays_as_it_is():
    after = sized(facts(1.0, None, WANTED, LIMITED), NO_MARGIN)
    assert after == Resources(1.0, 2.0, 16 * GIB, 32 * GIB)


def test_more_use_than_request_raises_the_request():
    found = finding(facts(2.0, 4 * GIB, {"cpu": 1.0, "memory": GIB}), NO_MARGIN)
    assert found.changes[0].after == Resources(2.0, None, 4 * GIB, None)
    assert found.raises
    assert found.risk == "low"


@pytest.mark.parametrize(
    ("rule", "limit"),
    [("keep-ratio", 2.0), ("keep", 8.0), ("equal", 1.0), ("none", None)],
)
def test_a_limit_follows_its_rule(rule, limit):
    rules = policies({"limit": rule, "margin": 0.0})
    assert sized(facts(1.0, None, {"cpu": 4.0}, {"cpu": 8.0}), rules).cpu_limit == limit


@pytest.mark.parametrize("rule", ["keep-ratio", "keep", "equal", "none"])
def test_no_rule_gives_a_limit_to_what_has_none(rule):
    assert sized(facts(1.0, None, {"cpu": 4.0}), policies({"limit": rule})).cpu_limit is None


def test_a_memory_limit_is_never_brought_near_the_peak():
    after = sized(facts(None, GIB, {"memory": 4 * GIB}, {"memory": 4 * GIB}), NO_MARGIN)
    assert (after.memory_request, after.memory_limit) == (GIB, 1.5 * GIB)


def test_a_limit_is_not_raised_by_what_is_kept_above_the_peak():
    after = sized(facts(None, 1.9 * GIB, {"memory": 8 * GIB}, {"memory": 8 * GIB}), NO_MARGIN)
    assert after.memory_limit == pytest.approx(3 * GIB, rel=0.1)
    tight = facts(None, 6 * GIB, {"memory": 8 * GIB}, {"memory": 8 * GIB})
    assert sized(tight, NO_MARGIN).memory_limit == 8 * GIB


def test_rounding_alone_does_not_raise_a_limit():
    odd = 1.03 * 8 * GIB
    after = sized(facts(None, 6 * GIB, {"memory": 8 * GIB}, {"memory": odd}), NO_MARGIN)
    assert after.memory_limit == odd


def test_a_raise_takes_its_limit_with_it():
    after = sized(facts(None, 1.8 * GIB, {"memory": GIB}, {"memory": 2 * GIB}), NO_MARGIN)
    assert (after.memory_request, after.memory_limit) == (1.8125 * GIB, 3.75 * GIB)


def killed(at, limit, **fields):
    return facts(None, 0.9 * GIB, {"memory": GIB}, {"memory": limit}, oom_kills=(OomKill(0.0, "api-1", at),), **fields)


def test_a_kill_raises_from_the_limit_at_the_kill():
    found = finding(killed(GIB, GIB))
    assert found.changes[0].after == Resources(memory_request=1.1875 * GIB, memory_limit=1.5 * GIB)
    assert "killed at more" in texts(found)["memory-use"]
    assert texts(found)["oom-kills"].endswith("in api-1 at 1Gi")


def test_a_kill_at_a_limit_that_is_not_known_raises_from_the_peak_alone_so_that_raises_do_not_feed_raises():
    raised = facts(None, 1.2 * GIB, {"memory": GIB}, {"memory": 1.25 * GIB}, oom_kills=(OomKill(0.0, "api-1", None),))
    assert (
        sized(raised).memory_request == sized(facts(None, 1.2 * GIB, {"memory": GIB}, {"memory": GIB})).memory_request
    )


def test_a_kill_at_a_limit_that_is_not_known_forbids_a_cut():
    found = finding(
        facts(None, 0.1 * GIB, {"memory": 8 * GIB}, {"memory": 8 * GIB}, oom_kills=(OomKill(0, "p", None),))
    )
    assert isinstance(found, Declined)
    assert found.reason == "oom-killed"


def test_a_kill_forbids_a_cut_below_what_killed_it():
    of = facts(None, 0.1 * GIB, {"memory": 8 * GIB}, {"memory": 8 * GIB}, oom_kills=(OomKill(0.0, "p", 4 * GIB),))
    after = sized(of)
    assert (after.memory_request, after.memory_limit) == (4.75 * GIB, 6 * GIB)


def test_a_throttled_container_is_only_raised():
    limits = {"cpu": 4.0}
    kept = finding(facts(1.0, None, {"cpu": 4.0}, limits, throttled=0.05), policies(cpu={"limit": "keep"}))
    assert isinstance(kept, Declined)
    assert (kept.reason, "5% of its periods" in kept.detail) == ("throttled", True)
    raised = sized(facts(1.0, None, {"cpu": 2.0}, limits, throttled=0.05))
    assert (raised.cpu_request, raised.cpu_limit) == (2.0, 6.0)
    assert sized(facts(1.0, None, {"cpu": 0.5}, limits, throttled=0.05)).cpu_request == 1.0


def test_throttling_without_a_limit_of_its_own_holds_nothing():
    assert sized(facts(1.0, None, {"cpu": 4.0}, {}, throttled=0.05)).cpu_request == 1.0


def test_use_at_the_limit_is_censored_and_only_raises():
    near = profile(0.5, peak=3.7)
    assert isinstance(finding(facts(near, None, {"cpu": 4.0}, {"cpu": 4.0})), Declined)
    below = profile(0.5, peak=3.5)
    assert sized(facts(below, None, {"cpu": 4.0}, {"cpu": 4.0})).cpu_request == 0.5


def test_a_held_cpu_does_not_hold_the_memory():
    keeps = policies(cpu={"limit": "keep"})
    found = finding(facts(1.0, GIB, limits={"cpu": 4.0}, throttled=0.5), keeps)
    assert isinstance(found, Recommendation)
    after = found.changes[0].after
    assert (after.cpu_request, after.cpu_limit) == (4.0, 4.0)
    assert after.memory_request == 1.1875 * GIB
    assert "cpu stays: held down by its limit" in texts(found)["cpu-kept"]
