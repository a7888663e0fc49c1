"""The document of a back-test: the names that programs read, fractions, and null for what no week has shown."""

import json

from costkit.report.backtest import to_json
from costkit.report.serialized import json_text
from tests.report import backtests, plans

FIGURES = ["weeks", "violated", "violated10", "overUse", "reserveOverUse", "geoReserve", "idleShare"]


def document(made=None):
    return json.loads(json_text(to_json(made or backtests.backtest())))


def test_a_rule_has_the_contracts_names_in_their_order():
    found = document()
    assert list(found) == ["kind", "series", "rules", "notes"]
    assert (found["kind"], found["series"], found["notes"]) == ("Backtest", 209, [plans.BREAKOUT])
    assert len(found["rules"]) == len(backtests.SCORES) + len(backtests.MEMORY)
    for rule in found["rules"]:
        assert list(rule) == ["rule", "resource", "target", "p", *FIGURES, "active"]
        assert list(rule["active"]) == FIGURES


def test_figures_are_fractions_with_and_without_idle_weeks():
    rule = document()["rules"][1]
    assert [rule[key] for key in ("rule", "resource", "target", "p")] == ["costkit", "cpu", 0.1, None]
    assert [rule[key] for key in FIGURES] == [2176, 0.106, 0.049, 0.029, 2.45, 1.2, 0.3]
    assert [rule["active"][key] for key in FIGURES] == [1523, 0.1378, 0.0637, 0.029, 2.205, 1.2, 0.0]


def test_a_percentile_promises_nothing_and_has_its_p():
    rule = next(rule for rule in document()["rules"] if rule["p"] == 0.985)
    assert (rule["rule"], rule["target"]) == ("percentile", None)


def test_what_no_week_has_shown_is_null():
    rule = document(backtests.empty())["rules"][0]
    assert [rule[key] for key in FIGURES] == [0, None, None, None, None, None, None]
    assert rule["active"] == {key: rule[key] for key in FIGURES}
