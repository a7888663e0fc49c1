"""A connection to anything that speaks Prometheus' query API: typed answers, and errors that say what to do.

`prometheus_api_client` lists the metric names. Queries are sent on the same session but decoded here: the library's own
decoding drops the `warnings` with which Thanos and Mimir say that data is partial.
"""

from dataclasses import replace
from time import monotonic
from typing import Self
from urllib.parse import urlencode

import requests
import structlog
from prometheus_api_client import PrometheusConnect
from prometheus_api_client.exceptions import PrometheusApiClientException

from costkit.connect.answers import Answer, AnswerError, decode
from costkit.connect.endpoint import Endpoint
from costkit.connect.redacted import redacted
from costkit.connect.refusals import QueryRefusedError, foreign, kind_of, refused, unreachable
from costkit.connect.session import DeadlineError, open_session

__all__ = ["Answer", "DeadlineError", "Endpoint", "Prometheus", "QueryRefusedError"]

_LOG = structlog.get_logger()


class Prometheus:
    """One server. Every method raises MetricsError with what to do about it.

    QueryRefusedError is of one query; DeadlineError of all that would follow.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._url = endpoint.url.rstrip("/")
        self._session = open_session(endpoint)
        # Without TLS it is near: to pack answers would cost both ends more than the way.
        self._plain = {"Accept-Encoding": "identity"} if self._url.startswith("http://") else {}
        self._connect = PrometheusConnect(url=self._url, headers=dict(endpoint.headers), session=self._session)
        # The library mounts an adapter of its own, which tries once.
        self._session.mount(self._url, self._session.get_adapter("https://"))

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
        except (requests.JSONDecodeError, KeyError, TypeError) as error:  # the library takes any 200 for an answer
            raise foreign(self._url, "something else") from error
        except requests.RequestException as error:
            raise unreachable(self._url, error) from error
        except PrometheusApiClientException as error:
            raise refused(self._url, *_status_of(error)) from error

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
            response = self._send(call, form)
        except requests.RequestException as error:
            raise unreachable(self._url, error) from error
        if response.status_code != 200:
            raise refused(self._url, response.status_code, _without_secrets(response))
        answer = self._decoded(response.content)
        if answer.warnings or answer.infos:
            answer = _said_without_secrets(answer, response)
        seconds = round(monotonic() - began, 3)
        _LOG.debug(
            "query", seconds=seconds, series=len(answer.series), samples=answer.samples, expression=form["query"]
        )
        if answer.infos:
            _LOG.debug("remarks", infos=answer.infos)
        return answer

    def _send(self, call: str, form: dict[str, str]) -> requests.Response:
        address = f"{self._url}/api/v1/{call}"
        short = len(address) + 1 + len(urlencode(form)) <= self._endpoint.longest_get
        return self._session.request(
            "GET" if short else "POST",
            address,
            params=form if short else None,
            data=None if short else form,
            headers={**self._plain, **self._endpoint.headers},
            verify=self._endpoint.verify,  # else the environment's bundle would take its place
            allow_redirects=False,
        )

    def _decoded(self, body: bytes) -> Answer:
        try:
            return decode(body)
        except AnswerError as error:
            raise foreign(self._url, kind_of(body)) from error


def _without_secrets(response: requests.Response) -> bytes:
    return redacted(response.content.decode("utf-8", "replace"), response.request.headers).encode()


def _said_without_secrets(answer: Answer, response: requests.Response) -> Answer:
    told = (
        tuple(redacted(text, response.request.headers) for text in said) for said in (answer.warnings, answer.infos)
    )
    warnings, infos = told
    return replace(answer, warnings=warnings, infos=infos)


def _status_of(error: PrometheusApiClientException) -> tuple[int, bytes]:
    """The library raises the status as text only: `HTTP Status Code 401 (b'…')`."""
    digits = "".join(c for c in str(error).partition("(")[0] if c.isdigit())
    return int(digits or 0), b""
