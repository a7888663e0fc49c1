"""Every size with a promise carries its record of past weeks, into the plan's document and into explain's."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from costkit.demo.source import DemoSource
from costkit.model.plan import Plan
from costkit.model.snapshot import Snapshot
from costkit.model.window import DAY, Window
from costkit.pipeline import Request, observe, plan
from costkit.progress import Silent
from costkit.report.contract import to_json
from costkit.report.serialized import json_text
from costkit.settings.policies import load_policies
from costkit.settings.prices import load_prices
from tests.history.seen import AT, TODAY
from tests.recommend.cases import SHIPPED

DAYS = 22
SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "plan.schema.json").read_text(encoding="utf-8"))
REQUEST = Request(load_policies(None), load_prices(None, None), ("team",))


@pytest.fixture(scope="module")
def seen() -> Snapshot:
    """Three weeks and a day: one whole week has two before it."""
    return observe(DemoSource(AT, days=DAYS), Window(TODAY - DAYS * DAY, TODAY), AT, Silent())


@pytest.fixture(scope="module")
def made(seen: Snapshot) -> Plan:
    return plan(seen, REQUEST)


def document(made):
    return json.loads(json_text(to_json(made)))


def test_the_document_of_a_real_plan_fits_its_schema(made):
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document(made))] == []


def test_every_recommendation_has_a_record_and_most_their_own(made):
    scores = [found["score"] for found in document(made)["recommendations"]]
    assert len(scores) > 10
    assert None not in scores
    assert all(score["weeks"] >= 1 and 0 <= score["violated"] <= 1 for score in scores)
    own = [score for score in scores if score["own"]]
    assert len(own) > len(scores) / 2
    assert {score["weeks"] for score in own} == {1}


def test_of_method_percentile_there_is_no_record(seen):
    found = document(plan(seen, replace(REQUEST, policies=SHIPPED)))["recommendations"]
    assert len(found) > 10
    assert {one["score"] for one in found} == {None}
