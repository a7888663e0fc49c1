"""One replica in ten is three times as hot: the promise is about it, and on the week that comes it is kept.

Sizes are asked for on real servers at three moments, each from the history up to then, and judged on what the hot
replicas really used in the week after. Of `n` container-weeks a share p goes wrong; k of them is what chance allows if
a binomial of n and p gives k or fewer in 99 % of all cases.
"""

import json
import math

import numpy as np
import pytest

from costkit.model.quantities import parse
from costkit.settings.policies import load_policies
from tests.e2e.hot import CUTS, DAY, DEPLOYMENTS, NAMES, SPACE, WEEK, fleet
from tests.e2e.stage import costkit

CLASSES = {one.name: one.cpu.target for one in load_policies(None).rightsize.classes}
PAST_WEEKS = 4
"""At the last moment: six weeks, less the two that come before a first one."""
OFTEN = 0.05
"""Share of the week above the request from which on it is violated."""


def chance(count, share):
    """The least number that a binomial stays within in 99 % of all cases."""
    terms = [math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(count + 1)]
    return int(np.searchsorted(np.cumsum(terms), 0.99))


def violated(use, request):
    return bool((use > request).mean() > OFTEN)


@pytest.fixture(scope="module")
def hot(tools, tmp_path_factory):  # noqa: ARG001  # built
    with fleet(tmp_path_factory.mktemp("hot")) as made:
        yield made


@pytest.fixture(scope="module")
def kept(hot, tmp_path_factory):
    """The history, and the snapshot of each moment: the first fills it, each later one reads a week more."""
    folder = tmp_path_factory.mktemp("kept")
    snapshots = {cut: folder / f"{cut}.zip" for cut in CUTS}
    for cut, path in snapshots.items():
        run = hot.costkit("collect", "-o", path, "--history", folder / "history", "--window", "14d", at=cut)
        assert run.code == 0, run.err
    return folder / "history", snapshots


@pytest.fixture(scope="module")
def plans(kept, tmp_path_factory):
    """Target -> moment -> the plan, with all workloads in a class of that target."""
    folder, found = tmp_path_factory.mktemp("rules"), {}
    for name, target in CLASSES.items():
        rules = folder / name
        rules.mkdir()
        (rules / "rightsize.yaml").write_text(f"classes: [{{name: tried, cpu: {{target: {target:.0%}}}}}]\n")
        found[target] = {cut: recommended(path, "--rules", rules) for cut, path in kept[1].items()}
    return found


def recommended(snapshot, *words):
    run = costkit("recommend", "--snapshot", snapshot, "-o", "json", "--only", "rightsize", *words)
    assert run.code == 0, run.err
    return json.loads(run.out)


def requests(plan):
    return {r["target"]["name"]: float(parse(r["after"]["requests"]["cpu"])) for r in plan["recommendations"]}


def judged(hot, plans, target):
    """Of each container-week whether the hot replica was above its request too often, and the request over its p95."""
    wrong, price = [], []
    for cut, plan in plans[target].items():
        for name, request in requests(plan).items():
            use = hot.of_hot(name, cut, WEEK)
            wrong.append(violated(use, request))
            price.append(request / np.quantile(use, 0.95))
    return wrong, np.exp(np.mean(np.log(price)))


@pytest.mark.parametrize("target", CLASSES.values(), ids=CLASSES)
def test_the_hot_replicas_week_is_above_its_request_as_seldom_as_was_promised(hot, plans, target):
    wrong, price = judged(hot, plans, target)

    assert len(wrong) == DEPLOYMENTS * len(CUTS)
    assert sum(wrong) <= chance(len(wrong), target)
    # not by asking for any amount
    assert price < 1.5


def test_a_percentile_of_all_replicas_together_breaks_it_nearly_always(hot, plans):
    """What a tool that pools the pods would ask for: the hot one is a tenth of the samples, and lies above."""
    wrong = [
        violated(hot.of_hot(name, cut, WEEK), np.quantile(hot.of_all(name, cut - 14 * DAY, 14), 0.95))
        for cut in CUTS
        for name in NAMES
    ]
    ours, _ = judged(hot, plans, max(CLASSES.values()))

    assert sum(wrong) > 0.9 * len(wrong)
    assert sum(ours) < sum(wrong) / 2


def test_a_lower_risk_costs_more(hot, plans):
    prices = [judged(hot, plans, target)[1] for target in sorted(CLASSES.values())]

    assert prices == sorted(prices, reverse=True)
    assert len(set(prices)) == len(prices)


def test_each_recommendation_has_its_own_record_of_all_weeks_that_were_over(plans):
    for plan in plans.values():
        weeks = [{r["score"]["weeks"] for r in made["recommendations"]} for made in plan.values()]
        own = {r["score"]["own"] for made in plan.values() for r in made["recommendations"]}

        assert weeks == [{2}, {3}, {4}]
        assert own == {True}


def test_the_back_test_of_the_history_finds_the_promise_kept(kept):
    run = costkit("backtest", "--history", kept[0], "-o", "json")
    assert run.code == 0, run.err
    told = json.loads(run.out)
    ours = {r["target"]: r for r in told["rules"] if (r["rule"], r["resource"]) == ("costkit", "cpu")}

    assert told["series"] == DEPLOYMENTS
    assert set(ours) == set(CLASSES.values())
    for target, record in ours.items():
        assert record["weeks"] == DEPLOYMENTS * PAST_WEEKS
        assert record["violated"] * record["weeks"] <= chance(record["weeks"], target) + 1e-6


def test_explain_shows_the_sum_and_the_record(kept, plans):
    name, snapshot = NAMES[0], kept[1][CUTS[-1]]
    run = costkit("explain", f"deploy/{name}", "-n", SPACE, "--snapshot", snapshot)
    assert run.code == 0, run.err
    told = " ".join(run.out.split())
    standard = {r["target"]["name"]: r for r in plans[CLASSES["standard"]][CUTS[-1]]["recommendations"]}[name]

    assert f"-> {standard['after']['requests']['cpu']}" in told
    assert next(why["text"] for why in standard["why"] if why["code"] == "cpu-promise") in told
    assert f"of its own {PAST_WEEKS}" in told
