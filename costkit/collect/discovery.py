"""Finds the cluster's Prometheus among its Services: a list goes in, candidates in order of preference come out.

Who watches this cluster alone comes first: what stands above several clusters needs --prometheus-selector.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic

import msgspec

from costkit.connect.kube import Kube, ListError
from costkit.connect.prometheus import DeadlineError, Prometheus
from costkit.connect.refusals import NotLetInError
from costkit.errors import MetricsError
from costkit.model.cluster import Coverage

_PROBE = "count(up or kube_node_info)"
"""What a server that watches anything knows."""
_PATIENCE = 20.0
"""Seconds in which a server that is asked for its targets answers."""
_NAME, _PART = "app.kubernetes.io/name", "app.kubernetes.io/component"
_RIGHTS = "kubectl apply -f deploy/rbac-discovery.yaml"


class _Port(msgspec.Struct):
    port: int
    name: str = ""


class _Meta(msgspec.Struct):
    name: str
    namespace: str
    labels: dict[str, str] = {}


class _Spec(msgspec.Struct):
    ports: list[_Port] = []


class Service(msgspec.Struct):
    """What tells whether a Service is a Prometheus."""

    metadata: _Meta
    spec: _Spec = msgspec.field(default_factory=_Spec)


class _Services(msgspec.Struct):
    items: list[Service] = []


@dataclass(frozen=True, slots=True)
class Known:
    """How one way to install a server names its Service: the name, or labels that are all there."""

    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[str | int, ...] = ()
    """Names and numbers, the first that is there."""
    base: str = ""
    """The path before /api/v1."""

    def port_of(self, service: Service) -> _Port | None:
        labels = service.metadata.labels
        if self.name != service.metadata.name and not (self.labels and self.labels.items() <= labels.items()):
            return None
        ports = service.spec.ports
        return next((p for wanted in self.ports for p in ports if wanted in (p.name, p.port)), None)


_WEB = ("web", "http-web", "http", 9090)
_QUERY = ("http", "http-query", 9090, 10902)
KNOWN = (
    # prometheus-operator's own, in front of any of its Prometheuses; then kube-prometheus' and its chart's.
    Known(name="prometheus-operated", ports=_WEB),
    Known(name="prometheus-k8s", ports=_WEB),
    Known(labels={"app": "kube-prometheus-stack-prometheus"}, ports=_WEB),
    # The community's chart, today's labels and the older ones.
    Known(name="prometheus-server", labels={_NAME: "prometheus", _PART: "server"}, ports=("http", 80, 9090)),
    Known(labels={"app": "prometheus", "component": "server"}, ports=("http", 80, 9090)),
    # VictoriaMetrics: the operator's and the charts' single servers; then the cluster's.
    Known(labels={_NAME: "vmsingle"}, ports=("http", 8428, 8429)),
    Known(labels={_NAME: "victoria-metrics-single"}, ports=("http", 8428)),
    Known(labels={_NAME: "vmselect"}, ports=("http", 8481), base="/select/0/prometheus"),
    Known(
        labels={_NAME: "victoria-metrics-cluster", "app": "vmselect"}, ports=("http", 8481), base="/select/0/prometheus"
    ),
    # Thanos: the front end splits long queries.
    Known(name="thanos-query-frontend", labels={_NAME: "thanos-query-frontend"}, ports=_QUERY),
    Known(labels={_NAME: "thanos", _PART: "query-frontend"}, ports=_QUERY),
    Known(name="thanos-query", labels={_NAME: "thanos-query"}, ports=_QUERY),
    Known(labels={_NAME: "thanos", _PART: "query"}, ports=_QUERY),
    Known(labels={_NAME: "mimir", _PART: "gateway"}, ports=("http-metrics", 80, 8080), base="/prometheus"),
    Known(labels={_NAME: "mimir", _PART: "nginx"}, ports=("http-metrics", 80, 8080), base="/prometheus"),
)
"""In order of preference."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Service that may be the cluster's Prometheus."""

    namespace: str
    service: str
    """As the API server's proxy and RBAC name it: `prometheus-operated:9090`, `https:NAME:PORT`."""
    base: str = ""

    @property
    def path(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/services/{self.service}/proxy{self.base}"

    def __str__(self) -> str:
        return f"{self.namespace}/{self.service}"


@dataclass(frozen=True, slots=True)
class Found:
    """The Service to read, or None, and the row of coverage that says which, or why none."""

    candidate: Candidate | None
    note: Coverage


Connect = Callable[[str, float | None], Prometheus]
"""Opens the server at a path below the API server's address, until a `time.monotonic()`."""


def find(kube: Kube, connect: Connect, at: float | None = None) -> Found:
    """The first candidate that had something to watch at a moment (unix seconds; None: now)."""
    try:
        found = list(candidates(_listed(kube)))
    except ListError as error:
        return _nothing(f"no address was given, and services cannot be listed ({error.reason})")
    except msgspec.MsgspecError as error:
        return _nothing(f"no address was given, and the list of services is not understood ({error})")
    if not found:
        return _nothing("no address was given, and no Service is known as a Prometheus")
    places = sorted({candidate.namespace for candidate in found})
    if len(places) > 1:
        # Whoever may create a Service of a known name would else be believed, and be sent the header file.
        told = ", ".join(str(candidate) for candidate in found)
        return _nothing(f"no address was given, and namespaces {' and '.join(places)} have a Prometheus each ({told})")
    complaints = []
    for candidate in found:
        complaint = _complaint(candidate, connect, at)
        if not complaint:
            return Found(candidate, Coverage("prometheus service", "ok", f"{candidate}, through the API server"))
        complaints.append(complaint)
    return _nothing("; ".join(complaints))


def candidates(services: Iterable[Service]) -> Iterator[Candidate]:
    """Each Service once, the preferred first."""
    ordered = sorted(services, key=lambda s: (s.metadata.namespace, s.metadata.name))
    named: dict[Candidate, None] = {}
    for known in KNOWN:
        for service in ordered:
            port = known.port_of(service)
            if port is not None:
                named.setdefault(_candidate(service, port, known.base))
    yield from named


def _candidate(service: Service, port: _Port, base: str) -> Candidate:
    secure = "https:" if port.name.startswith("https") or port.port == 443 else ""
    return Candidate(service.metadata.namespace, f"{secure}{service.metadata.name}:{port.port}", base)


def _listed(kube: Kube) -> list[Service]:
    return [s for page in kube.pages("/api/v1/services") for s in msgspec.json.decode(page, type=_Services).items]


def _complaint(candidate: Candidate, connect: Connect, at: float | None) -> str:
    """Why it cannot be used; empty if it can."""
    try:
        with connect(candidate.path, monotonic() + _PATIENCE) as prometheus:
            return "" if prometheus.instant(_PROBE, at).series else f"{candidate} watches nothing"
    except NotLetInError as error:
        return f"{candidate} may not be read ({error.words or error.message}): {_RIGHTS}"
    except DeadlineError:
        return f"{candidate} does not answer in {_PATIENCE:.0f} s"
    except MetricsError as error:
        return f"{candidate}: {error.message}"


def _nothing(why: str) -> Found:
    return Found(None, Coverage("prometheus", "missing", f"{why}: nothing is known of what was used"))
