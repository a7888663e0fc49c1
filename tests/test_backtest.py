"""A back-test from traces to the document: by hand on a tiny trace, and its rows against the samples."""

import json
from collections import defaultdict
from math import exp, log

import numpy as np
import pytest

from costkit.demo.source import DemoSource
from costkit.model.backtest import Backtest
from costkit.model.scores import ScoreSet, ScoreTable
from costkit.model.window import DAY, Window
from costkit.pipeline import backtest, observe, traces_of
from costkit.progress import Silent
from costkit.recommend.trial import PERCENTILES, Trial
from costkit.report.backtest import to_json
from costkit.report.serialized import json_text
from tests.analyze.traces import lognormal, trace, use
from tests.history.seen import AT, TODAY
from tests.recommend.cases import GIB, RISK

RANDOM = np.random.default_rng(61)
EVEN = ScoreTable((ScoreSet("x", "y", (np.zeros(9),) * 3, np.zeros(9)),))


class Steps(Silent):
    """Counts what a person would be shown."""

    def __init__(self):
        self.said = []

    def begin(self, what, total):
        self.said.append((what, total))

    def advance(self, share=1.0):
        self.said.append(share)

    def end(self):
        self.said.append("end")


def tiny():
    """Three weeks: 200m, of the last one 17 of 168 hours at 400m and 24 hours at 1m. Memory 1Gi, once 1.6Gi."""
    cpu = np.full(21 * 24, 0.2)
    cpu[15 * 24 : 15 * 24 + 17] = 0.4
    cpu[18 * 24 : 19 * 24] = 0.001
    memory = np.full(21 * 24, GIB)
    memory[16 * 24] = 1.6 * GIB
    return trace("tiny", cpu=use(cpu), memory=use(memory))


def document(made):
    return json.loads(json_text(to_json(made)))


def rule(found, name, resource="cpu", **of):
    return next(
        one
        for one in found["rules"]
        if (one["rule"], one["resource"]) == (name, resource) and all(one[key] == value for key, value in of.items())
    )


@pytest.fixture(scope="module")
def told():
    return document(backtest([tiny()], Trial(RISK, table=EVEN), Silent()))


def test_the_figures_of_a_tiny_trace_are_what_is_worked_out_by_hand(told):
    """At 10 % the request is 205m: 200m x e^.01, on the grid."""
    used = 17 * 0.4 + 24 * 0.001 + 127 * 0.2
    assert rule(told, "costkit", target=0.1) == {
        **dict.fromkeys(("violated", "violated10"), 1.0),
        "rule": "costkit",
        "resource": "cpu",
        "target": 0.1,
        "p": None,
        "weeks": 1,
        "overUse": pytest.approx(17 * 0.195 / used, abs=1e-6),
        "reserveOverUse": pytest.approx(168 * 0.205 / used, abs=1e-6),
        "geoReserve": pytest.approx(0.205 / 0.4, abs=1e-6),
        "idleShare": 0.0,
        "active": {key: value for key, value in rule(told, "costkit", target=0.1).items() if key in FIGURES},
    }


FIGURES = ("weeks", "violated", "violated10", "overUse", "reserveOverUse", "geoReserve", "idleShare")


def test_memorys_figures_are_of_the_limit(told):
    """1Gi x 1.5 by hand x e^.03 = 1.546Gi, on the grid 1.5625Gi; one hour of 168 is above it."""
    used = 167 + 1.6
    found = rule(told, "costkit", "memory", target=0.02)
    assert [found[key] for key in FIGURES] == [
        *(1, 1.0, 0.0),
        *(pytest.approx(value, abs=1e-6) for value in (0.0375 / used, 168 * 1.5625 / used, 1.5625 / 1.6)),
        0.0,
    ]
    krr = rule(told, "krr", "memory")
    assert krr["reserveOverUse"] == pytest.approx(168 * 1178 / 1024 / used, abs=1e-6)


def test_each_rule_of_each_resource_stands_once(told):
    assert (told["kind"], told["series"], told["notes"]) == ("Backtest", 1, [])
    order = [(one["resource"], one["rule"], one["target"], one["p"]) for one in told["rules"]]
    for resource, targets in (("cpu", (0.05, 0.1, 0.2)), ("memory", (0.01, 0.02, 0.05))):
        assert [one[1:] for one in order if one[0] == resource] == [
            *(("costkit", target, None) for target in targets),
            *(("krr", None, None), ("vpa", None, None)),
            *(("percentile", None, p) for p in PERCENTILES),
        ]


def test_a_resource_without_any_sample_is_not_tried():
    made = backtest([trace("a", cpu=use(np.ones(500)))], Trial(RISK), Silent())
    assert {one.resource for one in made.rules} == {"cpu"}
    assert backtest([], Trial(RISK), Silent()) == Backtest(0, (), ())


def test_a_person_sees_a_step_for_each_resource_and_an_end_even_of_what_fails():
    steps = Steps()
    backtest([tiny()], Trial(RISK), steps)
    assert steps.said == [("trying rules", 2), 1, 1, "end"]
    broken = Steps()
    with pytest.raises(AttributeError):
        backtest([tiny()], Trial(None), broken)  # type: ignore[arg-type]
    assert broken.said[-1] == "end"


def figures(rows, uses):
    """Figures of one rule from its rows and the samples."""
    above, over, used, reserved, logs = [], 0.0, 0.0, 0.0, []
    for row in rows:
        values = uses[row.series_id].between(row.week, row.week + 7 * DAY).values
        above.append(np.mean(values > row.request))
        over += np.maximum(values - row.request, 0).sum()
        used += values.sum()
        reserved += row.request * len(values)
        measure = np.quantile(values, 0.95, method="inverted_cdf") if row.resource == "cpu" else values.max()
        logs.append(log(row.request / max(measure, {"cpu": 0.01, "memory": 2.0**25}[row.resource])))
    often = 0.05 if rows[0].resource == "cpu" else 0.0
    return (
        *(len(rows), np.mean(np.array(above) > often), np.mean(np.array(above) > 0.1)),
        *(over / used, reserved / used, exp(np.mean(logs))),
    )


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_the_rows_and_the_samples_give_the_figures_again(resource):
    level = {"cpu": 0.05, "memory": 2.0**27}[resource]
    uses = {f"s{i}": use(lognormal(RANDOM, 40 + i, level * 2**i), i * 5_000.0) for i in range(5)}
    made = backtest(
        [trace(name, **{resource: one}) for name, one in uses.items()],
        Trial(RISK, table=RISK.scores),
        Silent(),
        rows=True,
    )
    by_rule = defaultdict(list)
    for row in made.weeks:
        assert row.resource == resource
        by_rule[row.rule, row.target, row.p].append(row)
    assert len(by_rule) == len(made.rules) == 15
    for one in made.rules:
        found = figures(by_rule[one.rule, one.target, one.p], uses)
        figures_told = (one.all.violated, one.all.violated10, one.all.over_use, one.all.reserve_over_use)
        assert (one.all.weeks, *figures_told, one.all.geo_reserve) == pytest.approx(found)


@pytest.mark.parametrize(("days", "request_"), [(None, 0.405), (3.0, 0.22)])
def test_with_a_short_history_the_rule_sees_the_last_days_alone(days, request_):
    """Ten days at 400m, then four at 200m: 14 days ask for 400m x e^.01, three for 200m x e^.09."""
    values = np.repeat([0.4, 0.2], [10 * 24, 11 * 24])
    made = backtest([trace("a", cpu=use(values))], Trial(RISK, table=EVEN, max_history=days), Silent(), rows=True)
    (row,) = [week for week in made.weeks if week.target == 0.1]
    assert row.request == request_


def test_a_week_at_the_floor_of_the_class_is_idle():
    made = backtest([trace("a", cpu=use(np.full(21 * 24, 0.01)))], Trial(RISK, table=EVEN), Silent())
    assert {(one.all.idle_share, one.all.weeks, one.active.weeks) for one in made.rules} == {(1.0, 1, 0)}


def test_without_being_asked_for_there_are_no_rows():
    asked, unasked = (backtest([tiny()], Trial(RISK, table=EVEN), Silent(), rows=rows) for rows in (True, False))
    assert (len(unasked.weeks), unasked.rules == asked.rules) == (0, True)
    assert len(asked.weeks) == sum(one.all.weeks for one in asked.rules)


def test_a_snapshot_is_tried_by_its_containers():
    days = 22
    seen = observe(DemoSource(AT, days=days), Window(TODAY - days * DAY, TODAY), AT, Silent())
    traces = traces_of(seen)
    made = backtest(traces, Trial(RISK, table=RISK.scores), Silent())
    assert made.series == len(traces) > 50
    ours = next(one for one in made.rules if (one.rule, one.target) == ("costkit", 0.1))
    assert ours.all.weeks > 40
    assert 0.0 <= ours.all.violated <= 0.3
