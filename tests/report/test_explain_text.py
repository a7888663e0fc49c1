"""What a terminal shows of a workload: use, requests before and after, factors, record, outlook, rules."""

import re

import pytest

from costkit.report.explain_text import text
from costkit.report.plain_text import UNSAFE
from tests.report import explanations
from tests.report.explanations import FLEET, declined, explained, recommended, unseen


def block(told, title):
    """The indented lines below a title."""
    lines = told.splitlines()
    below = lines[lines.index(title) + 1 :]
    return [line for line in below[: below.index("")] if line.startswith("  ")] if "" in below else below


def one(*containers, width=80):
    return text(explained(*containers), width)


def test_the_whole_of_it_for_one_container():
    assert one(recommended()) == WHOLE


def test_a_gap_stands_where_its_days_are():
    line = block(one(declined()), "CPU of the hottest pod: a column is the highest of 4.4 h, full height 50m")[0]

    assert re.fullmatch(r" {61}[▁-█]{17}", line)


def test_a_declined_container_names_code_number_and_what_it_wants():
    told = one(declined())

    assert "  Declined (too-little-data): 3.0 days of use" in told
    assert block(told, "Back-test") == ["  none: no size is recommended"]
    assert block(told, "What would change it") == ["  4.2 more days of use"]
    assert "▼ request now 100m" in told
    assert "▲" not in told


def test_where_nothing_was_seen_that_is_said():
    told = one(unseen())

    assert block(told, "Use") == ["  no series of its use was seen"]
    assert block(told, "Why") == [
        "  cpu stays: it fits",
        "  memory stays: no series of its use was seen",
    ]


def test_a_record_is_its_own_the_fleets_or_none_yet():
    assert block(one(recommended(FLEET)), "Back-test") == [
        "  fleet's record, 4210 container-weeks: 392 violated (9.3 %), use above the",
        "    request 1.1 % of all use",
    ]
    assert "none yet" in one(recommended(None))


@pytest.mark.parametrize("width", [40, 60, 80, 133, 200])
def test_lines_keep_to_the_width(width):
    told = text(explained(), width)
    rules = told.splitlines().index("Rules of class standard")

    assert max(len(line) for line in told.splitlines()[:rules]) <= width
    assert max(len(line) for line in told.splitlines() if "█" in line) > min(width - 6, 150)


def test_containers_follow_one_another_and_rules_stand_once():
    told = one()

    assert re.findall(r"^Container .*", told, re.MULTILINE) == [
        "Container api",
        "Container istio-proxy",
        "Container spare",
    ]
    assert told.count("mine/rightsize.yaml:3") == 1


def test_nothing_that_a_name_holds_can_steer_a_terminal():
    evil = explanations.explained()
    told = text(type(evil)(**{**fields(evil), "cluster_name": "\x1b[31mred\u202e"}))

    assert not UNSAFE.search(told.replace("\n", ""))
    assert "\\u001b[31mred" in told


def fields(of):
    return {name: getattr(of, name) for name in type(of).__slots__}


WHOLE = """\
deploy/api in shop · prod-eu · 14 d to 2026-11-24 · class standard

Container api
  Resize: CPU request 1 -> 250m (risk low, confidence 93%)

CPU of the hottest pod: a column is the highest of 4.4 h, full height 212m
  ▄▇██▆▃▅██▇▄▄▇██▅▃▆██▇▄▅███▅▃▇██▆▃▅███▄▄▇██▆▃▅██▇▄▄▇██▅▃▆██▇▄▅███▅▃▇██▆▃▅███▄
  Nov 10    12    13   14    15   16    17   18   19    20   21    22   23
  0 ───────────────●──▲─────────◆──────────────────────────────────────────▼ 1
  ▼ request now 1 · ▲ request then 250m · ◆ peak 400m · ● p95 of the hottest pod
    213m
  peak 400m on Sun 15 Nov 14:05 UTC in api-9d
  hottest pod on 12 of 14 days: api-7f

Memory of the hottest pod: a column is the highest of 4.4 h, full height 512Mi
  ▅███▇▅▇███▆▆███▇▅▇███▅▆███▆▅▇██▇▅▆███▆▅███▇▅▇███▆▆███▇▅▇███▅▆███▆▅▇██▇▅▆███▆
  Nov 10    12    13   14    15   16    17   18   19    20   21    22   23
  0 ──────────────────────────────────◆──────────────────────────────────▼ 1Gi
  ▼ request now 1Gi · ◆ peak 512Mi · ● p95 of the hottest pod 512Mi
  peak 512Mi on Sun 15 Nov 14:05 UTC in api-9d
  hottest pod on 12 of 14 days: api-7f

Why
  cpu p95 212m (api-7f) x 1.15 = 244m -> 250m
  memory stays: it fits (peak 512Mi)

Back-test
  on its own 6 past weeks: 1 violated (16.7 %), use above the request 0.4 % of
    all use

What would change it
  cpu: a size above 900m and below 1.1 would leave it as it is

Rules of class standard
  defaults.cpu.percentile  95%    rightsize.yaml:17
  defaults.cpu.margin      15%    mine/rightsize.yaml:3
"""
