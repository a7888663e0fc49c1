"""Findings of the shipped method `risk`, end to end: sizes, limits, sums that are printed, and records."""

import re
from dataclasses import replace

import numpy as np
import pytest

from costkit.model.change import Resources
from costkit.model.facts import Facts, OomKill, Twin
from costkit.model.last import LastSizes
from costkit.model.policy import Policies
from costkit.model.quantities import parse
from costkit.model.recommendation import Declined, Recommendation, Score
from costkit.model.scores import ScoreSet, ScoreTable
from costkit.model.target import Target
from costkit.model.weeks import Fleet
from costkit.recommend.rightsize.findings import rightsize
from tests.recommend.cases import API, GIB, MIB, RISK, SHIPPED, facts, policies, profile, texts
from tests.recommend.weeks import past, weeks

EVEN = Policies(RISK.rightsize, ScoreTable((ScoreSet("x", "y", (np.zeros(9),) * 3, np.zeros(9)),)))
"""The shipped rules with a table of weeks that needed just the rule's base."""
USE = np.concatenate([np.full(3000, 0.1), np.full(1000, 0.212), [0.412]])
LONG = {"days": 28.0}
CPU, MEMORY = profile(USE, **LONG), profile(GIB, "memory", **LONG)


def finding(of, rules=EVEN, **fleets):
    (found,) = rightsize(Facts((of,), fleets=fleets), rules, LastSizes())
    return found


def recommended(of, rules=EVEN, **fleets):
    found = finding(of, rules, **fleets)
    assert isinstance(found, Recommendation)
    return found


def after(of, rules=EVEN, **fleets) -> Resources:
    found = recommended(of, rules, **fleets)
    changed: Resources = found.changes[0].after
    return changed


def fleet(now, made=None, target=API):
    return Fleet({target: 0}, now, weeks([]) if made is None else made)


def test_a_request_is_the_base_of_usual_and_peak_times_the_factor_on_the_grid():
    """212m^.9 x 412m^.1 = 226.6m."""
    assert after(facts(CPU, MEMORY, limits={"cpu": 8.0})) == Resources(0.23, 0.46, 1.1875 * GIB, None)


def test_what_the_fleet_knows_from_before_the_window_counts():
    """300m^.9 x 900m^.1 = 334.8m."""
    now = past(0.3, 0.9, median=0.1)
    assert after(facts(CPU, None), cpu=fleet(now)).cpu_request == pytest.approx(0.335)


def test_a_memory_peak_of_the_weeks_before_has_room_in_request_and_limit():
    of = facts(None, MEMORY, {"memory": 8 * GIB}, {"memory": 8 * GIB})
    found = recommended(of, memory=fleet(past(GIB, 2 * GIB, median=2 * GIB)))
    assert found.changes[0].after == Resources(memory_request=2.5 * GIB, memory_limit=3 * GIB)
    assert texts(found)["memory-use"].startswith("memory peak of 35 days 2Gi x 1.15 = 2.3Gi -> 2560Mi;")


def test_no_request_is_below_the_median():
    low = Policies(RISK.rightsize, ScoreTable((ScoreSet("x", "y", (np.full(9, -2.0),) * 3),)))
    found = recommended(facts(CPU, None), low)
    assert found.changes[0].after.cpu_request == 0.105
    assert ", not below the median 101m -> 105m," in texts(found)["cpu-use"]


def test_nothing_is_sized_below_the_floor():
    found = recommended(facts(profile(0.001, **LONG), None))
    assert found.changes[0].after.cpu_request == 0.01
    assert ", floor 10m -> 10m" in texts(found)["cpu-use"]


def test_of_method_percentile_nothing_is_promised():
    found = recommended(facts(CPU, MEMORY), SHIPPED)
    assert not any(reason.code.endswith("-promise") for reason in found.why)
    assert (found.score, texts(found)["cpu-use"].startswith("cpu p98 ")) == (None, True)
    assert found.changes[0].after == after(facts(CPU, MEMORY), policies())


@pytest.mark.parametrize("days", [0.5, 2.9])
def test_under_three_days_nothing_is_cut_and_what_lacks_is_raised(days):
    young = facts(profile(USE, days=days), profile(GIB, "memory", days=days))
    found = finding(young)
    assert isinstance(found, Declined)
    assert (found.reason, f"{days} days of use, 3 are wanted" in found.detail) == ("too-little-data", True)
    short = facts(profile(USE, days=days), None, {"cpu": 0.05})
    assert (after(short).cpu_request or 0) > 0.2


def test_three_days_are_enough_and_ask_for_more_than_four_weeks():
    short, long = (after(facts(profile(USE, days=days), None)).cpu_request for days in (3.0, 28.0))
    assert (short, long) == (0.25, 0.23)


CLASSES = {"critical": {"match_labels": {"costkit.io/class": "critical"}}, "standard": {}, "batch": {}}


def of_class(name, *sides, **fields):
    target = Target("shop", "Job", "import", "main", "batch/v1") if name == "batch" else API
    return facts(*sides, **{"target": target, **CLASSES[name], **fields})


def test_a_rarer_break_is_a_larger_request_and_the_classes_are_in_their_order():
    asked = [after(of_class(name, CPU, None, requests={"cpu": 0.05}), RISK).cpu_request for name in CLASSES]
    critical, standard, batch = (request or 0.0 for request in asked)
    assert critical > standard > batch > 0.2


def test_a_rarer_break_is_a_larger_limit():
    size = {"memory": 5 * GIB}
    limits = {
        name: after(of_class(name, None, MEMORY, requests=size, limits=size), RISK).memory_limit for name in CLASSES
    }
    assert (limits["critical"] or 0) > (limits["standard"] or 0) >= (limits["batch"] or 0) > GIB


def with_limit(peak, limit, request=GIB, **fields):
    seen = profile(peak, "memory", **LONG)
    return facts(None, seen, {"memory": request}, {"memory": limit}, **fields)


@pytest.mark.parametrize("request_", [0.7 * GIB, GIB, None])
def test_a_memory_limit_never_grows_unless_something_pressed_against_it(request_):
    """Half of it is used; the rule would ask for 1.5 times the peak, and for more with a worse table."""
    wild = Policies(RISK.rightsize, ScoreTable((ScoreSet("x", "y", memory=np.full(9, 3.0)),)))
    of = with_limit(0.5 * GIB, 1.2 * GIB, request_)
    found = finding(of, wild)
    if isinstance(found, Recommendation):
        assert (found.changes[0].after.memory_limit or 0) <= 1.2 * GIB


def test_a_limit_that_a_peak_came_near_grows_by_a_step_and_says_that_more_is_needed():
    found = recommended(with_limit(0.95 * GIB, GIB))
    assert found.changes[0].after == Resources(memory_request=1.125 * GIB, memory_limit=1.125 * GIB)
    told = texts(found)
    assert "at least x 1.15 over a peak that it held down" in told["memory-limit"]
    assert told["memory-promise"] == "memory has no promise: 2% of weeks would ask for 1.4Gi"


def test_a_limit_with_room_that_killed_grows_above_what_killed():
    found = recommended(with_limit(0.5 * GIB, 1.2 * GIB, oom_kills=(OomKill(0.0, "api-1", 1.2 * GIB),)))
    changed = found.changes[0].after
    assert (changed.memory_limit or 0) >= 1.2 * GIB * 1.15
    assert (changed.memory_request or 0) >= 1.2 * GIB * 1.15
    assert changed.memory_limit == pytest.approx(1.2 * (changed.memory_request or 0), rel=0.04)


def test_a_limit_goes_down_with_its_request_but_not_below_what_is_promised():
    found = recommended(with_limit(GIB, 8 * GIB, request=8 * GIB))
    assert found.changes[0].after == Resources(memory_request=1.1875 * GIB, memory_limit=1.5 * GIB)
    assert texts(found)["memory-limit"] == (
        "memory limit 8Gi -> 1536Mi (keep-ratio; at least x 1.50 over the highest peak of 28 days, 1Gi)"
    )


def test_a_peak_at_the_end_of_the_last_month_has_room_in_request_and_limit():
    """1 GiB in the window, 3.5 GiB 31 days ago: in no base of 28 days, but it comes back."""
    of = with_limit(GIB, 16 * GIB, request=8 * GIB)
    found = recommended(of, memory=fleet(past(GIB, median=3.5 * GIB)))
    assert found.changes[0].after == Resources(memory_request=4.25 * GIB, memory_limit=9 * GIB)
    assert "at least the highest peak of 35 days, 3.5Gi" in texts(found)["memory-limit"]
    said = "memory peak of 35 days 3.5Gi x 1.15 = 4.0Gi -> 4352Mi; in the window peak 1Gi on "
    assert texts(found)["memory-use"].startswith(said)


FIRST = re.compile(r"usual p95 (\S+?)\^([\d.]+) x peak (\S+?)\^([\d.]+) = (\S+) x ([\d.]+) = ([\d.]+m?)")
FLAT = re.compile(r"usual p95 (\S+) x ([\d.]+) = ([\d.]+m?)")


def near(text):
    """What a printed number may stand for: half a unit of its last digit to either side."""
    unit = {"Gi": GIB / 10, "Mi": MIB}.get(text[-2:], 0.01 if not text.endswith("m") else 0.001)
    return parse(text) - unit / 2, parse(text) + unit / 2


def assert_product(one, factor, product):
    """Two printed numbers multiply to what is printed, as far as their digits tell."""
    low, high = near(one)
    least, most = near(product)
    assert low * (float(factor) - 0.0005) <= most
    assert high * (float(factor) + 0.0005) >= least


@pytest.mark.parametrize("level", [0.02, 0.1, 0.9, 7.0])
@pytest.mark.parametrize("rise", [-0.6, 0.0, 0.35])
@pytest.mark.parametrize("days", [4.0, 28.0])
def test_the_factors_that_are_printed_multiply_to_what_is_printed(level, rise, days):
    table = Policies(RISK.rightsize, ScoreTable((ScoreSet("x", "y", (np.full(9, rise),) * 3),)))
    found = recommended(facts(profile(USE * level / 0.212, days=days), None, {"cpu": 64.0}), table)
    (reason,) = [one for one in found.why if one.code == "cpu-use"]
    match = FIRST.search(reason.text)
    assert match is not None
    usual, own, peak, other, base, factor, product = match.groups()
    assert float(own) + float(other) == 1.0
    exact = float(parse(usual)) ** float(own) * float(parse(peak)) ** float(other)
    assert exact == pytest.approx(parse(base), rel=0.08)
    assert_product(base, factor, product)
    params = reason.params
    assert params["value"] * params["factor"] == pytest.approx(parse(product), rel=0.05, abs=0.0005)
    if ", not below" not in reason.text:
        assert params["value"] * params["factor"] <= params["request"] * (1 + 1e-4)


def test_where_the_peak_is_the_usual_the_sum_has_two_factors():
    found = recommended(facts(profile(0.212, **LONG), None))
    match = FLAT.search(texts(found)["cpu-use"])
    assert match is not None
    assert match.groups() == ("212m", "1.000", "212m")


def test_a_short_history_is_named_as_part_of_the_factor():
    told = texts(recommended(facts(profile(USE, days=7.0), None)))["cpu-use"]
    assert " x 1.057 = 240m (1.06 of the factor is for a short history) -> 240m," in told


def test_the_percentile_that_a_request_lands_on_is_that_of_the_samples():
    low = Policies(RISK.rightsize, ScoreTable((ScoreSet("x", "y", (np.full(9, -0.4),) * 3),)))
    found = recommended(facts(CPU, None), low)
    (reason,) = [one for one in found.why if one.code == "cpu-use"]
    request = found.changes[0].after.cpu_request
    assert request == pytest.approx(0.155)
    below = float((request >= USE).mean())
    assert reason.params["percentile"] == pytest.approx(below, abs=0.001)
    assert f", p{100 * reason.params['percentile']:.1f} of its hottest pod" in reason.text


GOOD, IDLE = [0.1] * 20, [0.001] * 20
BAD = [0.5] * 2 + [0.1] * 18


def recorded(samples, series):
    """Weeks after four weeks at 200m: the request is 200m."""
    made = weeks([max(one) for one in samples], past(np.full(len(samples), 0.2)), samples=samples, series=series)
    return fleet(past(0.212, 0.412), made)


def test_a_finding_carries_its_own_record_and_says_it():
    found = recommended(facts(CPU, None), cpu=recorded([GOOD, BAD, GOOD, GOOD], [0, 0, 1, 1]))
    assert found.score is not None
    assert found.score == Score(2, 0.5, found.score.over_use, own=True)
    assert found.score.over_use == pytest.approx(0.6 / 4.8)
    assert texts(found)["cpu-promise"] == (
        "cpu promise: above the request for more than 5% of the time in 10% of weeks; "
        "so it was in 25.0% of this cluster's 4 past container-weeks, 1 of its own 2"
    )


def test_a_new_container_carries_the_fleets_record():
    found = recommended(facts(CPU, None), cpu=recorded([GOOD, BAD, IDLE, IDLE], [1, 1, 2, 2]))
    assert found.score is not None
    assert (found.score.weeks, found.score.violated, found.score.own) == (4, 0.25, False)
    assert texts(found)["cpu-promise"].endswith(
        "so it was in 25.0% of this cluster's 4 past container-weeks (50.0% without the 50% that were idle)"
    )


def test_without_a_week_there_is_no_record_and_it_says_what_the_factor_rests_on():
    found = recommended(facts(CPU, None))
    assert found.score is None
    assert texts(found)["cpu-promise"].endswith(
        "; no week of this cluster is over yet, so it rests on those of other fleets"
    )


def test_where_the_memory_alone_changes_the_record_is_of_its_limit():
    made = weeks([2 * GIB], past(GIB), samples=[[GIB, 2 * GIB]], peak=[2 * GIB], series=[0])
    of = facts(CPU, MEMORY, {"cpu": 0.23, "memory": 8 * GIB}, {"memory": 16 * GIB})
    found = recommended(of, memory=fleet(past(GIB), made), cpu=recorded([GOOD], [0]))
    assert found.score is not None
    assert (found.score.resource, found.score.weeks, found.score.own) == ("memory", 1, True)


def test_the_twins_past_sizes_an_idle_color():
    """1.2^.9 x 1.5^.1 = 1.227."""
    green = replace(API, name="green")
    twin = Twin(green, "their names differ", profile(1.2, **LONG), profile(GIB, "memory", **LONG))
    of = facts(profile(0.003, **LONG), profile(90 * MIB, "memory", **LONG), twin=twin)
    now = past([0.003, 1.2], [0.003, 1.5])
    places = Fleet({API: 0, green: 1}, now, weeks([]))
    (found,) = rightsize(Facts((of,), fleets={"cpu": places}), EVEN, LastSizes())
    assert isinstance(found, Recommendation)
    assert found.changes[0].after.cpu_request == pytest.approx(1.25)


def test_a_peak_of_starts_does_not_decide_the_request():
    starts = profile(USE, peak=4.0, start_peak=4.0, steady_peak=0.412, **LONG)
    now = past(0.212, 4.0, median=0.1)
    assert after(facts(starts, None), cpu=fleet(now)).cpu_request == 0.23
    assert after(facts(profile(USE, peak=4.0, **LONG), None), cpu=fleet(now)).cpu_request == pytest.approx(0.285)


def test_where_neither_weeks_nor_a_table_are_the_class_is_sized_by_its_percentile():
    found = recommended(facts(CPU, None), Policies(RISK.rightsize))
    assert texts(found)["cpu-use"].startswith("cpu p98 213m x 1.00 = 213m -> 215m;")
    assert "cpu-promise" not in texts(found)
