"""No credential is in anything that costkit says or writes, whatever goes wrong: stdout, stderr, every file, at -vv.

The real command as a process of its own, on real servers behind proxies that spoil answers, with each kind of secret.
"""

import base64
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest
import yaml

from tests.bed.fault_proxy import Proxy, before, before_apiserver, redirected
from tests.bed.faults import Rule, cut, login_page, redirect, reply, reset
from tests.bed.gate import gate
from tests.bed.prometheus import Prometheus
from tests.bed.web import PASSWORD, USER, Guard
from tests.cli.command import Done, costkit
from tests.cli.servers import Seen, answering
from tests.cli.servers import login_page as any_page
from tests.e2e.stage import END, Stage

BEARER = "bearer-of-prometheus-that-nobody-may-see"
DEBUG = ("-v", "-vv", "--debug")
PODS = "/api/v1/pods"
CASES: dict[str, tuple[Rule, ...]] = {
    "failures that pass": (Rule(reply(500), after=3), Rule(cut, after=6), Rule(reset, after=9)),
    "401": (Rule(reply(401, b"unauthorized"), after=3, times=None),),
    "a login page": (Rule(login_page, after=3, times=None),),
}


def disguises(secret: str) -> set[str]:
    """The secret, as an address has it, and as base64 however many bytes stand before it."""
    found = {secret, quote(secret, safe="")}
    for before_it in range(3):
        text = base64.b64encode(b"x" * before_it + secret.encode()).decode().rstrip("=")
        found.add(text[4 * bool(before_it) : len(text) - len(text) % 4 - 4])
    return found | {one.replace("+", "-").replace("/", "_") for one in found}


def test_disguises_are_found_wherever_base64_begins() -> None:
    for prefix in ("", "a", "ab", "abc", "user:"):
        text = base64.b64encode(f"{prefix}{BEARER}/tail".encode()).decode()
        assert any(one in text for one in disguises(BEARER)), prefix


def leaks(secret: str, done: Done, folder: Path) -> list[str]:
    """Where the secret is: `stdout`, `stderr`, files, members of zips; tables as the text of their rows and notes."""
    texts = {"stdout": done.out.encode(), "stderr": done.err.encode()}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        texts[path.name] = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                texts |= {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}
    texts |= {name: rows_of(body) for name, body in texts.items() if name.endswith(".parquet")}
    return [name for name, text in texts.items() for one in disguises(secret) if one.encode() in text]


def rows_of(body: bytes) -> bytes:
    table = pq.read_table(io.BytesIO(body))
    return f"{table.to_pylist()} {table.schema.metadata}".encode()


@dataclass(frozen=True, slots=True)
class Ways:
    """To the API server and to Prometheus, and the secrets that go there."""

    words: tuple[str | Path, ...]
    secrets: tuple[str, ...]
    proxies: tuple[Proxy, ...]


@contextmanager
def token_and_bearer(stage: Stage, folder: Path, *rules: Rule) -> Iterator[Ways]:
    """A ServiceAccount's token in the kubeconfig, and a bearer token in the header file."""
    token = yaml.safe_load(stage.kubeconfig.read_text())["users"][0]["user"]["token"]
    (folder / "headers").write_text(f"Authorization: Bearer {BEARER}\n")
    with (
        gate(stage.prometheus.url, {"Authorization": f"Bearer {BEARER}"}) as guarded,
        before(guarded, *rules) as metrics,
        before_apiserver(stage.cluster, stage.kubeconfig, folder / "kubeconfig", *rules) as api,
    ):
        words = ("--prometheus-url", metrics.url, "--prometheus-headers", folder / "headers")
        yield Ways(("--kubeconfig", folder / "kubeconfig", *words), (token, BEARER), (api, metrics))


@contextmanager
def plugin_and_password(stage: Stage, folder: Path, *rules: Rule) -> Iterator[Ways]:
    """A token from a credential plugin, and a password that a real Prometheus asks for."""
    token = yaml.safe_load(stage.kubeconfig.read_text())["users"][0]["user"]["token"]
    sent = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    (folder / "password").write_text(PASSWORD)
    with (
        Prometheus.start(folder / "prometheus", guard=Guard(password=True)) as server,
        before(server.url, *rules) as metrics,
        before(stage.cluster.url, *rules, authority=stage.cluster.ca, pair=stage.cluster.keys.server) as api,
    ):
        redirected(stage.kubeconfig, folder / "kubeconfig", api.url, exec=plugin(folder, token))
        words = ("--prometheus-url", metrics.url, "--prometheus-username", USER)
        password = ("--prometheus-password-file", folder / "password")
        yield Ways(("--kubeconfig", folder / "kubeconfig", *words, *password), (token, PASSWORD, sent), (api, metrics))


def plugin(folder: Path, token: str) -> dict[str, object]:
    version = "client.authentication.k8s.io/v1"
    told = {"apiVersion": version, "kind": "ExecCredential", "status": {"token": token}}
    (folder / "told").write_text(json.dumps(told))
    words = ["-c", "import sys; print(open(sys.argv[1]).read())", str(folder / "told")]
    return {"apiVersion": version, "command": sys.executable, "args": words, "interactiveMode": "Never"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.mark.parametrize("ways", [token_and_bearer, plugin_and_password])
@pytest.mark.parametrize("case", CASES)
def test_no_credential_is_said_or_written(case: str, ways, stage: Stage, out: Path) -> None:
    with ways(stage, out.parent, *CASES[case]) as to:
        words = ("--at", END, "--window", "1d", "--request-timeout", "20s", *DEBUG)
        done = costkit("collect", "-o", "s.zip", "--history", "h", *to.words, *map(str, words), folder=out)

    assert "event='http'" in done.err
    assert done.code in (3, 4)
    for secret in to.secrets:
        assert leaks(secret, done, out) == []
    sent = [asked.headers.get("authorization", "") for proxy in to.proxies for asked in proxy.asked]
    assert sum(any(secret in header for secret in to.secrets) for header in sent) > 3


def test_no_credential_is_said_of_a_redirect_or_reaches_where_it_leads(stage: Stage, out: Path) -> None:
    elsewhere: Seen = []
    with (
        answering(any_page, elsewhere) as target,
        token_and_bearer(stage, out.parent, Rule(redirect(target), after=3, times=None)) as to,
    ):
        done = costkit("collect", *to.words, *DEBUG, folder=out)

    assert done.code == 4
    assert elsewhere == []
    for secret in to.secrets:
        assert leaks(secret, done, out) == []


def test_what_is_written_has_been_searched(stage: Stage, out: Path) -> None:
    """The search finds what is in a snapshot and a history: a name that is, whichever replica was hottest."""
    with token_and_bearer(stage, out.parent, Rule(reply(500), PODS)) as to:
        kept = ("--history", "h", "-o", "s.zip")
        done = costkit("collect", *kept, *to.words, "--at", str(END), "--window", "1d", folder=out)

    assert done.code == 3, done.err
    found = leaks("events-kafka-", done, out)
    assert {"s.zip/snapshot.json", "s.zip/usage.parquet", "open.parquet"} <= set(found)
    assert any(name.startswith("usage-") for name in found)
