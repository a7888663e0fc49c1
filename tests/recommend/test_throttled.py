"""A CPU limit that throttles: how it goes up or goes away, by the class's rule for limits."""

from dataclasses import replace

import pytest

from costkit.model.facts import Revised
from costkit.model.policy import CPU_GRID
from costkit.model.recommendation import Declined
from costkit.recommend.rightsize.throttled import RAISE, freed, unthrottled
from tests.recommend.cases import SHIPPED, facts, finding, policies

RULE = SHIPPED.rightsize.classes[-1].cpu


def throttled(request=0.1, limit=0.5, share=0.12, **fields):
    return facts(0.08, None, {"cpu": request}, {"cpu": limit}, throttled=share, **fields)


def of(container, limit="keep-ratio", wanted=0.08):
    rule = policies(cpu={"limit": limit}).rightsize.classes[0].cpu
    return freed(container, rule, CPU_GRID, wanted)


def after(container, limit="keep-ratio", wanted=0.08):
    found = of(container, limit, wanted)
    assert found is not None
    return found.request, found.limit


def test_the_limit_grows_by_half_and_the_request_stays():
    assert after(throttled()) == (0.1, pytest.approx(0.75))


def test_the_request_grows_where_use_asks_for_it_and_the_limit_keeps_its_ratio():
    assert after(throttled(0.1, 0.2), wanted=0.2) == (0.2, pytest.approx(0.4))


def test_the_request_is_never_cut_beside_a_limit_that_throttles():
    assert after(throttled(2.0, 4.0), wanted=0.1) == (2.0, 6.0)


@pytest.mark.parametrize("rule", ["keep-ratio", "equal"])
def test_request_and_limit_that_are_one_stay_one(rule):
    assert after(throttled(0.5, 0.5), rule) == (pytest.approx(0.75), pytest.approx(0.75))


def test_a_class_whose_limits_are_its_requests_raises_both():
    assert after(throttled(0.1, 0.5), "equal") == (pytest.approx(0.75), pytest.approx(0.75))


def test_a_class_without_limits_drops_it():
    assert after(throttled(), "none") == (0.1, None)


@pytest.mark.parametrize("reader", ["MaxRAMPercentage", "resourceFieldRef", "a JVM"])
def test_a_limit_that_something_reads_is_raised_never_dropped(reader):
    found = of(throttled(limit_reader=reader), "none")

    assert found is not None
    assert (found.request, found.limit) == (0.1, pytest.approx(0.75))
    assert f"{reader} reads it" in found.reason.text


def test_a_class_that_keeps_its_limits_is_left_to_the_decline():
    assert of(throttled(), "keep") is None
    found = finding(throttled(0.1, 0.1, 0.6), policies(cpu={"limit": "keep"}))
    assert (found.reason, "throttled in 60% of its periods" in found.detail) == ("throttled", True)


def test_one_period_in_twenty_is_the_least_that_raises_a_limit():
    assert of(throttled(share=0.049)) is None
    assert of(throttled(share=0.05)) is not None


def test_without_a_limit_nothing_of_it_throttles():
    assert freed(facts(0.1, None, {"cpu": 1.0}, {}, throttled=0.5), RULE, CPU_GRID, 0.1) is None


def test_a_higher_limit_that_throttled_before_is_what_the_raise_goes_from():
    assert after(throttled(throttled_at=2.0)) == (0.1, 3.0)


def test_a_raise_is_not_taken_back_the_next_night():
    raised = throttled(0.1, 0.75, share=0.0, throttled_at=0.5)

    assert of(raised) is None
    assert unthrottled(raised) == pytest.approx(0.75)


def test_use_that_an_earlier_limit_held_down_is_no_measure_for_a_cut():
    raised = facts(0.08, None, {"cpu": 4.0}, {"cpu": 6.0}, throttled_at=4.0)
    found = finding(raised)

    assert isinstance(found, Declined)
    assert found.reason == "throttled"
    assert "held down in part of the window (throttled at a limit of 4)" in found.detail
    assert isinstance(finding(replace(raised, limits={})), Declined)


def test_where_the_revision_that_was_throttled_is_left_out_a_cut_may_be():
    alone = facts(0.08, None, {"cpu": 4.0}, {"cpu": 6.0}, throttled_at=4.0, revised=Revised("r", 7, 3, enough=True))

    assert (finding(alone).changes[0].after.cpu_request or 4.0) < 1.0
    assert isinstance(finding(replace(alone, revised=Revised("r", 3, 0, enough=False))), Declined)


def test_a_limit_that_throttles_no_more_need_not_go_further():
    assert unthrottled(throttled(0.1, 0.6, share=0.0, throttled_at=0.5)) == 0.6


def test_where_nothing_throttled_a_limit_may_be_any():
    assert unthrottled(throttled(share=0.0)) == 0.0
    assert unthrottled(facts(0.1, None, {"cpu": 1.0}, {}, throttled_at=0.5)) == 0.0


def test_the_reason_has_the_numbers_that_decided():
    found = of(throttled())
    assert found is not None
    assert found.reason.text == (
        f"cpu limit 500m -> 750m (x {RAISE:.2f}: what it would use above is not known), throttled in 12% of its periods"
    )
    assert found.reason.params == {"share": 0.12, "before": 0.5, "after": pytest.approx(0.75)}


def test_a_peak_near_the_limit_says_how_near_where_no_series_tells_of_throttling():
    found = finding(facts(0.095, None, {"cpu": 0.2}, {"cpu": 0.1}))

    assert (found.reason, "its peak is 95% of it" in found.detail) == ("throttled", True)
