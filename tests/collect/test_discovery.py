"""Which Service is the cluster's Prometheus, by the names and labels that its installers give it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from costkit.collect.discovery import Service, candidates, find
from costkit.connect.kube import ListError
from costkit.connect.prometheus import Endpoint, Prometheus
from tests.bed.fault_proxy import Proxy, before
from tests.bed.faults import Fault, Rule, reply

NAME, PART = "app.kubernetes.io/name", "app.kubernetes.io/component"
UP = b'{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[9,"3"]}]}}'
NONE = b'{"status":"success","data":{"resultType":"vector","result":[]}}'


def service(name, ports, labels=None, namespace="monitoring"):
    told = [{"port": port, "name": port_name} for port_name, port in ports.items()]
    return {"metadata": {"name": name, "namespace": namespace, "labels": labels or {}}, "spec": {"ports": told}}


INSTALLED = {
    "prometheus-operator": (
        service("prometheus-operated", {"web": 9090, "grpc": 10901}, {"operated-prometheus": "true"}),
        "/api/v1/namespaces/monitoring/services/prometheus-operated:9090/proxy",
    ),
    "kube-prometheus": (
        service("prometheus-k8s", {"web": 9090, "reloader-web": 8080}, {NAME: "prometheus"}),
        "/api/v1/namespaces/monitoring/services/prometheus-k8s:9090/proxy",
    ),
    "kube-prometheus-stack": (
        service("mon-prometheus", {"http-web": 9090}, {"app": "kube-prometheus-stack-prometheus", "release": "mon"}),
        "/api/v1/namespaces/monitoring/services/mon-prometheus:9090/proxy",
    ),
    "the community's chart": (
        service("p-prometheus-server", {"http": 80}, {NAME: "prometheus", PART: "server"}),
        "/api/v1/namespaces/monitoring/services/p-prometheus-server:80/proxy",
    ),
    "the community's old chart": (
        service("p-server", {"http": 80}, {"app": "prometheus", "component": "server"}),
        "/api/v1/namespaces/monitoring/services/p-server:80/proxy",
    ),
    "behind TLS": (
        service("prometheus-k8s", {"https-web": 9090, "web": 443}, {}, "secure"),
        "/api/v1/namespaces/secure/services/https:prometheus-k8s:443/proxy",
    ),
    "vmsingle": (
        service("vmsingle-main", {"http": 8429}, {NAME: "vmsingle", "app.kubernetes.io/instance": "main"}),
        "/api/v1/namespaces/monitoring/services/vmsingle-main:8429/proxy",
    ),
    "vmselect": (
        service("vmselect-main", {"http": 8481}, {NAME: "vmselect"}),
        "/api/v1/namespaces/monitoring/services/vmselect-main:8481/proxy/select/0/prometheus",
    ),
    "thanos-query-frontend": (
        service("thanos-query-frontend", {"http": 9090}, {}),
        "/api/v1/namespaces/monitoring/services/thanos-query-frontend:9090/proxy",
    ),
    "thanos-query": (
        service("t-query", {"grpc": 10901, "http": 10902}, {NAME: "thanos-query"}),
        "/api/v1/namespaces/monitoring/services/t-query:10902/proxy",
    ),
    "mimir": (
        service("mimir-gateway", {"http-metrics": 80}, {NAME: "mimir", PART: "gateway"}),
        "/api/v1/namespaces/monitoring/services/mimir-gateway:80/proxy/prometheus",
    ),
}
"""Way to install -> the Service, and the path at which it is read. In order of preference."""
OTHERS = [
    service("prometheus-operator", {"http": 8080}, {NAME: "prometheus-operator"}),
    service("p-prometheus-node-exporter", {"metrics": 9100}, {NAME: "prometheus-node-exporter", PART: "metrics"}),
    service("p-prometheus-pushgateway", {"http": 9091}, {NAME: "prometheus-pushgateway"}),
    service("alertmanager-operated", {"web": 9093}, {"operated-alertmanager": "true"}),
    service("mon-kube-state-metrics", {"http": 8080}, {NAME: "kube-state-metrics"}),
    service("prometheus-operated", {"grpc": 10901}, {}),
    service("vminsert-main", {"http": 8480}, {NAME: "vminsert"}),
    service("thanos-storegateway", {"http": 9090}, {NAME: "thanos", PART: "storegateway"}),
    service("mimir-querier", {"http-metrics": 8080}, {NAME: "mimir", PART: "querier"}),
    service("web", {"http": 80}, {"app": "prometheus"}),
]
WITHOUT_PORTS: dict[str, Any] = {"metadata": {"name": "prometheus-server", "namespace": "m"}, "spec": {}}


def found(*services):
    return [candidate.path for candidate in candidates(msgspec.convert(services, list[Service]))]


@pytest.mark.parametrize("way", INSTALLED)
def test_each_way_to_install_one_is_known(way):
    made, path = INSTALLED[way]
    assert found(*OTHERS, made, WITHOUT_PORTS) == [path]


def test_what_watches_this_cluster_alone_comes_before_what_stands_above_several():
    order = [name for name in INSTALLED if name != "behind TLS"]
    given = [INSTALLED[name][0] for name in reversed(order)]
    assert found(*given) == [INSTALLED[name][1] for name in order]


def test_nothing_else_is_taken_for_one():
    assert found(*OTHERS) == []


def test_a_service_that_is_known_twice_is_asked_once():
    both = service("prometheus-server", {"http": 80}, {"app": "prometheus", "component": "server"})
    assert len(found(both)) == 1


@dataclass
class Listing:
    """A cluster of which only the Services can be listed; None: not even they."""

    services: list[dict[str, Any]] | str | None

    def pages(self, path):
        assert path == "/api/v1/services"
        if self.services is None:
            raise ListError(403, "services is forbidden")
        yield json.dumps({"items": self.services}).encode()


OPERATED, FRONT = INSTALLED["prometheus-operator"], INSTALLED["thanos-query-frontend"]


@contextmanager
def answering(**faults: Fault) -> Iterator[Proxy]:
    """What an API server would say of each Service, by the end of its name."""
    rules = [Rule(fault, path=f"{name}:9090/proxy/api/v1/query", times=None) for name, fault in faults.items()]
    with before("http://127.0.0.1:1", *rules) as server:
        yield server


def search(server: Proxy, *services: dict[str, Any]):
    cluster: Any = Listing(list(services))
    return find(cluster, lambda path, until: Prometheus(Endpoint(server.url + path, deadline=until)))


def test_the_preferred_one_that_answers_is_taken_and_named():
    with answering(operated=reply(200, UP), frontend=reply(200, UP)) as server:
        taken = search(server, FRONT[0], OPERATED[0])
        assert len(server.asked) == 1
    assert taken.candidate is not None
    assert taken.candidate.path == OPERATED[1]
    assert (taken.note.source, taken.note.status) == ("prometheus service", "ok")
    assert "monitoring/prometheus-operated:9090" in taken.note.detail


def test_one_that_is_empty_refuses_or_is_none_is_passed_over():
    for fault in (reply(200, NONE), reply(401), reply(404), reply(200, b"<html>")):
        with answering(operated=fault, frontend=reply(200, UP)) as server:
            taken = search(server, OPERATED[0], FRONT[0])
        assert taken.candidate is not None
        assert taken.candidate.path == FRONT[1]


def test_one_that_may_not_be_read_is_named_with_what_gives_the_right():
    status = b'{"kind":"Status","message":"services \\"prometheus-operated:9090\\" is forbidden"}'
    with answering(operated=reply(403, status)) as server:
        taken = search(server, OPERATED[0])
    assert taken.candidate is None
    assert (taken.note.source, taken.note.status) == ("prometheus", "missing")
    for words in ("prometheus-operated:9090", "is forbidden", "kubectl apply -f deploy/rbac-discovery.yaml"):
        assert words in taken.note.detail


def test_one_that_never_answers_is_not_waited_for_long(monkeypatch):
    monkeypatch.setattr("costkit.collect.discovery._PATIENCE", 0.3)
    with answering(operated=reply(503), frontend=reply(200, UP)) as server:
        taken = search(server, OPERATED[0], FRONT[0])
    assert taken.candidate is not None
    assert taken.candidate.path == FRONT[1]


def test_a_cluster_without_one_or_without_the_right_to_list_says_so():
    with answering() as server:
        assert "no Service is known as a Prometheus" in search(server, *OTHERS).note.detail
    for services, words in ((None, "services is forbidden"), ("nonsense", "not understood")):
        unread: Any = Listing(services)
        told = find(unread, lambda path, until: Prometheus(Endpoint(path, deadline=until)))
        assert told.candidate is None
        assert words in told.note.detail
