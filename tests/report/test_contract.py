"""The JSON contract against docs/plan.schema.json: what is right passes, what is wrong fails."""

import copy
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from costkit.model.change import Resize
from costkit.model.plan import Saving, Step
from costkit.model.recommendation import Reason, Score
from costkit.model.target import Target
from costkit.report.contract import to_json
from costkit.report.contract_findings import known, reason, score
from costkit.report.options import Options
from costkit.report.rows import render
from tests.report import plans

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "plan.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
SCORE = Score(6, 1 / 6, 0.0123456789, own=True)


def document(plan):
    """What a program that reads stdout sees."""
    return json.loads(render(plan, "json", Options()))


def scored(found=SCORE):
    """The plan whose first recommendation carries a record of past weeks."""
    first, *rest = plans.plan().items
    return plans.plan(items=(replace(first, recommendation=replace(first.recommendation, score=found)), *rest))


def test_the_schema_itself_is_valid():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize("plan", [plans.plan(), scored(), plans.empty()], ids=["rich", "scored", "empty"])
def test_a_plan_fits_the_schema(plan):
    assert [error.message for error in VALIDATOR.iter_errors(document(plan))] == []


def test_the_top_level_has_exactly_the_keys_of_the_contract():
    assert list(to_json(plans.plan())) == SCHEMA["required"]


def test_a_recommendation_has_exactly_the_keys_of_the_contract():
    first = document(plans.plan())["recommendations"][0]

    assert list(first) == SCHEMA["$defs"]["recommendation"]["required"]
    assert first["target"] == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "namespace": "shop",
        "name": "api",
        "container": "api",
    }
    assert first["before"]["requests"] == {"cpu": "8", "memory": "16Gi"}
    assert first["after"]["limits"] == {"cpu": "4", "memory": "9Gi"}


def objects(value, path=()):
    """Every path to a required key: (path of the object, key)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield path, key
            yield from objects(inner, (*path, key))
    if isinstance(value, list) and value:
        yield from objects(value[0], (*path, 0))


FREE = {"params", "labels"}
"""Objects whose keys the schema leaves to others."""


def at(root, path):
    for step in path:
        root = root[step]
    return root


PATHS = [p for p in objects(document(scored())) if not FREE & {str(step) for step in p[0]}]


@pytest.mark.parametrize(("path", "key"), PATHS, ids=str)
def test_a_missing_key_breaks_the_schema(path, key):
    broken = document(scored())
    del at(broken, path)[key]

    assert not VALIDATOR.is_valid(broken)


@pytest.mark.parametrize(("path", "key"), PATHS, ids=str)
def test_a_wrong_type_breaks_the_schema(path, key):
    broken = document(scored())
    holder = at(broken, path)
    holder[key] = False if key == "managedBy" or not isinstance(holder[key], bool | float | int) else "many"

    assert not VALIDATOR.is_valid(broken)


def test_money_is_rounded_to_cents_and_adds_up():
    found = document(plans.plan(books=replace(plans.books(), idle=1.005000001, volumes=84.333333)))

    assert found["cost"]["volumes"] == 84.33
    assert found["cost"]["monthly"] == pytest.approx(1172.87 + 84.33 + 18.25, abs=0.01)


def test_what_is_not_known_is_null():
    found = document(plans.plan())

    assert found["savings"]["bill"] == {"now": None, "afterUnblocking": None}
    assert found["savings"]["stranded"] is None
    assert found["recommendations"][0]["saving"] == {"alone": 412.8, "inPlan": None, "bill": None}
    assert (found["since"], found["realized"]) == (None, None)


def test_the_bill_is_the_sum_of_the_steps_once_all_of_them_are_simulated():
    known = document(plans.plan(steps=(Step("cleanup", 10.0, 4.0), Step("rightsize", 90.0, 61.5))))
    partly = document(plans.plan(steps=(Step("cleanup", 10.0, 4.0), Step("rightsize", 90.0))))

    assert known["savings"]["bill"]["now"] == 65.5
    assert partly["savings"]["bill"]["now"] is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_null_and_never_nan(value):
    text = render(plans.plan(items=(replace(plans.api(), saving=Saving(value)), plans.hostile())), "json", Options())

    assert "NaN" not in text
    assert "Infinity" not in text
    assert json.loads(text)["recommendations"][0]["saving"]["alone"] is None
    assert json.loads(text)["recommendations"][1]["why"][0]["params"]["value"] is None


def test_a_saving_below_a_cent_is_not_minus_zero():
    text = render(plans.plan(items=(replace(plans.api(), saving=Saving(-0.001)),)), "json", Options())

    assert '"alone": 0.0' in text


def test_a_workload_with_two_containers_gives_sizes_by_name():
    workload = Target("shop", "Deployment", "pair")
    resizes = tuple(
        Resize(workload.of(name), plans.resources("1", "1Gi"), plans.resources("500m", "512Mi")) for name in ("b", "a")
    )
    item = plans.api()
    pair = replace(item, recommendation=replace(item.recommendation, target=workload, changes=resizes))
    found = document(plans.plan(items=(pair,)))

    assert VALIDATOR.is_valid(found)
    assert list(found["recommendations"][0]["after"]["containers"]) == ["a", "b"]
    assert found["recommendations"][0]["target"]["container"] is None


def test_hostile_words_survive_the_round_trip_unchanged():
    evil = document(plans.plan())["recommendations"][2]

    assert evil["labels"] == {"team": plans.SCRIPT, "env": plans.ESCAPE, "cost-center": plans.FORMULA}
    assert plans.BIDI in evil["why"][1]["text"]


def test_the_same_plan_gives_the_same_bytes_whatever_the_order_of_its_mappings():
    item = plans.api()
    labels = dict(reversed(item.recommendation.labels.items()))
    turned = replace(item, recommendation=replace(item.recommendation, labels=labels))
    one, two = (render(plans.plan(items=(i,)), "json", Options()) for i in (item, turned))

    assert one == two


def test_documents_are_not_shared_with_the_plan():
    plan = plans.plan()
    before = copy.deepcopy(to_json(plan))
    document(plan)["recommendations"].clear()

    assert to_json(plan) == before


def test_a_recommendation_carries_its_record_of_past_weeks_and_whose_they_are():
    own, fleet = (document(scored(replace(SCORE, own=own)))["recommendations"][0]["score"] for own in (True, False))

    assert own == {"weeks": 6, "violated": 0.166667, "overUse": 0.012346, "own": True, "resource": "cpu"}
    assert fleet == {**own, "own": False}
    assert document(plans.plan())["recommendations"][0]["score"] is None


@pytest.mark.parametrize(
    "changed", [{"weeks": 0}, {"weeks": 1.5}, {"violated": 1.2}, {"overUse": -0.1}, {"own": 1}, {"resource": "gpu"}]
)
def test_a_record_that_cannot_be_breaks_the_schema(changed):
    broken = document(scored())
    broken["recommendations"][0]["score"] |= changed

    assert not VALIDATOR.is_valid(broken)


def test_reasons_and_records_are_written_alike_wherever_they_stand():
    told = reason(Reason("cpu-use", "words", {"b": math.inf, "a": -1e-9, "c": "api-1", "d": None}))

    assert told == {"code": "cpu-use", "params": {"a": 0.0, "b": None, "c": "api-1", "d": None}, "text": "words"}
    assert list(told["params"]) == ["a", "b", "c", "d"]
    assert str(known(-1e-9)) == "0.0"
    assert score(None) is None
    assert score(Score(1, math.nan, 0.0, own=False, resource="memory")) == {
        "weeks": 1,
        "violated": None,
        "overUse": 0.0,
        "own": False,
        "resource": "memory",
    }
