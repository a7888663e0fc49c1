"""An API server that cannot be reached, or refuses: two lines and code 4; with a gap, the output and code 3."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.command import FAILED, PARTIAL, complaint, costkit
from tests.cli.kubeconfigs import SECRET, kubeconfig
from tests.cli.servers import answering, closed, login_page, silent
from tests.e2e.stage import END, ROOT, Stage


def test_without_any_kubeconfig_the_demo_is_offered() -> None:
    done = costkit("recommend")

    assert "there is no kubeconfig" in complaint(done, FAILED)
    assert "costkit demo" in done.err


def test_a_kubeconfig_or_context_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = kubeconfig(tmp_path, "https://127.0.0.1:1")

    assert "nowhere" in complaint(costkit("recommend", "--kubeconfig", "nowhere"), FAILED)
    assert "staging" in complaint(costkit("recommend", "--kubeconfig", file, "--context", "staging"), FAILED)
    assert "nowhere" in complaint(costkit("recommend", env={"KUBECONFIG": "nowhere"}), FAILED)


BROKEN = {
    "no YAML": b"clusters: [",
    "a word": b"hello",
    "a list": b"- a",
    "nothing": b"",
    "no text": b"\x9a\xff\x00",
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_kubeconfig_is_said_to_be_one(case: str, call: Any, tmp_path: Path) -> None:
    file = tmp_path / "kubeconfig"
    file.write_bytes(BROKEN[case])

    assert "kubeconfig" in complaint(call("recommend", "--kubeconfig", file), FAILED)


def test_a_credential_plugin_that_fails_is_not_taken_for_an_anonymous_login(call: Any, tmp_path: Path) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "/nowhere/aws", "interactiveMode": "Never"}
    file = kubeconfig(tmp_path, "https://127.0.0.1:1", exec=plugin)

    assert "/nowhere/aws" in complaint(call("recommend", "--kubeconfig", file), FAILED)


V1 = "client.authentication.k8s.io/v1"
ODD_USERS: dict[str, dict[str, Any]] = {
    "a token in a list": {"token": [SECRET]},
    "a token with a line break": {"token": f"{SECRET}\nX-Other: 1"},
    "a token that is no ASCII": {"token": f"{SECRET}-ünïcode-\N{SNOWMAN}"},
    "a key that is no base64": {"client-certificate-data": f"!{SECRET}", "client-key-data": f"!{SECRET}"},
    "a key that is none": {
        "client-certificate-data": b64encode(SECRET.encode()).decode(),
        "client-key-data": b64encode(SECRET.encode()).decode(),
    },
    "a password in a list": {"username": "me", "password": [SECRET]},
    "a password of no ASCII": {"username": "me", "password": f"{SECRET}-\N{SNOWMAN}"},
    "a plugin that is a word": {"exec": SECRET},
    "a plugin that says no JSON": {"exec": {"apiVersion": V1, "command": "echo", "args": [SECRET]}},
    "a plugin that says too little": {
        "exec": {"apiVersion": V1, "command": "echo", "args": [f'{{"token":"{SECRET}"}}']}
    },
    "a provider's token": {"auth-provider": {"name": "oidc", "config": {"id-token": f"a.{SECRET}.c"}}},
}


@pytest.mark.parametrize("case", ODD_USERS)
def test_a_user_that_is_not_understood_is_said_without_his_secret(case: str, call: Any, tmp_path: Path) -> None:
    with closed() as place:
        file = kubeconfig(tmp_path, f"https://{place}", **ODD_USERS[case])
        done = call("collect", "--kubeconfig", file, "-v", "-vv", "--debug")

    assert done.code == FAILED
    assert "defect" not in done.err
    assert SECRET not in done.err + done.out
    assert b64encode(SECRET.encode()).decode()[:-4] not in done.err + done.out


def test_an_address_is_shown_without_the_password_in_it(call: Any, tmp_path: Path) -> None:
    with closed() as place:
        file = kubeconfig(tmp_path, f"https://me:{SECRET}@{place}")
        done = call("collect", "--kubeconfig", file, "-v", "-vv", "--debug")

    assert f"https://{place} does not answer" in done.err
    assert SECRET not in done.err


def test_a_server_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with closed() as place:
        file = kubeconfig(tmp_path, f"https://{place}")
        done = costkit("recommend", "--kubeconfig", file, "-v", "--debug")

    assert "connection refused" in done.err.splitlines()[-2]
    assert place in done.err.splitlines()[-2]
    assert SECRET not in done.err
    assert done.code == FAILED


def test_a_server_that_never_answers_is_given_up_after_the_time_out(call: Any, tmp_path: Path) -> None:
    with silent() as place:
        file = kubeconfig(tmp_path, f"http://{place}")
        done = call("recommend", "--kubeconfig", file, "--request-timeout", "500ms")

    assert "no answer in time" in complaint(done, FAILED)


def test_a_proxys_login_page_is_not_taken_for_a_cluster(call: Any, tmp_path: Path) -> None:
    with answering(login_page) as url:
        assert "not a Kubernetes API server" in complaint(
            call("recommend", "--kubeconfig", kubeconfig(tmp_path, url)), FAILED
        )


def test_a_token_that_is_refused_is_said_and_not_shown(stage: Stage, tmp_path: Path) -> None:
    content = yaml.safe_load(stage.kubeconfig.read_text())
    content["users"][0]["user"]["token"] = SECRET
    file = tmp_path / "kubeconfig"
    file.write_text(yaml.safe_dump(content))

    assert "401" in complaint(costkit("recommend", "--kubeconfig", file), FAILED)
    assert SECRET not in costkit("recommend", "--kubeconfig", file, "-v", "--debug").err


def account(stage: Stage, name: str, rules: list[dict[str, Any]]) -> Path:
    """A kubeconfig of an account with these rights and no others."""
    here = {"name": name, "namespace": "default"}
    api, group = "rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io"
    subject = {"kind": "ServiceAccount", **here}
    role = {"apiGroup": group, "kind": "ClusterRole", "name": name}
    stage.cluster.apply(
        [
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": here},
            {"apiVersion": api, "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules},
            {"apiVersion": api, "kind": "ClusterRoleBinding", "metadata": {"name": name}, "roleRef": role}
            | {"subjects": [subject]},
        ]
    )
    return stage.cluster.service_account_kubeconfig("default", name)


def test_one_forbidden_list_is_a_gap_that_is_named_and_the_output_is_written(stage: Stage, tmp_path: Path) -> None:
    shipped = next(
        d
        for d in yaml.safe_load_all((ROOT / "deploy" / "rbac-reader.yaml").read_text())
        if d["kind"] == "ClusterRole" and d["rules"]
    )
    rules = [rule for rule in shipped["rules"] if rule["resources"] != ["poddisruptionbudgets"]]
    assert len(rules) == len(shipped["rules"]) - 1
    words = ("--kubeconfig", account(stage, "no-budgets", rules), "--prometheus-url", stage.prometheus.url)

    done = costkit("recommend", *words, "--at", str(END), "--window", "1d", "-o", "json", folder=tmp_path)

    assert "poddisruptionbudgets" in complaint(done, PARTIAL)
    rows = {row["source"]: row["status"] for row in json.loads(done.out)["coverage"]}
    assert rows["poddisruptionbudgets"] == "missing"
    assert rows["pods"] == "ok"


def test_an_account_without_any_right_is_told_which_role_it_needs(stage: Stage, tmp_path: Path) -> None:
    done = costkit("collect", "--kubeconfig", account(stage, "nobody", []), folder=tmp_path)

    assert "forbidden" in complaint(done, FAILED)
    assert "rbac-reader.yaml" in done.err
    assert list(tmp_path.iterdir()) == []
