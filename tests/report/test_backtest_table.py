"""The table of a back-test: a block a resource, a line a rule, and what the columns mean."""

from dataclasses import replace

from costkit.report.backtest_table import table
from costkit.report.plain_text import UNSAFE
from tests.report import backtests, plans


def lines(made=None):
    return table(made or backtests.backtest()).splitlines()


def test_each_resource_has_its_rules_with_what_they_promised_and_what_came():
    found = lines()
    cpu, memory = (next(i for i, line in enumerate(found) if line.startswith(word)) for word in ("CPU:", "Memory:"))
    titles, ours = (" ".join(line.split()) for line in (found[cpu + 1], found[cpu + 3]))
    assert titles == "RULE PROMISED REALIZED ACTIVE OVER 10 % OVER USE RESERVE/USE GEO IDLE WEEKS"
    assert ours == "costkit 10 % 10.6 % 13.8 % 4.9 % 2.9 % 2.45 1.20 30.0 % 2176"
    assert found[cpu + 5].split()[:4] == ["KRR", "none", "28.4", "%"]
    assert [line.split()[0] for line in found[memory + 2 : memory + 6]] == ["costkit", "costkit", "KRR", "VPA"]
    assert [line.split()[0] for line in found if line.startswith("p9")] == [
        "p90", "p95", "p98", "p98.5", "p99", "p99.5", "p99.9"
    ]  # fmt: skip


def test_numbers_stand_under_one_another():
    found = lines()
    block = found[1 : 2 + len(backtests.SCORES)]
    assert len({len(line) for line in block}) == 1


def test_the_columns_are_explained_and_notes_are_harmless():
    text = table(backtests.backtest(notes=(plans.ESCAPE,)))
    assert "209 series." in text
    assert "active: realized without weeks" in text
    assert "owned" in text
    assert UNSAFE.findall(text.replace("\n", "")) == []


def test_figures_that_are_not_known_are_dashes():
    idle = replace(backtests.backtest().rules[0], active=backtests.NO_WEEK)
    row = next(line for line in lines(backtests.backtest(rules=(idle,))) if line.startswith("costkit"))
    assert row.split()[:6] == ["costkit", "5", "%", "4.7", "%", "-"]


def test_without_a_week_that_is_said_instead():
    assert lines(backtests.empty()) == [
        "3 series.",
        "No week to try a rule on: a series needs 14 days before its first week, and 5 days of that week.",
    ]
