"""What is not resized, with the reason; and what a reason holds beside it."""

from dataclasses import replace

import pytest

from costkit.model.facts import Facts
from costkit.model.last import LastSizes
from costkit.model.policy import Policies
from costkit.model.recommendation import Declined, Recommendation
from costkit.recommend.rightsize.findings import rightsize
from tests.recommend.cases import API, GIB, SHIPPED, facts, finding, policies, profile, sized, verdict


def reason(of, rules: Policies = SHIPPED):
    found = finding(of, rules)
    assert isinstance(found, Declined)
    return found.reason, found.detail


@pytest.mark.parametrize("code", ["broken", "custom-resource", "headroom", "injected", "owned", "unread"])
def test_a_verdict_declines_whatever_the_numbers_say(code):
    assert reason(facts(verdicts=verdict(code))) == (code, f"it is {code}")


@pytest.mark.parametrize("code", ["heap-bound", "leak"])
def test_heap_bound_and_leak_hold_the_memory_alone(code):
    found = finding(facts(verdicts=verdict(code)))
    assert isinstance(found, Recommendation)
    before, after = found.changes[0].before, found.changes[0].after
    assert after.cpu_request == 1.0
    assert after.memory_request == before.memory_request
    assert reason(facts(cpu=None, verdicts=verdict(code)))[0] == code


@pytest.mark.parametrize("code", ["heap-bound", "leak"])
def test_a_leak_is_not_fed(code):
    grown = facts(cpu=None, memory=8 * GIB, requests={"memory": GIB}, verdicts=verdict(code))
    assert reason(grown)[0] == code


def test_a_workload_with_an_hpa_is_declined_with_what_it_divides_by():
    code, detail = reason(facts(autoscaled=("cpu", "memory")))
    assert code == "hpa"
    assert "cpu and memory" in detail


def test_a_workload_with_a_vpa_is_declined_with_its_name():
    code, detail = reason(facts(vertically_autoscaled="api-vpa"))
    assert code == "vpa"
    assert "api-vpa" in detail


def test_the_providers_namespaces_are_skipped():
    system = facts(target=replace(API, namespace="kube-system"))
    assert reason(system) == ("skipped-namespace", "kube-system is in skip-namespaces of rightsize.yaml")


def test_a_namespace_that_only_begins_like_one_is_not_skipped():
    assert isinstance(
        finding(facts(target=API.__class__("kube-system-tools", "Deployment", "a", "main"))), Recommendation
    )


def test_pods_without_series_are_told_from_no_pods_at_all():
    assert reason(facts(None, None, pods=3)) == ("no-usage", "3 pods run, but no series of this container was found")
    assert reason(facts(None, None, pods=0))[0] == "not-running"


def test_too_few_days_decline_a_cut_with_the_number():
    brief = profile(1.0, days=2.5)
    code, detail = reason(facts(brief, None, {"cpu": 4.0}))
    assert (code, "2.5 days of use, 3 are wanted" in detail) == ("too-little-data", True)
    assert sized(facts(profile(1.0, days=3.0), None, {"cpu": 4.0})).cpu_request == 1.0


def test_too_few_samples_decline_a_cut_with_the_share():
    sparse = profile(1.0, coverage=0.4)
    code, detail = reason(facts(sparse, None, {"cpu": 4.0}))
    assert (code, "40% of the samples, 50% are wanted" in detail) == ("too-little-data", True)


def test_too_little_data_does_not_hold_a_raise():
    assert sized(facts(profile(1.0, days=0.5), None, {"cpu": 0.5})).cpu_request == 1.0


def test_a_critical_workload_wants_a_whole_week():
    week = profile(1.0, days=5.0)
    critical = {"costkit.io/class": "critical"}
    assert reason(facts(week, None, {"cpu": 4.0}, match_labels=critical))[0] == "too-little-data"
    assert sized(facts(week, None, {"cpu": 4.0})).cpu_request == 1.0


def test_what_is_gone_has_no_finding():
    assert list(rightsize(Facts((facts(exists=False),)), SHIPPED, LastSizes())) == []


def test_every_container_that_exists_has_one_finding():
    several = tuple(facts(target=API.of(name), verdicts=v) for name, v in (("a", ()), ("b", verdict("broken"))))
    assert [f.target.container for f in rightsize(Facts(several), SHIPPED, LastSizes())] == ["a", "b"]


def test_a_rule_that_wants_no_change_declines_nothing():
    assert not isinstance(finding(facts(4.0, 8 * GIB), policies({"margin": 0.0}, {"margin": 0.0})), Declined)
