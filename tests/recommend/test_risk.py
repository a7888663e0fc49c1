"""How risky and how sure."""

import pytest

from costkit.model.change import Resize, Resources
from costkit.model.facts import OomKill
from costkit.recommend.rightsize.risk import confidence, risk
from tests.recommend.cases import API, GIB, facts, profile


def of(before, after, class_name="standard", **fields):
    return risk(facts(**fields), Resize(API, before, after), class_name)


MILD = Resources(1.0, None, GIB), Resources(0.6, None, 0.6 * GIB)
DEEP = Resources(1.0, None, GIB), Resources(0.4, None, GIB)


def test_a_mild_cut_of_what_is_well_known_is_low():
    assert of(*MILD) == "low"


def test_half_off_is_not_more_than_half_off():
    assert of(Resources(1.0), Resources(0.5)) == "low"
    assert of(*DEEP) == "medium"


@pytest.mark.parametrize("thin", [{"days": 6.0}, {"coverage": 0.8}])
def test_a_thin_history_is_one_step_up(thin):
    assert of(*MILD, cpu=profile(0.5, **thin)) == "medium"


def test_restarts_count_before_a_memory_cut_alone():
    assert of(*MILD, restarts=1) == "medium"
    assert of(*MILD, oom_kills=(OomKill(0.0, "p", None),)) == "medium"
    assert of(Resources(1.0), Resources(0.6), restarts=1) == "low"


def test_a_jvms_memory_limit_is_one_step_where_it_is_cut():
    limits = Resources(1.0, None, GIB, 2 * GIB), Resources(1.0, None, 0.6 * GIB, 1.2 * GIB)
    assert of(*limits) == "low"
    assert of(*limits, limit_reader="a JVM") == "medium"
    assert of(*MILD, limit_reader="a JVM") == "low"


def test_a_critical_workload_is_one_step_up_and_steps_add_up_to_high_at_the_most():
    assert of(*MILD, class_name="critical") == "medium"
    assert of(*DEEP, class_name="critical", cpu=profile(0.5, days=1.0)) == "high"


def test_what_takes_nothing_away_is_low():
    assert of(Resources(1.0), Resources(2.0), class_name="critical", restarts=9) == "low"


def test_confidence_is_the_lesser_of_cpu_and_memory():
    assert confidence(facts()) == 1.0
    assert confidence(facts(cpu=profile(1.0, days=7.0))) == 0.5
    assert confidence(facts(memory=profile(GIB, "memory", coverage=0.75))) == 0.75
    assert confidence(facts(cpu=None, memory=profile(GIB, "memory", days=28.0))) == 1.0
