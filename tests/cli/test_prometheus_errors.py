"""A Prometheus that cannot be reached, refuses, is another's, or knows only a part."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.bed import exposition, live
from tests.bed.gate import gate
from tests.bed.prometheus import Prometheus
from tests.bed.scene import Scene
from tests.bed.web import PASSWORD, USER, Guard
from tests.cli.command import FAILED, PARTIAL, Done, complaint, costkit
from tests.cli.servers import (
    Seen,
    answering,
    closed,
    login_page,
    nothing_here,
    redirecting,
    silent,
    with_warnings,
)
from tests.e2e import platform
from tests.e2e.stage import END, Stage

SECRET = "Bearer a-token-that-nobody-may-see"  # noqa: S105  # no server but the gate knows it
DAY = 86400


@pytest.fixture(scope="module")
def past(stage: Stage) -> Scene:
    """The platform's last two days."""
    return live.from_cluster(stage.cluster, platform.usage_of, END, days=2)


@contextmanager
def watching(folder: Path, *scenes: Scene, guard: Guard | None = None) -> Iterator[Prometheus]:
    files = [exposition.write(scene, folder / str(number)) for number, scene in enumerate(scenes)]
    with Prometheus.start(folder / "prometheus", *files, guard=guard) as server:
        yield server


def recommend(stage: Stage, url: str, *words: str | Path, window: str = "1d") -> Done:
    where = ("--kubeconfig", stage.kubeconfig, "--prometheus-url", url, "--at", str(END), "--window", window)
    return costkit("recommend", "-o", "json", *where, *words)


def plan(done: Done) -> dict[str, Any]:
    assert done.code in (0, PARTIAL), done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def advice(done: Done) -> dict[str, Any]:
    return {r["id"]: (r["before"], r["after"]) for r in plan(done)["recommendations"]}


def statuses(done: Done) -> dict[str, str]:
    return {row["source"]: row["status"] for row in plan(done)["coverage"]}


@pytest.fixture(scope="module")
def good(stage: Stage) -> Done:
    return recommend(stage, stage.prometheus.url)


def headers(folder: Path) -> Path:
    path = folder / "headers"
    path.write_text(f"# for the gate\nAuthorization: {SECRET}\n")
    return path


def test_without_an_address_costs_are_told_and_sizes_are_not(stage: Stage) -> None:
    done = costkit("recommend", "--kubeconfig", stage.kubeconfig, "-o", "json")

    assert "incomplete" in complaint(done, PARTIAL)
    assert "--prometheus-url" in done.err
    assert plan(done)["cost"]["monthly"] > 0
    assert plan(done)["recommendations"] == []


def test_a_server_that_is_not_there_or_never_answers_is_said(stage: Stage) -> None:
    with closed() as place:
        assert "connection refused" in complaint(recommend(stage, f"http://{place}"), FAILED)
    with silent() as place:
        done = recommend(stage, f"http://{place}", "--request-timeout", "1s")
    assert "no answer in time" in complaint(done, FAILED)


def test_what_is_no_prometheus_is_said_to_be_none(stage: Stage) -> None:
    with answering(login_page) as url:
        assert "a web page" in complaint(recommend(stage, url), FAILED)
    with answering(nothing_here) as url:
        assert "404" in complaint(recommend(stage, url), FAILED)


def test_a_redirect_is_not_followed_with_the_headers(stage: Stage, tmp_path: Path) -> None:
    elsewhere: Seen = []
    with answering(login_page, elsewhere) as target, answering(redirecting(target)) as url:
        done = recommend(stage, url, "--prometheus-headers", headers(tmp_path))

    assert "redirects" in complaint(done, FAILED)
    assert elsewhere == []


def test_a_header_that_lacks_is_asked_for_and_one_that_is_there_is_never_shown(
    stage: Stage, good: Done, tmp_path: Path
) -> None:
    with gate(stage.prometheus.url, {"Authorization": SECRET}) as url:
        assert "401" in complaint(recommend(stage, url), FAILED)
        (tmp_path / "wrong").write_text("Authorization: Bearer other\n")
        refused = recommend(stage, url, "--prometheus-headers", tmp_path / "wrong", "-v", "--debug")
        let_in = recommend(stage, url, "--prometheus-headers", headers(tmp_path), "-v", "--debug")

    assert refused.code == FAILED
    assert "Bearer" not in refused.err.splitlines()[-2]
    assert "other" not in refused.err
    assert advice(let_in) == advice(good)
    assert "query" in let_in.err
    assert SECRET not in let_in.err + let_in.out


def test_a_user_and_a_password_open_a_guarded_prometheus_and_are_never_shown(
    stage: Stage, past: Scene, good: Done, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    with watching(tmp_path, past, guard=Guard(tls=True, password=True)) as server:
        assert server.ca is not None
        trusted = ("--prometheus-ca", server.ca, "-vv", "--debug")
        named = (*trusted, "--prometheus-username", USER, "--prometheus-password-file")
        let_in = recommend(stage, server.url, *named, tmp_path / "password")
        (tmp_path / "wrong").write_text("another-password")
        refused = recommend(stage, server.url, *named, tmp_path / "wrong")
        nobody = recommend(stage, server.url, *trusted)

    assert advice(let_in) == advice(good)
    assert "(401)" in refused.err.splitlines()[-2]
    assert "--prometheus-username" in nobody.err.splitlines()[-1]
    encoded = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    for done in (let_in, refused, nobody):
        for secret in (PASSWORD, encoded, "another-password"):
            assert secret not in done.out + done.err


def test_a_certificate_is_trusted_by_its_authoritys_file_alone(
    stage: Stage, past: Scene, good: Done, tmp_path: Path
) -> None:
    with watching(tmp_path, past, guard=Guard(tls=True)) as server:
        assert "certificate" in complaint(recommend(stage, server.url), FAILED)
        assert server.ca is not None
        assert advice(recommend(stage, server.url, "--prometheus-ca", server.ca)) == advice(good)


def test_an_empty_server_and_another_clusters_are_refused(stage: Stage, past: Scene, tmp_path: Path) -> None:
    with watching(tmp_path / "empty") as server:
        assert "knows no node" in complaint(recommend(stage, server.url), FAILED)
    with watching(tmp_path / "other", other_cluster(past)) as server:
        assert "another cluster" in complaint(recommend(stage, server.url), FAILED)


def other_cluster(scene: Scene) -> Scene:
    """Its pods have the names of ours and use four times as much."""
    nodes = tuple(replace(node, name=f"other-{node.name}") for node in scene.nodes)
    pods = tuple(
        replace(
            pod,
            node=f"other-{pod.node}",
            containers=tuple(replace(c, usage=partial(fourfold, c.usage)) for c in pod.containers),
        )
        for pod in scene.pods
    )
    return replace(scene, nodes=nodes, pods=pods, kubelet_job="kubelet-b", state_job="state-b")


def fourfold(usage, times):
    cores, memory = usage(times)
    return cores * 4, memory * 4


def test_two_clusters_in_one_server_are_told_apart_by_the_selector(
    stage: Stage, past: Scene, good: Done, tmp_path: Path
) -> None:
    with watching(tmp_path, past, other_cluster(past)) as server:
        mixed = recommend(stage, server.url)
        ours = recommend(stage, server.url, "--prometheus-selector", 'job!~"(kubelet|state)-b"')
        none = recommend(stage, server.url, "--prometheus-selector", 'job="nobody"')

    assert "several clusters" in complaint(mixed, FAILED)
    assert "--prometheus-selector" in mixed.err
    assert "selector" in complaint(none, FAILED)
    assert advice(ours) == advice(good)


def test_a_second_kubelet_job_and_a_second_kube_state_metrics_change_nothing(
    stage: Stage, past: Scene, good: Done, tmp_path: Path
) -> None:
    again = replace(past, kubelet_job="kubelet-2", state_job="kube-state-metrics-2")
    with watching(tmp_path, past, again) as server:
        doubled = recommend(stage, server.url)

    assert advice(doubled) == advice(good)
    assert plan(doubled)["cost"] == plan(good)["cost"]


def test_without_container_labels_only_pods_of_one_container_are_sized(
    stage: Stage, past: Scene, good: Done, tmp_path: Path
) -> None:
    with watching(tmp_path, replace(past, container_names=False)) as server:
        done = recommend(stage, server.url)

    assert done.code == PARTIAL
    assert statuses(done)["container labels"] == "partial"
    assert {d["target"]["name"]: d["reason"] for d in plan(done)["declined"]}["paired"] == "container-label"
    lone = {r["id"] for r in plan(good)["recommendations"] if r["target"]["name"] != "paired"}
    assert advice(done) == {i: sizes for i, sizes in advice(good).items() if i in lone}
    assert len(lone) > 10


def test_half_a_window_is_said_and_not_taken_for_idleness(stage: Stage, past: Scene, tmp_path: Path) -> None:
    with watching(tmp_path, past) as server:
        done = recommend(stage, server.url, window="4d")

    assert "window" in complaint(done, PARTIAL)
    assert statuses(done)["window"] == "partial"
    assert plan(done)["window"]["days"] > 4


def test_a_warning_of_the_server_is_a_gap(stage: Stage) -> None:
    with answering(with_warnings(stage.prometheus.url)) as url:
        done = recommend(stage, url)

    assert "store b is gone" in done.out
    assert statuses(done)["series cpu"] == "partial"
    assert done.code == PARTIAL
