"""A kubeconfig's ways to an API server, kept for what is read through its proxy: TLS, tokens, certificates, names."""

import sys
from pathlib import Path
from typing import Any

import pytest
import trustme
import urllib3
import yaml

from costkit.connect.kube import Access
from costkit.connect.prometheus import Prometheus
from costkit.connect.proxied import Proxy
from costkit.errors import MetricsError
from tests.bed.certificates import Authority, Pair
from tests.bed.fault_proxy import before
from tests.bed.faults import Rule, reply

EMPTY = b'{"status":"success","data":{"resultType":"vector","result":[]}}'
PATH = "/api/v1/namespaces/monitoring/services/prometheus-operated:9090/proxy"
TOKEN = "a-token-that-nobody-may-see"  # noqa: S105  # made up


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "pki")


def answering(pair: Pair):
    return before("http://127.0.0.1:1", Rule(reply(200, EMPTY), times=None), pair=pair)


def kubeconfig(folder: Path, user: dict[str, Any], **cluster: Any) -> Access:
    path = folder / "kubeconfig"
    content = {
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    }
    path.write_text(yaml.safe_dump(content))
    return Access(path, timeout=5)


def ask(access: Access, times: int = 1, tenant: str = "nobody") -> None:
    with Prometheus(Proxy(access).endpoint(PATH, {"X-Scope-OrgID": tenant})) as prometheus:
        for _ in range(times):
            prometheus.instant("up", None)


def test_the_token_and_the_headers_go_to_the_api_server_at_the_services_path(
    authority: Authority, tmp_path: Path
) -> None:
    with answering(authority.server("api")) as server:
        told = {"server": f"{server.url}/k8s/clusters/c-1/", "certificate-authority": str(authority.certificate)}
        ask(kubeconfig(tmp_path, {"token": TOKEN}, **told), tenant="shop")
        (asked,) = server.asked

    assert asked.path == f"/k8s/clusters/c-1{PATH}/api/v1/query"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["x-scope-orgid"] == "shop"
    assert "impersonate-user" not in asked.headers


def test_the_account_that_is_named_with_as_is_the_one_that_asks(authority: Authority, tmp_path: Path) -> None:
    with answering(authority.server("api")) as server:
        told = {"server": server.url, "certificate-authority": str(authority.certificate)}
        access = kubeconfig(tmp_path, {"token": TOKEN}, **told)
        ask(Access(access.kubeconfig, impersonate="reader", timeout=5))
        assert server.asked[0].headers["impersonate-user"] == "reader"


def test_a_certificate_of_nobody_we_know_is_refused_before_the_token_is_sent(
    authority: Authority, tmp_path: Path
) -> None:
    other = Authority(tmp_path / "other")
    with answering(other.server("api")) as server:
        told = {"server": server.url, "certificate-authority": str(authority.certificate)}
        with pytest.raises(MetricsError, match="certificate"):
            ask(kubeconfig(tmp_path, {"token": TOKEN}, **told))
        assert server.asked == []
        with pytest.warns(urllib3.exceptions.InsecureRequestWarning):
            ask(kubeconfig(tmp_path, {"token": TOKEN}, **{"server": server.url, "insecure-skip-tls-verify": True}))
        assert len(server.asked) == 1


def test_a_certificate_of_another_name_is_taken_where_that_name_is_told(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca"))
    leaf = authority.issue_cert("api.example")
    leaf.private_key_pem.write_to_path(str(tmp_path / "key"))
    (tmp_path / "crt").write_bytes(leaf.cert_chain_pems[0].bytes())
    with answering(Pair(tmp_path / "crt", tmp_path / "key")) as server:
        told = {"server": server.url, "certificate-authority": str(tmp_path / "ca")}
        with pytest.raises(MetricsError, match="certificate"):
            ask(kubeconfig(tmp_path, {"token": TOKEN}, **told))
        ask(kubeconfig(tmp_path, {"token": TOKEN}, **told, **{"tls-server-name": "api.example"}))
        assert len(server.asked) == 1


def test_a_plugin_is_run_again_when_its_token_has_ended(authority: Authority, tmp_path: Path) -> None:
    count = tmp_path / "count"
    count.write_text("0")
    status = '{"token": f"token-{n}", "expirationTimestamp": "2020-01-01T00:00:00Z"}'
    text = (
        f"import json, pathlib\np = pathlib.Path({str(count)!r})\nn = int(p.read_text()) + 1\np.write_text(str(n))\n"
        "print(json.dumps({'apiVersion': 'client.authentication.k8s.io/v1', 'kind': 'ExecCredential', "
        f"'status': {status}}}))\n"
    )
    (tmp_path / "plugin.py").write_text(text)
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": sys.executable, "interactiveMode": "Never"}
    with answering(authority.server("api")) as server:
        told = {"server": server.url, "certificate-authority": str(authority.certificate)}
        ask(kubeconfig(tmp_path, {"exec": plugin | {"args": [str(tmp_path / "plugin.py")]}}, **told), times=2)
        tokens = [asked.headers["authorization"] for asked in server.asked]
    assert len(set(tokens)) == 2
    assert all(token.startswith("Bearer token-") for token in tokens)


def test_a_client_certificate_is_shown(authority: Authority, tmp_path: Path) -> None:
    ours = authority.client("reader")
    told = {"server": "https://127.0.0.1:1", "certificate-authority": str(authority.certificate)}
    user = {"client-certificate": str(ours.certificate), "client-key": str(ours.key)}
    endpoint = Proxy(kubeconfig(tmp_path, user, **told)).endpoint(PATH, {})
    assert endpoint.certificate == (str(ours.certificate), str(ours.key))


def test_the_kubeconfigs_proxy_is_used_and_the_environments_left_to_its_exceptions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with before("http://127.0.0.1:1", Rule(reply(200, EMPTY), times=None)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        access = kubeconfig(tmp_path, {"token": TOKEN}, server="http://api.example", **{"proxy-url": proxy.url})
        ask(access)
        assert len(proxy.asked) == 1
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        ask(kubeconfig(tmp_path, {"token": TOKEN}, server="http://api.example"))
        assert len(proxy.asked) == 2
