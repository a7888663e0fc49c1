"""`costkit doctor` where there is nothing to look at, or what is there is not what it should be."""

import json
import threading
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from costkit.cli import doctor
from costkit.cli.flags import ClusterFlags, MetricsFlags
from tests.cli.command import FAILED, USAGE, Call, Done, complaint
from tests.cli.kubeconfigs import SECRET, kubeconfig
from tests.cli.servers import Answer, answering, closed, login_page, nothing_here, silent

LIVE = [(group, field.name) for group in (ClusterFlags, MetricsFlags) for field in fields(group)]


def checks(done: Done) -> dict[str, Any]:
    return {f"{check['group']}: {check['name']}": check for check in json.loads(done.out)["checks"]}


def test_without_a_kubeconfig_it_says_what_to_do_and_fails(call: Call) -> None:
    done = call("doctor")

    assert done.code == FAILED
    assert done.out.startswith("FAIL  API server: connection: there is no kubeconfig")
    assert done.out.splitlines()[1].startswith("      fix: name one with --kubeconfig")
    assert done.out.splitlines()[-1] == "ready: rightsize no, money no"
    assert done.err == ""


def test_an_api_server_that_is_not_there_does_not_hide_prometheus(call: Call, tmp_path: Path) -> None:
    with closed() as place, answering(login_page) as url:
        config = kubeconfig(tmp_path, f"http://{place}")
        done = call("doctor", "-o", "json", "--kubeconfig", config, "--prometheus-url", url)

    found = checks(done)
    assert done.code == FAILED
    assert found["API server: connection"]["level"] == "FAIL"
    assert "web page" in found["prometheus: connection"]["found"]
    assert SECRET not in done.out + done.err


@pytest.mark.parametrize("answer", [login_page, nothing_here])
def test_what_is_no_api_server_is_said_to_be_none(answer: Any, call: Call, tmp_path: Path) -> None:
    with answering(answer) as url:
        done = call("doctor", "-o", "json", "--kubeconfig", kubeconfig(tmp_path, url))

    assert done.code == FAILED
    (found,) = (check for check in checks(done).values() if check["stops"] == ["recommend"])
    assert "Kubernetes API server" in found["found"] + found["fix"]


def test_servers_that_never_answer_are_given_up_in_ten_seconds(call: Call, tmp_path: Path) -> None:
    with silent() as api, silent() as metrics:
        began = time.monotonic()
        config = kubeconfig(tmp_path, f"http://{api}")
        done = call("doctor", "-o", "json", "--kubeconfig", config, "--prometheus-url", f"http://{metrics}")

    assert time.monotonic() - began < 10
    assert {check["level"] for check in checks(done).values()} == {"FAIL", "warn"}
    assert done.code == FAILED


def test_an_api_server_that_stops_answering_is_given_up_in_ten_seconds(call: Call, tmp_path: Path) -> None:
    over = threading.Event()

    def answer(path: str, _body: bytes) -> Answer:
        if not path.startswith("/apis/authentication.k8s.io/"):
            over.wait(60)
        return 201, {"content-type": "application/json"}, b'{"status": {"userInfo": {"username": "somebody"}}}'

    with answering(answer) as url:
        began = time.monotonic()
        done = call("doctor", "-o", "json", "--kubeconfig", kubeconfig(tmp_path, url))
        took = time.monotonic() - began
        over.set()

    assert took < 10
    assert done.code == FAILED
    assert checks(done)["API server: connection"]["found"].endswith("this account is somebody")
    assert {"access: all", "cluster: lists"} <= {name for name, one in checks(done).items() if one["level"] == "FAIL"}


def test_a_short_request_timeout_is_shorter(call: Call, tmp_path: Path) -> None:
    with silent() as api:
        began = time.monotonic()
        call("doctor", "--kubeconfig", kubeconfig(tmp_path, f"http://{api}"), "--request-timeout", "200ms")

    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "words",
    [
        ("-o", "yaml"),
        ("--window", "90d"),
        ("--window", "soon"),
        ("--at", "2999-01-01"),
        ("--rules", "nowhere"),
        ("--prices", "nowhere.csv"),
        ("--prometheus-ca", "nowhere.pem"),
        ("--prometheus-url", "http://h", "--prometheus-selector", "cluster=prod"),
    ],
)
def test_flags_that_cannot_be_followed_are_wrong_usage(words: tuple[str, ...], call: Call) -> None:
    complaint(call("doctor", *words), USAGE)


class AskedError(Exception):
    """Where servers would have been asked."""


@pytest.mark.parametrize(("group", "name"), LIVE)
def test_a_flag_of_the_cluster_or_its_metrics_reaches_what_asks(
    group: type, name: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def ask(*words: Any) -> None:
        asked.append(next(word for word in words if isinstance(word, group)))
        raise AskedError

    monkeypatch.setattr(doctor, "_asked", ask)
    call("doctor")
    call("doctor", "--" + name.rstrip("_").replace("_", "-"), "other")

    default, given = (getattr(one, name) for one in asked)
    assert (str(given), str(default)) == ("other", str(default))
    assert given != default
