"""Which class a workload falls into."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costkit.model.policy import Match, glob_matches
from costkit.model.target import Target
from costkit.settings.policies import load_policies

POLICY = load_policies(None).rightsize
API = Target("shop", "Deployment", "api", "main")


def test_the_first_class_whose_match_holds_is_used():
    critical_job = Target("shop", "Job", "pay", "main", "batch/v1")
    assert POLICY.class_of(critical_job, {"costkit.io/class": "critical"}).name == "critical"
    assert POLICY.class_of(critical_job, {}).name == "batch"
    assert POLICY.class_of(API, {}).name == "standard"


def test_case_and_separators_do_not_tell_label_values_apart():
    assert Match(labels={"tier": ("back-end",)}).holds(API, {"tier": "Back_End"})
    assert not Match(labels={"tier": ("back-end",)}).holds(API, {"tier": "front-end"})


def test_a_label_that_is_not_there_matches_no_value():
    assert not Match(labels={"tier": ("web",)}).holds(API, {})


def test_all_that_a_match_names_must_hold():
    match = Match(namespaces=("shop*",), kinds=("Deployment",), labels={"tier": ("web", "api")})
    assert match.holds(API, {"tier": "api"})
    assert not match.holds(API, {"tier": "db"})
    assert not match.holds(Target("bank", "Deployment", "api"), {"tier": "api"})
    assert not match.holds(Target("shop", "Job", "api"), {"tier": "api"})


@pytest.mark.parametrize(
    ("glob", "text", "holds"),
    [
        ("*", "", True),
        ("*", "shop", True),
        ("shop", "shop", True),
        ("shop", "shop-eu", False),
        ("shop-*", "shop-eu", True),
        ("shop-*", "shop", False),
        ("*-dev", "shop-dev", True),
        ("a*a", "a", False),
        ("a*b*c", "a-b-c", True),
        ("a*b*c", "acb", False),
        ("pr-*-web", "pr-12-web", True),
        ("sh.p", "shop", False),
        ("", "", True),
        ("", "shop", False),
    ],
)
def test_a_star_stands_for_any_run_of_characters(glob, text, holds):
    assert glob_matches(glob, text) is holds


@given(st.text("ab*", max_size=6), st.text("ab", max_size=8))
def test_a_glob_matches_what_the_regular_expression_of_it_does(glob, text):
    expression = ".*".join(re.escape(part) for part in glob.split("*"))
    assert glob_matches(glob, text) is bool(re.fullmatch(expression, text))
