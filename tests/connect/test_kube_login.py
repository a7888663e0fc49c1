"""Credentials that end in the middle of a run: they are asked for again, once, and the page too."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from kubernetes.config import incluster_config

from costkit.connect.kube import Access, Kube
from costkit.errors import ClusterError
from tests.bed.bare import Bare
from tests.bed.fault_proxy import Proxy, before, redirected
from tests.bed.faults import Exchange, Fault, Rule, reply

PATH = "/api/v1/limitranges"
NEXT = "continue="
UNAUTHORIZED = reply(401, b'{"kind":"Status","status":"Failure","message":"Unauthorized","code":401}')
TOKENS = 3


@pytest.fixture(scope="module")
def server(tools: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:  # noqa: ARG001  # built
    """With a list of three pages."""
    limits = [{"type": "Container", "default": {"cpu": "400m"}}]
    with Bare.start(tmp_path_factory.mktemp("bare")) as bare:
        path = "/api/v1/namespaces/default/limitranges"
        bare.create(path, [{"metadata": {"name": f"{i:04d}"}, "spec": {"limits": limits}} for i in range(1_001)])
        yield bare


@pytest.fixture(scope="module")
def reader(server: Bare, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return server.reader(tmp_path_factory.mktemp("reader") / "kubeconfig")


@pytest.fixture(scope="module")
def tokens(server: Bare, reader: Path) -> list[str]:  # noqa: ARG001  # the account is made with it
    """All are good, and no two alike."""
    found = [server.token(600 + number) for number in range(TOKENS)]
    assert len(set(found)) == TOKENS
    return found


@contextmanager
def proxied(server: Bare, *rules: Rule) -> Iterator[Proxy]:
    with before(server.url, *rules, authority=server.ca, pair=server.keys.server) as proxy:
        yield proxy


def plugin(folder: Path, tokens: list[str]) -> dict[str, object]:
    """A user whose credential plugin gives the next token each time, and fails when there is no other."""
    for number, token in enumerate(tokens):
        (folder / f"token-{number}").write_text(token)
    program = folder / "plugin.py"
    program.write_text(
        "import json, pathlib, sys\n"
        f"here = pathlib.Path({str(folder)!r})\n"
        "runs = here / 'runs'\n"
        "number = len(runs.read_text()) if runs.exists() else 0\n"
        "runs.write_text('x' * (number + 1))\n"
        "token = here / f'token-{number}'\n"
        "if not token.exists(): sys.exit('the session is over')\n"
        "version = 'client.authentication.k8s.io/v1'\n"
        "print(json.dumps({'apiVersion': version, 'kind': 'ExecCredential', 'status': {'token': token.read_text()}}))\n"
    )
    words = {"command": sys.executable, "args": ["-I", str(program)], "interactiveMode": "Never"}
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", **words}}


def runs(folder: Path) -> int:
    return len((folder / "runs").read_text())


def sent(proxy: Proxy, tokens: list[str]) -> list[int]:
    """Which token came with each request."""
    return [tokens.index(asked.headers["authorization"].removeprefix("Bearer ")) for asked in proxy.asked]


def count(kube: Kube) -> int:
    return sum(len(json.loads(page)["items"]) for page in kube.pages(PATH))


def test_a_token_that_ends_between_two_pages_is_asked_of_the_plugin_again(server, reader, tokens, tmp_path) -> None:
    with proxied(server, Rule(UNAUTHORIZED, PATH, NEXT)) as proxy:
        file = redirected(reader, tmp_path / "kubeconfig", proxy.url, **plugin(tmp_path, tokens))
        with Kube.open(Access(file)) as kube:
            found = count(kube)

    assert found == 1_001
    assert sent(proxy, tokens) == [0, 0, 1, 1]
    assert runs(tmp_path) == 2


def test_what_is_refused_with_new_credentials_too_is_refused(server, reader, tokens, tmp_path) -> None:
    with proxied(server, Rule(UNAUTHORIZED, PATH, NEXT, times=None)) as proxy:
        file = redirected(reader, tmp_path / "kubeconfig", proxy.url, **plugin(tmp_path, tokens))
        with Kube.open(Access(file)) as kube, pytest.raises(ClusterError, match=r"refused the credentials \(401\)"):
            count(kube)

    assert sent(proxy, tokens) == [0, 0, 1]
    assert runs(tmp_path) == 2


def test_each_end_of_a_long_run_is_met(server, reader, tokens, tmp_path) -> None:
    with proxied(server, Rule(UNAUTHORIZED, PATH, after=1), Rule(UNAUTHORIZED, PATH, after=3)) as proxy:
        file = redirected(reader, tmp_path / "kubeconfig", proxy.url, **plugin(tmp_path, tokens))
        with Kube.open(Access(file)) as kube:
            found = count(kube)

    assert found == 1_001
    assert sent(proxy, tokens) == [0, 0, 1, 1, 2]


def test_a_plugin_that_cannot_renew_is_what_is_said(server, reader, tokens, tmp_path) -> None:
    with proxied(server, Rule(UNAUTHORIZED, PATH, NEXT, times=None)) as proxy:
        file = redirected(reader, tmp_path / "kubeconfig", proxy.url, **plugin(tmp_path, tokens[:1]))
        with Kube.open(Access(file)) as kube, pytest.raises(ClusterError, match=r"plugin failed.*the session is over"):
            count(kube)


def together(parties: int) -> Fault:
    """401 for so many requests at once."""
    barrier = threading.Barrier(parties)

    def fault(exchange: Exchange) -> None:
        barrier.wait(20)
        UNAUTHORIZED(exchange)

    return fault


def test_threads_that_are_refused_together_renew_once(server, reader, tokens, tmp_path) -> None:
    with proxied(server, Rule(together(2), PATH, times=2)) as proxy:
        file = redirected(reader, tmp_path / "kubeconfig", proxy.url, **plugin(tmp_path, tokens))
        with Kube.open(Access(file)) as kube, ThreadPoolExecutor(2) as pool:
            bodies = list(pool.map(lambda _: kube.get(PATH), range(2)))

    assert [len(json.loads(body)["items"]) for body in bodies] == [1_001, 1_001]
    assert sorted(sent(proxy, tokens)) == [0, 0, 1, 1]
    assert runs(tmp_path) == 2


def rotated(path: Path, token: str) -> Fault:
    """What the kubelet does well before a token's end, and others late: the file is another, the old one is refused."""

    def fault(exchange: Exchange) -> None:
        fresh = path.with_name("fresh")
        fresh.write_text(token)
        fresh.replace(path)
        UNAUTHORIZED(exchange)

    return fault


def test_a_tokens_file_is_read_again(server, reader, tokens, tmp_path) -> None:
    file = tmp_path / "token"
    file.write_text(tokens[0])
    with proxied(server, Rule(rotated(file, tokens[1]), PATH, NEXT)) as proxy:
        config = redirected(reader, tmp_path / "kubeconfig", proxy.url, tokenFile=str(file))
        with Kube.open(Access(config)) as kube:
            found = count(kube)

    assert found == 1_001
    assert sent(proxy, tokens) == [0, 0, 1, 1]


def test_the_token_that_a_pod_is_given_is_read_again(server, tokens, tmp_path, monkeypatch) -> None:
    """The folder stands in for the one that a kubelet mounts; the rest is what a pod has."""
    file = tmp_path / "token"
    file.write_text(tokens[0])
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(file))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(server.ca))
    for name in [name for name in os.environ if name.startswith("KUBE")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    with proxied(server, Rule(rotated(file, tokens[1]), PATH, NEXT)) as proxy:
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", proxy.url.rpartition(":")[2])
        with Kube.open(Access()) as kube:
            found = count(kube)

    assert found == 1_001
    assert [asked.headers["authorization"].split()[1] for asked in proxy.asked] == [tokens[i] for i in (0, 0, 1, 1)]


def test_a_password_is_sent_and_in_no_word(server, reader, tmp_path) -> None:
    """API servers take none any more, but proxies before some do: this one says 401."""
    with proxied(server, Rule(UNAUTHORIZED, times=None)) as proxy:
        user = {"username": "me", "password": "hunter2-is-secret"}
        file = redirected(reader, tmp_path / "kubeconfig", proxy.url, **user)
        with Kube.open(Access(file)) as kube, pytest.raises(ClusterError) as said:
            kube.get(PATH)

    assert proxy.asked[0].headers["authorization"].startswith("Basic ")
    assert "hunter2" not in f"{said.value!r} {said.value.hint} {said.value.__cause__!r}"


def test_an_address_with_a_password_is_shown_without_it(server, reader, tmp_path) -> None:
    file = redirected(reader, tmp_path / "kubeconfig", "https://me:hunter2@127.0.0.1:1")
    with (
        Kube.open(Access(file)) as kube,
        pytest.raises(ClusterError, match=r"server https://127\.0\.0\.1:1 does") as said,
    ):
        kube.get(PATH)

    assert "hunter2" not in str(said.value)
    assert server.url != kube.host
