"""What a careful operator would ask of a change before it is made: each was once wrong."""

from dataclasses import replace

import pytest

from costkit.model.change import Resources
from costkit.model.recommendation import Declined, Fine
from costkit.recommend.rightsize.bounds import Bounds
from tests.recommend.cases import GIB, MIB, SHIPPED, facts, finding, policies, sized, texts

MIXED = {"cpu": 4.0, "memory": 512 * MIB}


def test_a_cut_beside_a_raise_is_no_raise():
    found = finding(facts(0.1, 500 * MIB, MIXED))

    assert found.grows
    assert not found.raises


def test_a_raise_that_takes_nothing_away_is_one():
    assert finding(facts(2.0, 4 * GIB, {"cpu": 1.0, "memory": GIB})).raises


def test_taking_a_limit_away_is_a_cut_with_its_risk():
    equal = policies(memory={"limit": "equal"})
    found = finding(facts(None, 1.2 * GIB, {"memory": GIB}, {"memory": 4 * GIB}), equal)

    assert (found.changes[0].after.memory_limit or 0) < 4 * GIB
    assert not found.raises
    assert found.risk != "low"


def test_a_memory_limit_does_not_grow_where_nothing_presses_against_it():
    after = sized(facts(None, 1.2 * GIB, {"memory": GIB}, {"memory": 4 * GIB}))

    assert (after.memory_request or 0) > 1.2 * GIB
    assert after.memory_limit == 4 * GIB


def test_a_memory_limit_grows_where_use_comes_near_it():
    assert (sized(facts(None, 1.9 * GIB, {"memory": GIB}, {"memory": 2 * GIB})).memory_limit or 0) > 2 * GIB


def test_a_critical_workload_loses_at_most_half_at_once():
    critical = facts(0.4, GIB, {"cpu": 8.0, "memory": 16 * GIB}, match_labels={"costkit.io/class": "critical"})
    first = finding(critical)

    assert (first.changes[0].after.cpu_request, first.changes[0].after.memory_request) == (4.0, 8 * GIB)
    assert "not more off at once" in texts(first)["cpu-use"]
    then = sized(replace(critical, requests={"cpu": 4.0, "memory": 8 * GIB}))
    assert (then.cpu_request, then.memory_request) == (2.0, 4 * GIB)


def test_a_runtime_that_reads_its_limits_keeps_the_cpu_limit():
    no_limit = policies(cpu={"limit": "none"})
    jvm = facts(0.5, GIB, {"cpu": 4.0, "memory": GIB}, {"cpu": 4.0, "memory": GIB}, limit_reader="a JVM")

    assert sized(jvm, no_limit).cpu_limit == 4.0
    assert sized(replace(jvm, limit_reader=""), no_limit).cpu_limit is None


def test_the_loss_of_guaranteed_pods_is_said_and_counts_as_risk():
    guaranteed = facts(0.6, 3 * GIB, {"cpu": 1.0, "memory": 4 * GIB}, {"cpu": 1.0, "memory": 4 * GIB})
    found = finding(guaranteed, policies(memory={"limit_over_peak": 1.5}))

    assert "Guaranteed" in texts(found)["qos"]
    assert found.risk != "low"
    equal = policies(cpu={"limit": "equal"}, memory={"limit": "equal"})
    assert "qos" not in texts(finding(guaranteed, equal))


def test_a_resource_that_nobody_saw_is_not_called_a_fit():
    found = finding(facts(3.9, None, {"cpu": 4.0, "memory": GIB}))

    assert isinstance(found, Declined)
    assert found.reason == "no-usage"
    assert "memory" in found.detail


@pytest.mark.parametrize(
    ("rules", "bounds"),
    [(policies(cpu={"limit": "keep"}), None), (SHIPPED, [({}, {"cpu": 0.1}, {})])],
    ids=["its class keeps limits", "its namespace has a maximum"],
)
def test_a_throttled_container_that_may_not_be_raised_is_not_called_a_fit(rules, bounds):
    found = finding(facts(0.1, None, {"cpu": 0.1}, {"cpu": 0.1}, throttled=0.6), rules, bounds)

    assert isinstance(found, Declined)
    assert found.reason == "throttled"


def test_a_limit_range_that_leaves_too_little_of_a_change_stops_it():
    bounds: list[Bounds] = [({"cpu": 0.1}, {}, {})]

    assert isinstance(finding(facts(0.02, None, {"cpu": 0.105}), bounds=bounds), Fine)
    assert sized(facts(0.02, None, {"cpu": 0.2}), bounds=bounds).cpu_request == pytest.approx(0.1)


def test_half_off_is_the_critical_classs_alone():
    standard = sized(facts(0.4, GIB, {"cpu": 8.0, "memory": 16 * GIB}), SHIPPED)

    assert standard == Resources(0.4, None, 1216 * MIB, None)
