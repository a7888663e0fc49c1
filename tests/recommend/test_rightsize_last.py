"""A size near the last run's is the last run's: no daily churn, and nothing that is needed waits for it."""

from dataclasses import replace

import pytest

from costkit.model.change import Resources
from costkit.model.last import LastSizes
from costkit.model.quantities import MEBIBYTE
from costkit.model.recommendation import Fine, Recommendation
from tests.recommend.cases import SHIPPED, facts, finding, policies, profile, texts

REQUESTS = {"cpu": 1.0, "memory": 1024 * MEBIBYTE}
BEFORE = Resources(cpu_request=1.0, memory_request=1024 * MEBIBYTE)


def of(cpu=0.4, memory=600.0):
    """Used: cores, MiB of peak."""
    return facts(requests=REQUESTS, cpu=profile(cpu), memory=profile(memory * MEBIBYTE, "memory"))


def night(used, last, rules=SHIPPED):
    """What one night says, and what the next will know of it."""
    found = finding(used, rules, last=last)
    if not isinstance(found, Recommendation):
        return found, LastSizes(rules.digest)
    change = found.changes[0]
    return found, LastSizes(rules.digest, {found.target: change.before}, {found.target: change.after})


def after(found):
    return found.changes[0].after


def test_a_night_that_needs_a_little_more_or_less_cpu_says_what_the_last_one_said():
    first, last = night(of(cpu=0.42), LastSizes())
    for used in (0.46, 0.41, 0.44):
        again, last = night(of(cpu=used), last)
        assert after(again) == after(first)


def test_the_same_nights_without_a_last_run_differ():
    assert after(finding(of(cpu=0.42))) != after(finding(of(cpu=0.46)))


def test_a_difference_above_the_share_is_taken_at_once():
    first, last = night(of(cpu=0.42), LastSizes())
    again, _ = night(of(cpu=0.55), last)
    assert after(again).cpu_request > after(first).cpu_request


def test_memory_that_needs_more_gets_it_at_once_and_what_needs_less_waits():
    first, last = night(of(memory=600), LastSizes())
    more, _ = night(of(memory=640), last)
    less, _ = night(of(memory=540), last)
    assert after(more).memory_request > after(first).memory_request
    assert after(less).memory_request == after(first).memory_request
    assert after(finding(of(memory=540))).memory_request < after(first).memory_request


def test_a_change_that_just_passes_its_minimum_does_not_come_and_go():
    rules = policies({"margin": 0.0}, minimum_change=0.2, hysteresis=0.1)
    first, last = night(of(cpu=0.8), LastSizes(), rules)
    assert after(first).cpu_request == 0.8
    again, _ = night(of(cpu=0.85), last, rules)
    assert after(again).cpu_request == 0.8


def test_the_reason_says_that_the_last_run_decided():
    _, last = night(of(cpu=0.42), LastSizes())
    again, _ = night(of(cpu=0.46), last)
    assert "near the last run's" in texts(again)["cpu-use"]


@pytest.mark.parametrize("changed", ["in force", "rules"])
def test_other_requests_or_other_rules_make_the_last_run_void(changed):
    found, last = night(of(cpu=0.42), LastSizes())
    if changed == "in force":
        last = replace(last, before={found.target: replace(BEFORE, cpu_request=2.0)})
    else:
        last = replace(last, rules="0" * 12)
    assert after(night(of(cpu=0.46), last)[0]) == after(finding(of(cpu=0.46)))


def test_the_digest_tells_rules_apart_and_not_where_they_are_from():
    elsewhere = replace(SHIPPED, rightsize=replace(SHIPPED.rightsize, source="/etc/rules/rightsize.yaml"))
    assert elsewhere.digest == SHIPPED.digest
    assert policies({"margin": 0.3}).digest != policies({"margin": 0.2}).digest


def test_what_was_applied_is_fine_on_the_next_night():
    first, last = night(of(cpu=0.42), LastSizes())
    applied = after(first)
    requests = {"cpu": applied.cpu_request, "memory": applied.memory_request}
    settled = replace(of(cpu=0.43), requests=requests)
    assert isinstance(night(settled, last)[0], Fine)
