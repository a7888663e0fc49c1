"""A read-only connection to a Kubernetes API server: credentials, TLS and paged raw lists.

Bytes come out; what they mean is collect's business. Nothing here can write.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Self

import msgspec
import structlog
import urllib3
from kubernetes import client

from costkit.connect.causes import cause
from costkit.connect.login import log_in
from costkit.errors import ClusterError

_LOG = structlog.get_logger()
_PAGE = 500
_RETRIES = urllib3.Retry(
    total=4,
    connect=1,
    read=1,
    other=0,
    backoff_factor=0.5,
    backoff_jitter=0.5,
    status_forcelist=(429, 500, 502, 503, 504),
    raise_on_status=False,
    respect_retry_after_header=True,
    retry_after_max=30,
)
_CONNECT = 10.0
"""Seconds in which a server that is there takes a connection."""


class ListError(Exception):
    """One list that cannot be had: the status (0 without an answer) and the server's words."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach the cluster; kubectl's flags of the same names."""

    kubeconfig: Path | None = None
    context: str | None = None
    impersonate: str | None = None
    timeout: float = 60.0
    """Seconds a request may take."""


class _ListMeta(msgspec.Struct):
    next: str = msgspec.field(name="continue", default="")


class _Page(msgspec.Struct):
    metadata: _ListMeta = msgspec.field(default_factory=_ListMeta)


class _Status(msgspec.Struct):
    message: str = ""


class Kube:
    """One API server. Use as a context manager, or call `close`."""

    def __init__(self, api: client.ApiClient, timeout: float) -> None:
        self._api = api
        self._limits = (min(_CONNECT, timeout), timeout)

    @classmethod
    def open(cls, access: Access) -> "Kube":
        """Credentials from the kubeconfig, or the ServiceAccount's where there is none. ClusterError if neither is."""
        settings = log_in(access.kubeconfig, access.context)
        settings.retries = _RETRIES
        try:
            api = client.ApiClient(settings)
        except OSError as error:
            raise ClusterError(
                f"the kubeconfig's certificates cannot be read: {cause(error)}",
                "check certificate-authority and client-certificate of its context",
            ) from error
        if access.impersonate:
            api.set_default_header("Impersonate-User", access.impersonate)
        return cls(api, access.timeout)

    @property
    def host(self) -> str:
        return str(self._api.configuration.host)

    def close(self) -> None:
        self._api.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: str, query: tuple[tuple[str, str], ...] = ()) -> bytes:
        """The body of one GET. ListError for a refusal, ClusterError where no server answers."""
        request = self._api.param_serialize(
            "GET",
            path,
            query_params=list(query),
            header_params={"Accept": "application/json"},
            auth_settings=["BearerToken"],
        )
        try:
            response = self._api.call_api(*request, _request_timeout=self._limits)
            body: bytes = response.read()
        except (urllib3.exceptions.HTTPError, client.ApiException, OSError, ValueError) as error:
            raise ClusterError(
                f"the API server {self.host} does not answer: {cause(error)}",
                "check the address and network (kubectl get --raw /readyz), or raise --request-timeout",
            ) from error
        if response.status == 401:
            raise ClusterError(
                f"the API server {self.host} refused the credentials (401)",
                "log in again, or check the context's user (kubectl auth whoami)",
            )
        if response.status != 200:
            raise ListError(response.status, _words(body) or f"HTTP {response.status}")
        return body

    def pages(self, path: str) -> Iterator[bytes]:
        """Every page of a list. ListError if any page cannot be had: half a list is no list."""
        token = ""
        began = monotonic()
        while True:
            query = [("limit", str(_PAGE)), *([("continue", token)] if token else [])]
            body = self.get(path, tuple(query))
            yield body
            token = msgspec.json.decode(body, type=_Page).metadata.next
            if not token:
                _LOG.debug("list", seconds=round(monotonic() - began, 3), path=path)
                return


def _words(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Status).message
    except msgspec.MsgspecError:
        return ""
