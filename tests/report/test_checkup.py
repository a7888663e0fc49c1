"""A checkup as lines and as JSON."""

import json

import pytest

from costkit.model.checkup import Check, Checkup
from costkit.report.checkup import checkup_json, checkup_table, lines

WELL = Check("access", "list pods", "ok", "allowed")
BAD = Check("access", "list nodes", "FAIL", "not allowed", "nodes", "- {verbs: [list]}")
SHORT = Check("history", "window", "FAIL", "1 day", "sizes", "wait", ("rightsize",), days=1.2)
CLOCK = Check("clock", "API server", "ok", "within 60 s")


def test_rights_that_are_well_stand_in_one_line_and_the_others_with_their_loss_and_fix():
    checkup = Checkup((WELL, WELL, BAD, CLOCK), "list-price")

    assert checkup_table(checkup, brief=False) == (
        "ok    access: 2 of 3\n"
        "FAIL  access: list nodes: not allowed -> lost: nodes\n"
        "      fix: - {verbs: [list]}\n"
        "ok    clock: API server: within 60 s\n"
        "ready: rightsize yes, money list-price\n"
    )


def test_brief_leaves_out_what_is_well():
    assert lines([WELL, CLOCK], brief=True) == ""


def test_one_fix_for_several_lines_stands_once():
    text = lines([BAD, BAD, SHORT], brief=False)

    assert text.count("fix: - {verbs: [list]}") == 1
    assert text.splitlines()[2].startswith("      fix")


def test_what_a_server_says_moves_no_cursor():
    assert "\x1b" not in lines([Check("x", "y", "ok", "a\x1b[2Jb\nc")], brief=False)
    assert "\\u001b" in checkup_json(Checkup((Check("x", "y", "ok", "\x1b"),), ""))


@pytest.mark.parametrize(
    ("checks", "ready"),
    [
        ((WELL, BAD), {"rightsize": "yes", "money": "list-price"}),
        ((SHORT,), {"rightsize": "in 2 days", "money": "list-price"}),
        ((SHORT, Check("a", "b", "FAIL", "", "l", "", ("rightsize",))), {"rightsize": "no", "money": "list-price"}),
        ((Check("a", "b", "FAIL", "", "l", "", ("recommend",)),), {"rightsize": "no", "money": "no"}),
        ((Check("a", "b", "warn", "", "l", "", ("money",)),), {"rightsize": "yes", "money": "no"}),
    ],
)
def test_what_can_be_had_is_what_nothing_stops(checks, ready):
    document = json.loads(checkup_json(Checkup(checks, "list-price")))

    assert document["ready"] == ready
    assert [check["lost"] for check in document["checks"]] == [check.lost for check in checks]


def test_where_no_node_was_seen_its_prices_are_not_said_to_be_known():
    assert Checkup((), "").ready()["money"] == "not checked"
