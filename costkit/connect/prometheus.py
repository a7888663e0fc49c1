"""A connection to anything that speaks Prometheus' query API: retries, timeouts, warnings, typed answers.

`prometheus_api_client` makes the connection and lists the metric names. Range queries are sent on the same session but
decoded here: the library's own decoding drops the `warnings` with which Thanos and Mimir say that data is partial.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Self

import msgspec
import requests
import structlog
from prometheus_api_client import PrometheusConnect
from prometheus_api_client.exceptions import PrometheusApiClientException
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from costkit.connect.causes import cause
from costkit.errors import MetricsError

_LOG = structlog.get_logger()
_PLUS_INFINITY = re.compile(rb'"\+Inf"(?=\s*\])')
"""A value as Prometheus writes it and msgspec does not read it. To decode all values as text takes twice as long."""
_RETRIES = Retry(
    total=4,
    connect=1,
    read=1,
    other=0,
    backoff_factor=0.5,
    backoff_jitter=0.5,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=("GET", "POST"),
    raise_on_status=False,
    respect_retry_after_header=True,
    retry_after_max=30,
    redirect=0,
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where Prometheus is, and what it must be told. Headers may hold credentials: never shown."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    verify: str | bool = True
    """A CA bundle's path, or True for the system's."""
    certificate: tuple[str, str] | None = None
    """Paths of a client certificate and its key."""
    timeout: float = 120.0


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class Series(msgspec.Struct, frozen=True):
    """One series of an answer: labels and (unix seconds, value) pairs."""

    metric: dict[str, str]
    values: list[tuple[float, float]] = []
    value: tuple[float, float] | None = None


class _Data(msgspec.Struct):
    result: list[Series] = []


class _Answer(msgspec.Struct):
    status: str = ""
    data: _Data = msgspec.field(default_factory=_Data)
    error: str = ""
    warnings: list[str] = []


@dataclass(frozen=True, slots=True)
class Answer:
    series: tuple[Series, ...]
    warnings: tuple[str, ...]


class QueryRefusedError(MetricsError):
    """Prometheus understood and will not: too many samples, a bad expression, a time-out of the query."""


class Prometheus:
    """One server. Every method raises MetricsError with what to do about it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._url = endpoint.url.rstrip("/")
        self._session = requests.Session()
        self._session.verify = endpoint.verify
        self._session.cert = endpoint.certificate
        self._session.trust_env = endpoint.verify is True
        # Else requests would look into ~/.netrc and put what it finds there over the header that was given.
        self._session.auth = _as_it_is
        # A redirect must not carry the headers to another host, in the library's own calls either.
        self._session.max_redirects = 0
        self._connect = PrometheusConnect(
            url=self._url, headers=dict(endpoint.headers), session=self._session, timeout=max(1, int(endpoint.timeout))
        )
        for scheme in ("http://", "https://", self._url):
            self._session.mount(scheme, HTTPAdapter(max_retries=_RETRIES, pool_maxsize=4))

    @property
    def url(self) -> str:
        return self._url

    def close(self) -> None:
        self._connect.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def names(self, start: float, end: float) -> frozenset[str]:
        """Metric names that the server knows of in a span (unix seconds)."""
        try:
            return frozenset(self._connect.all_metrics(params={"start": f"{start:.0f}", "end": f"{end:.0f}"}))
        except requests.RequestException as error:
            raise self._unreachable(error) from error
        except PrometheusApiClientException as error:
            raise self._refused(*_status_of(error)) from error

    def instant(self, query: str, at: float | None) -> Answer:
        """A vector at one moment (unix seconds), or at the server's own now."""
        return self._ask("query", {"query": query} | ({} if at is None else {"time": f"{at:.3f}"}))

    def range(self, query: str, start: float, end: float, step: float) -> Answer:
        """A matrix from `start` to `end`, both included, every `step` seconds."""
        form = {"query": query, "start": f"{start:.3f}", "end": f"{end:.3f}", "step": f"{step:.0f}"}
        return self._ask("query_range", form)

    def _ask(self, call: str, form: dict[str, str]) -> Answer:
        began = monotonic()
        try:
            response = self._session.post(
                f"{self._url}/api/v1/{call}",
                data=form,
                headers=dict(self._endpoint.headers),
                timeout=self._endpoint.timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise self._unreachable(error) from error
        if response.status_code != 200:
            raise self._refused(response.status_code, response.content)
        answer = self._decode(response.content)
        seconds = round(monotonic() - began, 3)
        _LOG.debug("query", seconds=seconds, series=len(answer.data.result), expression=form["query"])
        return Answer(tuple(answer.data.result), tuple(answer.warnings))

    def _decode(self, body: bytes) -> _Answer:
        try:
            answer = msgspec.json.decode(_PLUS_INFINITY.sub(b'"Inf"', body), type=_Answer, strict=False)
        except msgspec.MsgspecError as error:
            raise self._foreign(_kind(body)) from error
        if answer.status != "success":
            raise self._foreign(_kind(body))
        return answer

    def _foreign(self, kind: str) -> MetricsError:
        return MetricsError(
            f"{self._url} answers with {kind}, not with Prometheus' JSON",
            "give --prometheus-url the base address of the API (before /api/v1), and its credentials in a header file",
        )

    def _unreachable(self, error: Exception) -> MetricsError:
        why = cause(error)
        if "certificate" in why:
            return MetricsError(
                f"Prometheus at {self._url} is refused: {why}", "name its authority's file with --prometheus-ca"
            )
        return MetricsError(
            f"Prometheus at {self._url} does not answer: {why}",
            "check --prometheus-url (kubectl -n monitoring port-forward svc/prometheus 9090 gives http://localhost:9090)",
        )

    def _refused(self, status: int, body: bytes) -> MetricsError:
        if status in (401, 403):
            return MetricsError(
                f"Prometheus at {self._url} refused the credentials ({status})",
                "put the header that it wants (Authorization: Bearer …) into a file and name it with "
                "--prometheus-headers",
            )
        if 300 <= status < 400:
            return MetricsError(
                f"Prometheus at {self._url} redirects elsewhere ({status}), which is not followed",
                "give --prometheus-url the final address",
            )
        if status == 404:
            return self._foreign("404")
        return QueryRefusedError(
            f"Prometheus at {self._url} refused a query ({status}): {_error_text(body)}",
            "a shorter --window asks for less; -v shows the queries",
        )


def _kind(body: bytes) -> str:
    return "a web page" if body.lstrip()[:1] == b"<" else "something else"


def _error_text(body: bytes) -> str:
    try:
        text = msgspec.json.decode(body, type=_Answer, strict=False).error
    except msgspec.MsgspecError:
        text = ""
    return (text or "no reason given").splitlines()[0][:300]


def _status_of(error: PrometheusApiClientException) -> tuple[int, bytes]:
    """The library raises the status as text only: `HTTP Status Code 401 (b'…')`."""
    digits = "".join(c for c in str(error).partition("(")[0] if c.isdigit())
    return int(digits or 0), b""
