"""Which findings were asked for."""

from dataclasses import replace

from costkit.k8s.selectors import parse_selector
from costkit.model.facts import Facts
from costkit.model.recommendation import Declined, Recommendation
from costkit.recommend.catalog import findings, kinds
from costkit.recommend.selected import Selection, selected
from tests.recommend.cases import API, SHIPPED, facts

SHOP = facts(match_labels={"tier": "web"})
BANK = facts(target=replace(API, namespace="bank"), match_labels={"tier": "db"})
RISKY = facts(target=replace(API, name="risky"), cpu=0.1, restarts=1)
ALL = Facts((SHOP, BANK, RISKY))


def names(**selection):
    chosen = Selection(**selection)
    return [str(f.target.workload) for f in selected(findings(ALL, SHIPPED, chosen.only), ALL, chosen)]


def test_nothing_asked_is_everything():
    assert names() == ["shop/deploy/api", "bank/deploy/api", "shop/deploy/risky"]


def test_a_namespace_is_asked_for_by_its_whole_name():
    assert names(namespace="bank") == ["bank/deploy/api"]
    assert names(namespace="ban") == []


def test_labels_select_as_kubectl_does():
    assert names(labels=parse_selector("tier=web")) == ["shop/deploy/api"]
    assert names(labels=parse_selector("!tier")) == ["shop/deploy/risky"]


def test_kinds_that_were_not_asked_for_are_not_looked_for():
    assert names(only=frozenset({"schedule"})) == []
    assert len(names(only=frozenset({"rightsize"}))) == 3
    assert kinds() == ("rightsize",)


def test_what_is_too_risky_is_declined_by_name_not_dropped():
    found = list(selected(findings(ALL, SHIPPED), ALL, Selection(max_risk="medium")))
    assert [type(f) for f in found] == [Recommendation, Recommendation, Declined]
    assert found[2] == Declined("rightsize", RISKY.target, "above-max-risk", "its risk is high, asked for: medium")
