"""What would change a finding: a sentence for every code, and numbers at which the rule does change its mind."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from costkit.model.facts import VerdictCode
from costkit.model.recommendation import Declined, Fine, Recommendation
from costkit.recommend import rightsize
from costkit.recommend.rightsize.outlook import SENTENCES, outlook
from tests.recommend.cases import GIB, SHIPPED, facts, finding, policies, profile, verdict

_CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def modules():
    return [ast.parse(path.read_text()) for path in Path(rightsize.__path__[0]).glob("*.py")]


def codes():
    """Of everything that `rightsize` declines: the first of a pair that is returned, what stands as `held`, gpu-*."""
    pairs = {
        pair.elts[0]
        for module in modules()
        for found in ast.walk(module)
        if isinstance(found, ast.Return) and found.value is not None
        for pair in ast.walk(found.value)
        if isinstance(pair, ast.Tuple) and len(pair.elts) == 2
    }
    gpus = {n for module in modules() for n in ast.walk(module) if isinstance(n, ast.Constant) and _is_of_gpus(n.value)}
    held = {k.value for module in modules() for k in ast.walk(module) if isinstance(k, ast.keyword) and k.arg == "held"}
    words = {
        node.value for node in pairs | held | gpus if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {word for word in words if _CODE.fullmatch(word)} | set(get_args(VerdictCode))


def _is_of_gpus(value):
    return isinstance(value, str) and value.startswith("gpu-")


def told(of, rules=SHIPPED):
    found = finding(of, rules)
    return found, outlook(found, of, rules.rightsize)


def test_every_code_of_a_declined_finding_has_a_sentence_and_no_sentence_is_left_over():
    assert {"hpa", "vpa", "no-usage", "too-little-data", "throttled", "skipped-namespace", "leak"} <= codes()
    assert codes() == set(SENTENCES)


@pytest.mark.parametrize("code", get_args(VerdictCode))
def test_a_sentence_is_whole_whatever_the_container(code):
    of = facts(verdicts=verdict(code))
    (sentence,) = outlook(Declined("rightsize", of.target, code, ""), of, SHIPPED.rightsize)

    assert sentence
    assert "{" not in sentence


def test_days_that_lack_are_counted():
    seen = {"cpu": profile(1.0, days=1.8), "memory": profile(GIB, "memory", days=1.8)}
    found, sentences = told(facts(**seen), policies(minimum_days=6.0))

    assert isinstance(found, Declined)
    assert sentences == ("4.2 more days of use",)


def test_samples_that_lack_are_told():
    seen = {"cpu": profile(1.0, coverage=0.3), "memory": profile(GIB, "memory", coverage=0.3)}

    assert told(facts(**seen), policies(minimum_coverage=0.5))[1] == ("50% of the samples in place of 30%",)


def test_names_that_decide_stand_in_the_sentence():
    vpa = told(facts(vertically_autoscaled="api-vpa"))[1]
    skipped = outlook(Declined("rightsize", facts().target, "skipped-namespace", ""), facts(), SHIPPED.rightsize)

    assert vpa == ("VerticalPodAutoscaler api-vpa in mode Off, or without this container",)
    assert skipped == ("shop taken out of skip-namespaces in rightsize.yaml",)


def test_a_fit_names_the_sizes_from_which_it_would_be_none():
    found, (cpu, memory) = told(facts(cpu=1.0, memory=GIB, requests={"cpu": 1.0, "memory": GIB * 1.15}), plain())

    assert isinstance(found, Fine)
    assert "comes out at 1.1 or more, or at 900m or less (minimum-change 10% of 1, one step at least)" in cpu
    assert memory.startswith("memory: use for which the rule comes out at 1.3Gi or more, or at 1.0Gi or less")


@pytest.mark.parametrize(("size", "kind"), [(0.9, Recommendation), (0.95, Fine), (1.05, Fine), (1.1, Recommendation)])
def test_at_those_sizes_the_rule_does_change_its_mind(size, kind):
    of = facts(cpu=size, memory=GIB, requests={"cpu": 1.0, "memory": GIB * 1.15})

    assert isinstance(finding(of, plain()), kind)


def test_no_size_below_the_floor_is_named():
    _, (cpu, _) = told(facts(cpu=0.01, memory=GIB, requests={"cpu": 0.01, "memory": GIB * 1.15}), plain())

    assert " or more (" in cpu
    assert " or less" not in cpu


def test_a_change_names_the_sizes_that_would_leave_it_as_it_is():
    found, sentences = told(facts(cpu=1.0, memory=GIB, requests={"cpu": 4.0, "memory": GIB * 1.15}), plain())

    assert isinstance(found, Recommendation)
    assert sentences == (
        "cpu: a size above 3.6 and below 4.4 would leave it as it is (minimum-change 10% of 4, one step at least)",
        "a cut waits where there is less than 3 days or 50% of the samples, and where a limit holds the use down",
    )


def test_a_raise_goes_with_what_asks_for_it():
    assert "the raise goes with" in told(facts(cpu=2.0, requests={"cpu": 1.0, "memory": GIB * 1.15}), plain())[1][-1]


def test_memory_that_is_held_beside_a_change_of_cpu_has_its_sentence_too():
    of = facts(limits={"memory": 8 * GIB}, verdicts=verdict("heap-bound"))
    found, sentences = told(of, plain())

    assert isinstance(found, Recommendation)
    assert sentences[-1] == f"memory: {SENTENCES['heap-bound']}"


def plain():
    """The percentile rule with nothing on top of the CPU's, so that a size is the use that it was made from."""
    return policies(cpu={"margin": 0.0, "percentile": 0.98}, memory={"margin": 0.15, "percentile": 1.0})
