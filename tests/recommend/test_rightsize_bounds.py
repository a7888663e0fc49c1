"""A namespace's LimitRanges."""

from costkit.model.recommendation import Fine
from tests.recommend.cases import GIB, facts, finding, policies, sized, texts

RULES = policies({"margin": 0.0}, {"margin": 0.0})
CPU_ONLY = facts(0.5, None, {"cpu": 4.0}, {"cpu": 8.0})


def of(minimum=None, maximum=None, ratio=None):
    return [(minimum or {}, maximum or {}, ratio or {})]


def test_a_request_is_not_cut_below_the_minimum():
    after = sized(CPU_ONLY, RULES, of({"cpu": 0.8}))
    assert (after.cpu_request, after.cpu_limit) == (0.8, 1.0)


def test_a_limit_is_not_cut_below_the_minimum():
    assert sized(CPU_ONLY, RULES, of({"cpu": 2.0})).cpu_limit == 2.0


def test_neither_is_raised_above_the_maximum():
    grown = facts(3.0, None, {"cpu": 1.0}, {"cpu": 2.0})
    after = sized(grown, RULES, of(None, {"cpu": 2.5}))
    assert (after.cpu_request, after.cpu_limit) == (2.5, 2.5)


def test_the_limit_is_at_most_the_ratio_over_the_request():
    after = sized(facts(0.5, None, {"cpu": 4.0}, {"cpu": 16.0}), RULES, of(ratio={"cpu": 2.0}))
    assert (after.cpu_request, after.cpu_limit) == (1.0, 2.0)


def test_the_narrowest_of_several_ranges_holds():
    assert sized(CPU_ONLY, RULES, [*of({"cpu": 0.6}), *of({"cpu": 0.9})]).cpu_request == 0.9


def test_a_resource_that_is_not_changed_is_left_outside_of_its_range():
    both = facts(0.5, None, {"cpu": 4.0, "memory": GIB}, {"cpu": 8.0, "memory": 2 * GIB})
    after = sized(both, RULES, of({"memory": 4 * GIB}))
    assert (after.memory_request, after.memory_limit) == (GIB, 2 * GIB)


def test_a_size_that_the_range_leaves_as_it_was_is_fine():
    assert isinstance(finding(facts(0.5, None, {"cpu": 4.0}), RULES, of({"cpu": 4.0})), Fine)


def test_what_a_range_did_is_said():
    found = finding(CPU_ONLY, RULES, of({"cpu": 0.8}))
    said = "cpu within the namespace's LimitRange and the largest node: request 500m -> 800m"
    assert texts(found)["cpu-bound"] == said
    assert "cpu-bound" not in texts(finding(CPU_ONLY, RULES, of({"cpu": 0.1})))
