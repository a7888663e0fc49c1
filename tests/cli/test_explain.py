"""`costkit explain`: one workload of the demo, in each form; and what is said where it cannot be told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from costkit import pipeline
from costkit.analyze.facts import study
from costkit.history.snapshots import read_snapshot
from costkit.model.cluster import Coverage
from costkit.model.recommendation import Declined, Finding, Recommendation
from costkit.recommend.catalog import findings
from costkit.recommend.named import named
from costkit.report.explain_text import text
from costkit.settings.in_force import rules_in_force
from costkit.settings.policies import load_policies
from costkit.settings.prices import load_prices
from tests.cli.command import USAGE, Call, complaint

API = ("explain", "deploy/ranking-api", "-n", "search")


def test_the_seeds_own_example_is_explained_line_by_line(call: Call, demo_file: Path) -> None:
    """8 CPU and 16Gi asked for, 2 and 4Gi used (FIELD_NOTES §3)."""
    done = call(*API, "--snapshot", demo_file)

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("deploy/ranking-api in search · demo · 8.38 d to 2026-05-29 · class standard\n")
    assert "▼ request now 8 · ▲ request then " in done.out
    assert "◆ peak 2" in done.out
    assert "memory peak 4Gi x 1.15 = 4.6Gi -> " in done.out
    assert "defaults.memory.margin" in done.out
    assert "a cut waits where there is less than 3 days" in done.out


def test_every_sort_of_finding_can_be_explained(demo_file: Path) -> None:
    """One workload of each code of the demo; what is said of it is what `recommend` says."""
    taken = read_snapshot(demo_file)
    asked = pipeline.Request(load_policies(None), load_prices(None, None), ())
    of_code: dict[str, Finding] = {}
    for found in findings(study(taken, ()), asked.policies):
        code = ("raise" if found.raises else "cut") if isinstance(found, Recommendation) else found.reason
        of_code.setdefault(code, found)
    rules = tuple(rules_in_force(None))

    assert {"cut", "raise", "fits", "hpa", "vpa", "injected", "owned", "broken", "not-running"} <= set(of_code)
    for found in of_code.values():
        explained = pipeline.explain(taken, asked, named([str(found.target)]), rules)
        (one,) = explained.containers
        assert one.finding == found
        told = " ".join(text(explained).split())
        assert all(" ".join(sentence.split()) in told for sentence in one.outlook)
        if isinstance(found, Declined):
            assert " ".join(found.detail.split()) in told
            assert one.before == one.after


def test_all_containers_are_explained_or_the_one_that_is_named(call: Call, demo_file: Path) -> None:
    both = call("explain", "deployments", "gateway", "--snapshot", demo_file).out
    one = call("explain", "deploy/gateway", "-c", "istio-proxy", "--snapshot", demo_file).out

    assert ("Container gateway" in both, "Container istio-proxy" in both) == (True, True)
    assert ("Container gateway" in one, "Container istio-proxy" in one) == (False, True)
    assert "Declined (injected)" in one


def test_as_data_it_is_the_same(call: Call, demo_file: Path) -> None:
    told = json.loads(call(*API, "--snapshot", demo_file, "-o", "json").out)
    (container,) = told["containers"]

    assert container["before"]["requests"] == {"cpu": "8", "memory": "16Gi"}
    assert len(container["usage"][0]["peaks"]) == 8 * 48 + 18
    assert container["usage"][0]["peak"] == 2.0
    assert {rule["file"] for rule in told["rules"]} == {"rightsize.yaml"}


def test_a_page_is_written_or_printed(call: Call, demo_file: Path, tmp_path: Path) -> None:
    printed = call(*API, "--snapshot", demo_file, "-o", "html")
    written = call(*API, "--snapshot", demo_file, "-o", "api.html")

    assert printed.out.startswith("<!doctype html>")
    assert (tmp_path / "api.html").read_text() == printed.out
    assert (written.out, written.err) == ("", "api.html: open it in a browser, it needs no network\n")
    assert call(*API, "--snapshot", demo_file, "-o", "api.html", "-q").err == ""


def test_ones_own_rules_are_named_with_their_line(call: Call, demo_file: Path, tmp_path: Path) -> None:
    (tmp_path / "rightsize.yaml").write_text("defaults:\n  memory: {margin: 50%}\n")
    done = call(*API, "--snapshot", demo_file, "--rules", tmp_path)

    assert "memory peak 4Gi x 1.50 = 6Gi" in done.out
    assert f"{tmp_path}/rightsize.yaml:2" in done.out
    assert "rightsize.yaml:26" not in done.out.replace(f"{tmp_path}/rightsize.yaml", "")


def test_gaps_in_the_data_end_in_3_and_are_named(call: Call, demo_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = read_snapshot(demo_file)
    partial = replace(taken, coverage=(*taken.coverage, Coverage("quotas", "missing", "forbidden")))
    monkeypatch.setattr("costkit.cli.explain.snapshot", lambda where: partial)  # noqa: ARG005 - as it is called

    done = call(*API)
    assert "quotas: forbidden" in complaint(done, 3)
    assert "Container ranking" in done.out


def test_a_terminal_sets_the_width_and_a_pipe_does_not(
    call: Call, demo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    piped = call(*API, "--snapshot", demo_file).out
    monkeypatch.setattr("costkit.cli.explain.on_terminal", lambda: True)
    shown = call(*API, "--snapshot", demo_file).out

    assert [max(len(line) for line in told.splitlines() if "█" in line) for told in (piped, shown)] == [78, 118]


def test_a_name_in_several_namespaces_and_one_in_none_are_errors_that_help(call: Call, demo_file: Path) -> None:
    several = call("explain", "deploy/storefront", "--snapshot", demo_file)
    none = call("explain", "deploy/stroefront", "-n", "web", "--snapshot", demo_file)

    assert complaint(several, USAGE) == "error: deploy/storefront is in dev, staging, web"
    assert complaint(none, USAGE) == "error: there is no deploy/stroefront in namespace web"
    assert "deploy/storefront in web" in none.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nodes",), "nodes cannot be explained yet"),
        ((), "no workload is named"),
        (("api",), "'api' names no workload"),
        (("deploy/api", "-o", "yaml"), "-o 'yaml' is no form of output"),
        (("deploy/api", "--rules", "nowhere"), "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_followed_is_refused_before_a_cluster_is_asked(
    call: Call, words: tuple[str, ...], said: str
) -> None:
    assert said in complaint(call("explain", *words), USAGE)


def test_a_page_takes_no_folders_place(call: Call, demo_file: Path, tmp_path: Path) -> None:
    (tmp_path / "x.html").mkdir()
    assert "is a folder" in complaint(call(*API, "--snapshot", demo_file, "-o", "x.html"), USAGE)
