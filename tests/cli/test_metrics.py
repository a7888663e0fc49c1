"""What each --prometheus flag changes of what a server receives, at a real socket; and what contradicts itself."""

import base64
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from costkit.cli.flags import MetricsFlags
from costkit.cli.metrics import headers_of, metrics_endpoint
from costkit.connect import session
from costkit.connect.prometheus import Prometheus
from costkit.errors import MetricsError, UsageError
from tests.bed.certificates import Authority, Pair
from tests.bed.fault_proxy import before
from tests.bed.faults import Rule, reply
from tests.bed.ports import HOST
from tests.bed.serving import serving
from tests.cli.command import USAGE, Call

EMPTY = b'{"status":"success","data":{"resultType":"vector","result":[]}}'
URL = "http://127.0.0.1:1"
TOKEN, PASSWORD = "COSTKIT_PROMETHEUS_BEARER_TOKEN", "COSTKIT_PROMETHEUS_PASSWORD"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials of the developer's."""
    for name in (TOKEN, PASSWORD, "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-for-show")


def file(folder: Path, content: str, name: str = "secret") -> Path:
    path = folder / name
    path.write_text(content)
    return path


def received(**flags: object) -> Mapping[str, str]:
    """The headers of one query that is asked with these flags."""
    with before(URL, Rule(reply(200, EMPTY), times=None)) as server:
        endpoint = metrics_endpoint(MetricsFlags(prometheus_url=server.url, **flags), timeout=5)  # type: ignore[arg-type]
        assert endpoint is not None
        with Prometheus(endpoint) as prometheus:
            prometheus.instant("up", None)
        return server.asked[0].headers


def refusal(**flags: object) -> str:
    with pytest.raises(UsageError) as caught:
        metrics_endpoint(MetricsFlags(**{"prometheus_url": URL, **flags}), timeout=5)  # type: ignore[arg-type]
    return f"{caught.value.message} {caught.value.hint}"


def test_without_flags_nobody_is_named() -> None:
    assert "authorization" not in received()


def test_a_bearer_token_comes_from_its_file_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(tmp_path, "of-the-file\n")
    assert received(prometheus_bearer_token_file=path)["authorization"] == "Bearer of-the-file"
    monkeypatch.setenv(TOKEN, "of-the-environment")
    assert received()["authorization"] == "Bearer of-the-environment"
    assert received(prometheus_bearer_token_file=path)["authorization"] == "Bearer of-the-file"


def test_a_user_is_named_with_the_password_of_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(tmp_path, "of-the-file\n")
    told = received(prometheus_username="costkit", prometheus_password_file=path)["authorization"]
    assert base64.b64decode(told.removeprefix("Basic ")) == b"costkit:of-the-file"
    monkeypatch.setenv(PASSWORD, "of-the-environment")
    told = received(prometheus_username="costkit")["authorization"]
    assert base64.b64decode(told.removeprefix("Basic ")) == b"costkit:of-the-environment"


def test_headers_come_from_a_file(tmp_path: Path) -> None:
    assert received(prometheus_headers=file(tmp_path, "X-Scope-OrgID: shop\n"))["x-scope-orgid"] == "shop"


def test_requests_are_signed_for_a_region_of_aws() -> None:
    told = received(prometheus_aws_region="eu-central-1")
    assert told["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/eu-central-1/aps/aws4_request" in told["authorization"]
    assert "not-for-show" not in str(told)


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", str(len(EMPTY)))
        self.end_headers()
        self.wfile.write(EMPTY)

    def log_message(self, *_: object) -> None:
        """Quiet: pytest's output is for the tests."""


@contextmanager
def wanting_certificates(server: Pair, authority: Path) -> Iterator[str]:
    """A server that speaks to nobody whose certificate is not of this authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.key)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    listening = ThreadingHTTPServer((HOST, 0), _Answers)
    listening.handle_error = lambda *_: None  # type: ignore[method-assign]  # who is turned away is what it is for
    listening.socket = context.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
    with serving(listening):
        yield f"https://{HOST}:{listening.server_port}"


def test_a_client_certificate_opens_a_server_that_wants_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "sleep", lambda _: None)  # who is turned away may hear no more than a reset
    authority = Authority(tmp_path)
    ours = authority.client("costkit")
    with wanting_certificates(authority.server("prometheus"), authority.certificate) as url:
        known = MetricsFlags(prometheus_url=url, prometheus_ca=authority.certificate)
        with_it = MetricsFlags(
            prometheus_url=url,
            prometheus_ca=authority.certificate,
            prometheus_client_certificate=ours.certificate,
            prometheus_client_key=ours.key,
        )
        for flags, lets_in in ((with_it, True), (known, False)):
            endpoint = metrics_endpoint(flags, timeout=5)
            assert endpoint is not None
            with Prometheus(endpoint) as prometheus:
                if lets_in:
                    assert prometheus.instant("up", None).series == ()
                else:
                    with pytest.raises(MetricsError):
                        prometheus.instant("up", None)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"prometheus_username": "costkit"}, "no password"),
        ({"prometheus_password_file": "secret"}, "no user"),
        ({"prometheus_username": "cost:kit", "prometheus_password_file": "secret"}, "colon"),
        ({"prometheus_client_certificate": "secret"}, "go together"),
        ({"prometheus_client_key": "secret"}, "go together"),
        ({"prometheus_bearer_token_file": "nowhere"}, "no file"),
        ({"prometheus_password_file": "nowhere", "prometheus_username": "costkit"}, "no file"),
        ({"prometheus_client_certificate": "nowhere", "prometheus_client_key": "secret"}, "no file"),
        ({"prometheus_ca": "nowhere"}, "no file"),
        ({"prometheus_url": "http://costkit:of-the-address@127.0.0.1"}, "holds more than an address"),
        ({"prometheus_url": "http://127.0.0.1?token=of-the-address"}, "holds more than an address"),
        ({"prometheus_bearer_token_file": "secret", "prometheus_aws_region": "eu-west-1"}, "keep one"),
        ({"prometheus_bearer_token_file": "secret", "prometheus_headers": "header"}, "keep one"),
    ],
)
def test_what_contradicts_itself_or_is_not_there_is_refused(
    flags: dict[str, str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file(tmp_path, "not-for-show")
    file(tmp_path, "Authorization: Bearer not-for-show", "header")
    paths = ("file", "certificate", "key", "headers", "ca")
    told = {name: Path(value) if name.endswith(paths) else value for name, value in flags.items()}

    said = refusal(**told)

    assert words in said
    assert "not-for-show" not in said
    assert "of-the-address" not in said


def test_two_secrets_of_which_one_is_in_the_environment_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "not-for-show")
    said = refusal(prometheus_aws_region="eu-west-1")
    assert "a bearer token" in said
    assert "an AWS signature" in said
    assert "not-for-show" not in said


def test_secrets_of_the_environment_are_no_flags(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """COSTKIT_* is how flags are given there; these two must not be taken for one."""
    for name in (TOKEN, PASSWORD):
        monkeypatch.setenv(name, "not-for-show")
    done = call("collect", "--prometheus-url", URL, "--kubeconfig", "nowhere", "--debug", "-v")
    assert "no kubeconfig" in done.err.splitlines()[-2]
    assert "not-for-show" not in done.err + done.out
    assert call("collect", "--prometheus-bearer-token", "not-for-show").code == USAGE


def test_a_secret_of_the_environment_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "not\x07for show")
    assert TOKEN in refusal()


@pytest.mark.parametrize(
    "name",
    [
        *("ca", "client_certificate", "client_key", "bearer_token_file", "username", "password_file", "aws_region"),
    ],
)
def test_a_flag_for_a_named_server_wants_its_name(name: str) -> None:
    said = refusal(prometheus_url="", **{f"prometheus_{name}": "x"})
    assert f"--prometheus-{name.replace('_', '-')} is for a Prometheus that is named" in said


def test_a_header_that_would_take_the_place_of_the_clusters_token_is_refused(tmp_path: Path) -> None:
    told = MetricsFlags(prometheus_headers=file(tmp_path, "authorization: Bearer not-for-show"))
    with pytest.raises(UsageError, match="cluster's credentials"):
        headers_of(told)
    assert headers_of(MetricsFlags(prometheus_headers=file(tmp_path, "X-Scope-OrgID: a"))) == {"X-Scope-OrgID": "a"}
