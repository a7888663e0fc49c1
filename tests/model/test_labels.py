"""One team stays one team, however and wherever its label is written."""

import pytest

from costkit.model.labels import DEFAULT_KEYS, UNLABELLED, CostLabels, find, fold


@pytest.mark.parametrize(
    "key", ["costCenter", "cost-center", "cost_center", "cost.center", "CostCenter", "COST_CENTER"]
)
def test_all_spellings_of_a_key_are_one(key):
    assert find("cost-center", [{key: "cc-42"}]) == "cc-42"


@pytest.mark.parametrize(
    ("key", "alias"),
    [
        ("team", "app.kubernetes.io/team"),
        ("team", "owner_team"),
        ("env", "Environment"),
        ("env", "stage"),
        ("cost-center", "costcenter"),
    ],
)
def test_an_alias_stands_for_the_key(key, alias):
    assert find(key, [{alias: "x"}]) == "x"


def test_a_key_that_only_resembles_the_label_is_another():
    assert find("team", [{"teams": "a", "my-team": "b", "team-lead": "c"}]) is None


def test_the_labels_own_name_comes_before_its_aliases():
    assert find("team", [{"owner-team": "other", "app.kubernetes.io/team": "third", "team": "own"}]) == "own"


def test_the_pod_comes_before_the_workload_and_the_workload_before_the_namespace():
    pod, workload, namespace = {"team": "pod"}, {"team": "workload"}, {"team": "namespace"}
    assert find("team", [pod, workload, namespace]) == "pod"
    assert find("team", [{}, workload, namespace]) == "workload"
    assert find("team", [{}, {}, namespace]) == "namespace"


def test_an_alias_on_the_pod_comes_before_the_own_name_on_the_namespace():
    assert find("env", [{"stage": "prod"}, {"env": "dev"}]) == "prod"


def test_an_empty_value_is_none():
    assert find("team", [{"team": "  "}, {"team": "ml"}]) == "ml"


def test_values_that_differ_in_case_and_separators_get_the_most_frequent_spelling():
    labels = CostLabels.seen(("team",), ["ml-team", "ML-Team", "ml-team", "ml_team"])
    assert labels.of([{"team": "ML-Team"}]) == {"team": "ml-team"}
    assert labels.of([{"team": "ml_team"}]) == {"team": "ml-team"}


def test_equally_frequent_spellings_are_decided_by_order_not_by_chance():
    one, other = CostLabels.seen(("team",), ["ml-team", "ML-Team"]), CostLabels.seen(("team",), ["ML-Team", "ml-team"])
    assert one == other
    assert one.of([{"team": "ml-team"}]) == {"team": "ML-Team"}


def test_a_value_that_was_not_seen_before_keeps_its_spelling():
    assert CostLabels.seen(("team",), []).of([{"team": "New-Team"}]) == {"team": "New-Team"}


def test_what_has_no_label_is_said_to_have_none():
    assert CostLabels.seen(DEFAULT_KEYS, []).of([{}, {"env": "dev"}]) == {
        "team": UNLABELLED,
        "env": "dev",
        "cost-center": UNLABELLED,
    }


def test_different_teams_are_not_folded_together():
    assert len({fold("ml-team"), fold("mlteam-2"), fold("ml")}) == 3
