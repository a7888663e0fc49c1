"""What was seen beside the percentiles: what forbids a cut, what decides a size, and the words and numbers of it."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from costkit.model.change import Resize, Resources
from costkit.model.facts import OomKill, Revised, Shift, Twin, VerdictCode
from costkit.model.recommendation import Declined
from costkit.model.sketch import build
from costkit.recommend.rightsize.hold import censored, outgrown, pressed
from costkit.recommend.rightsize.paired import sizing_profile
from costkit.recommend.rightsize.risk import risk
from costkit.recommend.rightsize.seen import seen_reasons
from costkit.recommend.rightsize.shifted import risen_to
from costkit.recommend.rightsize.starts import sizing_peak
from tests.recommend.cases import API, GIB, MIB, facts, finding, profile, sized, texts, verdict

FELL = Shift(4, 2.0, 0.5)
GREEN = API.__class__("shop", "Deployment", "api-green", "main")


def rose(*recent, days=4):
    values = np.array(recent)
    return Shift(days, 0.5, float(np.median(values)), build(values, "cpu"), float(values.max()))


def said(of):
    return {reason.code: (reason.text, reason.params) for reason in seen_reasons(of)}


def test_of_an_ordinary_container_nothing_is_said():
    assert said(facts()) == {}


@pytest.mark.parametrize(("count", "words"), [(1, "1 restart"), (12, "12 restarts")])
def test_restarts_are_named_with_their_count(count, words):
    assert said(facts(restarts=count))["restarts"] == (f"{words} in the window", {"count": count})


def test_a_cut_waits_until_a_fall_has_lasted_a_week():
    found = finding(facts(profile(0.5, shift=FELL), None, {"cpu": 4.0}))

    assert isinstance(found, Declined)
    assert found.reason == "regime-change"
    assert "use fell to 25% of what it was 4 days ago, 7 days of it are wanted before a cut" in found.detail


def test_a_fall_does_not_hold_a_raise_nor_the_other_resource():
    assert sized(facts(profile(2.0, shift=FELL), None, {"cpu": 1.0})).cpu_request == 2.0
    both = sized(facts(profile(0.5, shift=FELL), GIB, {"cpu": 4.0, "memory": 8 * GIB}))
    assert (both.cpu_request, (both.memory_request or 0) < 2 * GIB) == (4.0, True)


def test_since_a_rise_the_hottest_pods_percentile_is_the_least():
    risen = profile(0.5, shift=rose(1.0, 2.0, 3.0, 4.0))

    assert risen_to(risen, 0.5) == pytest.approx(2.0, rel=0.01)
    assert risen_to(risen, 1.0) == 4.0
    assert (risen_to(profile(0.5), 0.5), risen_to(profile(0.5, shift=FELL), 0.5)) == (0.0, 0.0)


def test_a_change_of_level_is_named_with_both_levels_and_what_follows():
    text, params = said(facts(profile(0.5, shift=rose(2.0, 2.0))))["cpu-regime"]
    assert text == "cpu changed 4 days ago: day's mean 500m -> 2, these days decide"
    assert params == {"days": 4, "before": 0.5, "after": 2.0}
    fell = profile(GIB, "memory", shift=Shift(3, 4 * GIB, GIB))
    assert said(facts(memory=fell))["memory-regime"][0] == (
        "memory changed 3 days ago: day's peak 4Gi -> 1Gi, a cut waits"
    )


def test_a_peak_of_starts_does_not_decide_the_cpu_but_counts_for_the_memory():
    cpu = profile(0.3, peak=3.0, start_peak=3.0, steady_peak=0.4)
    memory = profile(GIB, "memory", peak=2 * GIB, start_peak=2 * GIB, steady_peak=GIB)

    assert (sizing_peak(cpu), sizing_peak(memory)) == (0.4, 2 * GIB)
    found = said(facts(cpu, memory))
    assert found["cpu-start"] == (
        "cpu peak 3 is of a pod's first 10 minutes and does not decide; steady peak 400m",
        {"start": 3.0, "steady": 0.4},
    )
    assert found["memory-start"][0] == (
        "memory peak 2Gi is of a pod's first 10 minutes and counts all the same; steady peak 1Gi"
    )


@pytest.mark.parametrize(
    ("start", "steady"), [(None, 3.0), (3.0, None), (2.0, 3.0), (3.0, 2.6)], ids=["none", "unknown", "lower", "near"]
)
def test_where_starts_alone_do_not_make_the_peak_it_decides(start, steady):
    of = profile(0.3, peak=3.0, start_peak=start, steady_peak=steady)

    assert sizing_peak(of) == 3.0
    assert said(facts(of)) == {}


def test_a_rollout_that_counts_alone_says_what_is_left_out():
    text, params = said(facts(revised=Revised("7d9f", 9, 5, enough=True)))["rollout"]

    assert text == "revision 7d9f has 9 days: it counts alone, 5 days of earlier ones are left out"
    assert params == {"revision": "7d9f", "days": 9, "droppedDays": 5}


def test_a_rollout_of_a_few_days_says_that_all_revisions_count():
    text, params = said(facts(revised=Revised("7d9f", 3, 0, enough=False)))["rollout"]

    assert (text, params["droppedDays"]) == ("revision 7d9f has only 3 days: earlier ones count, too", 0)


def paired(cpu=1.2, memory=800 * MIB, **fields):
    twin = Twin(GREEN, "their names differ by blue and green", profile(cpu), profile(memory, "memory"))
    return facts(profile(0.003), profile(90 * MIB, "memory"), twin=twin, **fields)


def test_an_idle_color_is_sized_by_its_twin():
    assert [p.peak for r in ("cpu", "memory") if (p := sizing_profile(paired(), r))] == [1.2, 800 * MIB]
    found = said(paired())
    assert found["cpu-twin"] == (
        "cpu by deploy/api-green, which does its work now (p95 1.2, its own 3m): their names differ by blue and green",
        {"twin": "shop/deploy/api-green:main", "use": 1.2, "own": 0.003},
    )
    assert "memory by deploy/api-green, which does its work now (peak 800Mi, its own 90Mi)" in found["memory-twin"][0]


def test_the_busy_color_is_sized_by_itself_and_nothing_is_said_of_the_twin():
    busy = paired(0.001, MIB)
    assert (sizing_profile(busy, "cpu"), sizing_profile(busy, "memory")) == (busy.cpu, busy.memory)
    assert said(busy) == {}


def test_the_more_of_both_counts_for_each_resource():
    mixed = paired(1.2, MIB)
    assert sizing_profile(mixed, "cpu") is mixed.twin.cpu
    assert sizing_profile(mixed, "memory") is mixed.memory


def test_a_resource_that_nobody_saw_of_one_of_them_is_not_borrowed():
    unseen = replace(paired(), memory=None)
    assert sizing_profile(unseen, "memory") is None
    alone = facts(profile(1.0), twin=Twin(GREEN, "", None, None))
    assert sizing_profile(alone, "cpu") is alone.cpu


def test_an_idle_color_is_not_held_down_by_its_own_limit_where_the_peak_is_its_twins():
    busy = profile(0.5, peak=2.0)
    idle = facts(profile(0.003), None, {"cpu": 1.5}, {"cpu": 2.0}, twin=Twin(GREEN, "", busy, None))

    assert not pressed(idle, "cpu")
    assert censored(idle, busy) is None
    assert sized(idle).cpu_request == 0.5


def test_its_limit_has_room_for_what_its_twin_uses_all_the_same():
    idle = paired(1.2, 800 * MIB, requests={"cpu": 0.1, "memory": 128 * MIB}, limits={"cpu": 0.2, "memory": 256 * MIB})
    after = sized(idle)

    assert outgrown(idle, idle.twin.memory)
    assert not pressed(idle, "memory")
    assert (after.memory_limit or 0) == pytest.approx(2 * (after.memory_request or 0), rel=0.05)
    assert (after.cpu_limit or 0) == pytest.approx(2 * (after.cpu_request or 0), rel=0.05)


def test_an_idle_color_whose_own_use_presses_on_its_limit_is_held_down():
    twin = Twin(GREEN, "", profile(0.5), None)
    idle = facts(profile(0.003, peak=1.9), None, {"cpu": 1.5}, {"cpu": 2.0}, twin=twin)
    throttled = replace(idle, cpu=profile(0.003), throttled=0.02)

    assert [finding(of).reason for of in (idle, throttled)] == ["throttled"] * 2
    assert "its peak is 95% of it" in finding(idle).detail
    assert "throttled in 2% of its periods" in finding(throttled).detail


def test_without_a_limit_nothing_is_pressed_or_outgrown():
    assert not pressed(paired(1.2), "cpu")
    assert not outgrown(paired(1.2), paired(1.2).twin.cpu)


def hot(times, cool=0.1, pods=10, **fields):
    """One of ten pods uses `times` what all do at the 95th percentile; 1,440 samples."""
    hottest, pooled = np.full(144, cool * times), np.append(np.full(1400, cool), np.full(40, cool * times))
    of = profile(hottest)
    cpu = replace(of, pooled=build(pooled, "cpu"))
    return facts(cpu, pods=pods, **fields)


def test_a_pod_that_is_hotter_than_the_others_is_told_with_both_numbers():
    text, params = said(hot(3.0))["cpu-skew"]

    assert text == (
        "cpu of its hottest pod is 3.0 times that of all its pods (p95 300m, pooled 101m): sized by the hottest"
    )
    assert params == {"hottest": pytest.approx(0.3), "pooled": pytest.approx(0.1, rel=0.01)}


def test_below_half_as_much_again_the_pods_share_their_load():
    assert "cpu-skew" in said(hot(1.55))
    assert said(hot(1.48)) == {}


def test_of_one_pod_there_are_no_others():
    assert said(hot(3.0, pods=1)) == {}
    assert "cpu-skew" in said(hot(3.0, pods=1, average_pods=4.2)), "few of them at night"
    assert said(hot(3.0, pods=0, average_pods=1.1)) == {}


def test_an_idle_pool_and_memory_have_no_skew():
    assert said(hot(3.0, cool=0.0)) == {}
    memory = profile(4 * GIB, "memory")
    skewed = replace(memory, pooled=build(np.full(100, 1.0 * GIB), "memory"))
    assert said(facts(None, skewed, pods=3)) == {}


def test_a_color_that_is_sized_by_its_twin_tells_of_that_and_of_no_skew():
    idle = replace(hot(3.0, cool=0.001), twin=paired().twin)
    assert {"cpu-twin"} == {code for code in said(idle) if code.startswith("cpu")}


def jvm(**fields):
    return facts(None, GIB, {"memory": 8 * GIB}, {"memory": 8 * GIB}, limit_reader="a JVM", **fields)


def test_a_jvms_memory_is_cut_at_a_higher_risk_and_says_why():
    found, plain = finding(jvm()), finding(replace(jvm(), limit_reader=""))

    assert texts(found)["memory-heap"] == "a JVM by its image: its heap may follow the limit"
    assert found.changes == plain.changes
    assert (plain.risk, found.risk) == ("medium", "high")
    assert "memory-heap" not in texts(plain)


def test_where_no_memory_limit_goes_down_a_jvm_is_no_risk():
    raised = facts(4.0, 8 * GIB, {"cpu": 1.0, "memory": GIB}, {"memory": 8.5 * GIB}, limit_reader="a JVM")
    unlimited = facts(None, GIB, {"memory": 8 * GIB}, limit_reader="a JVM")
    flagged = replace(jvm(), limit_reader="resourceFieldRef")

    assert not [of for of in (raised, unlimited, flagged) if "memory-heap" in texts(finding(of))]


@pytest.mark.parametrize("code", ["standby", "too-few-runs"])
def test_a_standby_and_a_cron_job_of_few_runs_are_declined_by_their_verdict(code):
    found = finding(facts(verdicts=verdict(code)))
    assert (found.reason, found.detail) == (code, f"it is {code}")


MILD = Resize(API, Resources(1.0), Resources(0.6))


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"cpu": profile(0.5, shift=rose(0.5, 0.5))}, "medium"),
        ({"revised": Revised("r", 3, 0, enough=False)}, "medium"),
        ({"revised": Revised("r", 9, 5, enough=True)}, "low"),
    ],
)
def test_a_level_or_a_revision_that_is_not_a_week_old_is_one_step_of_risk(fields, wanted):
    assert risk(facts(**fields), MILD, "standard") == wanted


def killed(peak, *limits, request=GIB, limit=2 * GIB):
    kills = tuple(OomKill(0.0, "api-1", at) for at in limits)
    return facts(None, profile(peak, "memory"), {"memory": request}, {"memory": limit}, oom_kills=kills)


def test_after_a_kill_request_and_limit_are_the_limit_then_times_the_margin_at_least():
    after = sized(killed(0.9 * GIB, GIB, limit=GIB))

    assert (after.memory_request or 0) >= 1.15 * GIB
    assert (after.memory_limit or 0) >= 1.15 * GIB


def test_after_a_kill_no_size_is_below_a_peak_that_was_higher_since():
    after = sized(killed(1.8 * GIB, GIB))

    assert (after.memory_request or 0) >= 1.8 * GIB
    assert (after.memory_limit or 0) > 1.8 * GIB


def test_of_several_kills_the_highest_limit_decides_whatever_their_order():
    one, other = (sized(killed(0.5 * GIB, *limits)) for limits in ((GIB, 2 * GIB), (2 * GIB, GIB)))

    assert one == other
    assert (one.memory_request or 0) >= 2 * 1.15 * GIB


def test_a_kill_whose_limit_nobody_recorded_counts_beside_one_that_is_known():
    both = finding(killed(0.5 * GIB, None, GIB, request=8 * GIB, limit=8 * GIB))

    assert (both.reason, "nobody recorded" in both.detail) == ("oom-killed", True)


@pytest.mark.parametrize("code", [*get_args(VerdictCode), "regime-change", "gpu-idle", "gpu-shared", "gpu-mig"])
def test_every_reason_against_a_size_is_documented(code):
    reference = Path(__file__).resolve().parents[2] / "docs" / "reference.md"
    assert f"`{code}`" in reference.read_text()
