"""How requests are sent: credentials that are fresh on each try, a limit of time, and another try where it may help."""

import http.client
from collections.abc import Mapping
from itertools import count
from math import inf
from time import monotonic, sleep
from typing import Any

import requests
import structlog
import urllib3
from requests.adapters import HTTPAdapter

from costkit.connect.bodies import read_whole
from costkit.connect.causes import cause, is_late
from costkit.connect.endpoint import Endpoint, nobody
from costkit.connect.kube_request import Answer, Unanswered
from costkit.connect.patience import wait_before_next
from costkit.errors import MetricsError

_LOG = structlog.get_logger()
_CONNECT = 10.0
"""Seconds in which a server that is there takes a connection."""
_UNREACHABLE = (requests.exceptions.SSLError, requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)


class DeadlineError(MetricsError):
    """The time for the whole run is over: nothing more is asked."""

    def __init__(self) -> None:
        super().__init__("Prometheus was not read to the end: the deadline is over", "give more time with --deadline")


class Whole(requests.Response):
    """An answer whose body has been read."""

    def __init__(self, response: requests.Response, body: bytes) -> None:
        super().__init__()
        vars(self).update(vars(response))
        self._body = body

    @property
    def content(self) -> bytes:
        return self._body


def open_session(endpoint: Endpoint) -> requests.Session:
    """A session that speaks to this server alone: redirects, which may take credentials along, are not followed."""
    session = requests.Session()
    session.verify = endpoint.verify
    session.cert = endpoint.certificate
    session.auth = nobody
    session.max_redirects = 0
    if endpoint.proxy:
        session.trust_env = False  # it would come before
        session.proxies = {"http": endpoint.proxy, "https": endpoint.proxy}
    patient = Patient(endpoint)
    for scheme in ("http://", "https://", endpoint.url.rstrip("/")):
        session.mount(scheme, patient)
    return session


class Patient(HTTPAdapter):
    """Asks again while a request fails in a way that may pass. Raises requests' errors, or DeadlineError."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._has_answered = False
        super().__init__(pool_maxsize=4)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,
        **options: Any,  # noqa: ANN401  # as the library has it
    ) -> None:
        name = self._endpoint.server_name
        names = {"assert_hostname": name, "server_hostname": name} if name else {}
        super().init_poolmanager(connections, maxsize, block, **options, **names)

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:  # noqa: ANN401
        """The body is read whole, in the time that one request may take: the caller's time-outs are passed over."""
        for tries in count(1):
            end = self._try(request, options)
            told = _told(end)
            wait = wait_before_next(told, tries, has_answered=self._has_answered)
            if wait is None:
                break
            _LOG.debug("asked again", wait=round(wait, 1), after=told.words)
            self._rest(wait)
        if isinstance(end, requests.RequestException):
            raise end
        return end

    def _try(self, request: requests.PreparedRequest, options: Mapping[str, Any]) -> Whole | requests.RequestException:
        seconds = self._left()
        until = monotonic() + seconds
        limits = {"stream": True, "timeout": (min(_CONNECT, seconds), seconds)}
        signed = self._endpoint.credentials(request)
        try:
            response = super().send(signed, **{**options, **limits})
            answer = Whole(response, _read(response, until))
        except requests.RequestException as error:
            if is_late(error):
                self._left()
            return error
        self._has_answered = True
        return answer

    def _left(self) -> float:
        """Seconds that a request may take now."""
        left = self._before_deadline()
        if left <= 0:
            raise DeadlineError
        return min(left, self._endpoint.timeout)

    def _before_deadline(self) -> float:
        return inf if self._endpoint.deadline is None else self._endpoint.deadline - monotonic()

    def _rest(self, wait: float) -> None:
        """Not if the deadline would come first: no request would follow."""
        if wait >= self._before_deadline():
            raise DeadlineError
        sleep(wait)


def _told(end: Whole | requests.RequestException) -> Answer | Unanswered:
    if isinstance(end, Whole):
        return Answer(end.status_code, b"", end.headers.get("Retry-After", ""))
    away = is_unreachable(end)
    return Unanswered(cause(end), late=is_late(end) and not away, unreachable=away)


def is_unreachable(error: requests.RequestException) -> bool:
    """Nobody took the connection, or it is not with whom it should be."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, _UNREACHABLE) or isinstance(reason, urllib3.exceptions.NewConnectionError)


def _read(response: requests.Response, until: float) -> bytes:
    """The body; what befalls it as the error of requests for it."""
    try:
        return read_whole(response.raw, until)
    except (TimeoutError, urllib3.exceptions.ReadTimeoutError) as error:
        raise requests.ReadTimeout(error) from error
    except (http.client.IncompleteRead, urllib3.exceptions.HTTPError) as error:
        raise requests.exceptions.ChunkedEncodingError("its answer is cut off") from error
