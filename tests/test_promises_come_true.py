"""The big claim on made-up fleets: what the rule promises is what happens in weeks that it had not seen.

The traces that it is proven on are not shipped (make proof); here are three fleets of 200 containers that wander.
"""

from collections.abc import Iterable

import numpy as np
import pytest

from costkit.model.backtest import Backtest, Week
from costkit.model.scores import ScoreTable
from costkit.model.trace import Use
from costkit.model.window import DAY
from costkit.pipeline import backtest
from costkit.progress import Silent
from costkit.recommend.trial import Trial
from tests.analyze.traces import lognormal, trace, use
from tests.recommend.cases import RISK

SERIES, DAYS, BEGUN = 200, 70, 20
SETTLED = 49 * DAY
"""From when on the fleet's own weeks outweigh the shipped ones, which come from fleets that wander less."""
TABLES = {"own weeks alone": ScoreTable(), "shipped scores, too": RISK.scores}
KINDS = {"cpu": (0.2, 0.6), "memory": (2.0**29, 0.15)}
"""Level and spread from sample to sample."""


def fleet(resource: str, seed: int) -> list[Use]:
    """Containers of very different sizes that began on different days."""
    random = np.random.default_rng(seed)
    level, spread = KINDS[resource]
    levels, begun = level * random.lognormal(0, 1.2, SERIES), random.integers(0, BEGUN, SERIES) * DAY
    return [use(lognormal(random, DAYS, one, spread=spread), start) for one, start in zip(levels, begun, strict=True)]


def tried(resource: str, uses: list[Use], table: ScoreTable) -> Backtest:
    traces = [trace(str(i), **{resource: one}) for i, one in enumerate(uses)]
    return backtest(traces, Trial(RISK, table=table), Silent(), rows=True)


def broken(weeks: Iterable[Week], uses: list[Use]) -> float:
    """Share of the weeks whose samples were above the size too often, by a look at the samples."""
    found = []
    for week in weeks:
        used = uses[int(week.series_id)].between(week.week, week.week + 7 * DAY).values
        found.append(np.mean(used > week.request) > (0.05 if week.resource == "cpu" else 0.0))
    return float(np.mean(found))


def shares(made: Backtest, uses: list[Use], rule: str = "costkit", since: float = 0.0) -> dict[float | None, float]:
    """Target -> share of the rolling weeks in which it was broken."""
    weeks = [week for week in made.weeks if week.rule == rule and week.week >= since]
    return {t: broken((w for w in weeks if w.target == t), uses) for t in {w.target for w in weeks}}


Tried = dict[tuple[str, str], list[tuple[Backtest, list[Use]]]]


@pytest.fixture(scope="module")
def fleets() -> Tried:
    """(resource, table) -> three fleets, each tried for itself: one alone scatters by a point or two."""
    uses = {resource: [fleet(resource, seed) for seed in range(3)] for resource in KINDS}
    return {
        (resource, words): [(tried(resource, one, table), one) for one in uses[resource]]
        for resource in KINDS
        for words, table in TABLES.items()
    }


def mean(found: list[tuple[Backtest, list[Use]]], target: float, since: float = 0.0) -> float:
    return float(np.mean([shares(made, uses, since=since)[target] for made, uses in found]))


@pytest.mark.parametrize("target", [0.05, 0.10, 0.20])
def test_the_promised_share_of_cpu_weeks_is_what_is_broken(fleets, target):
    own, with_shipped = (fleets["cpu", words] for words in TABLES)
    assert mean(own, target) == pytest.approx(target, abs=0.02)
    assert mean(own, target, SETTLED) == pytest.approx(target, abs=0.02)
    assert mean(with_shipped, target, SETTLED) == pytest.approx(target, abs=0.02)
    assert mean(with_shipped, target) <= target + 0.04


@pytest.mark.parametrize("words", TABLES)
@pytest.mark.parametrize(("target", "within"), [(0.01, 0.01), (0.02, 0.01), (0.05, 0.02)])
def test_the_promised_share_of_memory_weeks_is_what_is_broken(fleets, words, target, within):
    assert mean(fleets["memory", words], target) == pytest.approx(target, abs=within)


@pytest.mark.parametrize(("resource", "broken_by_krr"), [("cpu", 0.4), ("memory", 0.1)])
def test_a_rule_without_a_promise_is_broken_many_times_as_often(fleets, resource, broken_by_krr):
    for made, uses in fleets[resource, "own weeks alone"]:
        assert shares(made, uses, "krr")[None] > broken_by_krr


def test_a_promise_that_is_broken_more_rarely_costs_more(fleets):
    made, _ = fleets["cpu", "shipped scores, too"][0]
    found = {record.target: record.all for record in made.rules if record.rule == "costkit"}
    for figure in ("reserve_over_use", "geo_reserve"):
        rare, usual, often = (getattr(found[target], figure) for target in (0.05, 0.10, 0.20))
        assert rare > usual > often > 1.0


@pytest.mark.parametrize("words", TABLES)
def test_weeks_that_are_all_alike_are_held_once_one_with_as_much_before_it_is_over(words):
    """200m in two hours of each day, else 100m: 200m is the 95th percentile of every week."""
    uses = [use(np.where(np.arange(DAYS * 24) % 24 < 2, 0.2, 0.1))] * 100
    made = tried("cpu", uses, TABLES[words])
    assert shares(made, uses, since=35 * DAY) == {0.05: 0.0, 0.10: 0.0, 0.20: 0.0}
    assert {week.request for week in made.weeks if week.rule == "costkit" and week.week >= 35 * DAY} <= {0.2, 0.205}
