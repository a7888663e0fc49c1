"""A read-only connection to a Kubernetes API server: credentials, TLS, retries and paged raw lists.

Bytes come out; what they mean is collect's business. Nothing here can write.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import NoReturn, Self

import msgspec
import structlog
from kubernetes import client

from costkit.connect.causes import without_credentials
from costkit.connect.kube_request import Answer, Query, Unanswered, ask
from costkit.connect.login import connected
from costkit.connect.patience import Patience
from costkit.errors import ClusterError

_LOG = structlog.get_logger()
_PAGE = 500


class ListError(Exception):
    """One list that cannot be had: the status and the server's words."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class ExpiredError(ListError):
    """The rest of a list cannot be had any more as it was when its first page was read."""

    def __init__(self, reason: str) -> None:
        super().__init__(410, reason)


class NoAnswerError(ClusterError):
    """No answer, however often the server was asked; `why` is the cause alone."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(
            f"the API server {host} does not answer: {why}",
            "check the address and network (kubectl get --raw /readyz), or raise --request-timeout",
        )
        self.why = why


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
    version: str = msgspec.field(name="resourceVersion", default="")


class _Page(msgspec.Struct):
    metadata: _ListMeta = msgspec.field(default_factory=_ListMeta)


class Kube:
    """One API server, for several threads. Use as a context manager, or call `close`."""

    def __init__(self, connect: Callable[[], client.ApiClient], timeout: float) -> None:
        self._api = connect()
        self._timeout = timeout
        self._connect = connect
        self._patience = Patience()
        self._login = Lock()

    @classmethod
    def open(cls, access: Access) -> Self:
        """Credentials from the kubeconfig, or the ServiceAccount's where there is none. ClusterError if neither is."""
        return cls(lambda: connected(access.kubeconfig, access.context, access.impersonate), access.timeout)

    @property
    def api(self) -> client.ApiClient:
        """For what connect.access asks in another way than by GET."""
        return self._api

    @property
    def timeout(self) -> float:
        """Seconds a request may take."""
        return self._timeout

    @property
    def host(self) -> str:
        return without_credentials(str(self._api.configuration.host))

    def close(self) -> None:
        self._api.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: str, query: Query = ()) -> bytes:
        """The body of one GET.

        ListError for a refusal, NoAnswerError where no server answers, ClusterError where we are not let in.
        """
        api = self._api
        answer = self._patiently(path, query)
        if answer.status == 401:
            self._log_in_again(api)
            answer = self._patiently(path, query)
        if answer.status != 200:
            self._refuse(answer)
        return answer.body

    def pages(self, path: str) -> Iterator[bytes]:
        """Every page of a list. ListError if any page cannot be had: half a list is no list."""
        return self._walk(path, (("limit", str(_PAGE)),))

    def whole(self, path: str) -> Iterator[bytes]:
        """A list in one answer: dear for the server, but there is no token that could expire."""
        return self._walk(path, ())

    def _walk(self, path: str, limit: Query) -> Iterator[bytes]:
        began = time.monotonic()
        tokens: list[str] = []
        version = ""
        while True:
            body = self.get(path, (*limit, *(("continue", token) for token in tokens[-1:])))
            meta = _meta(body)
            if tokens and meta.version != version:
                raise ExpiredError("its pages are of two moments")
            if meta.next in tokens:
                raise ListError(200, "the server gives the same page again and again")
            yield body
            if not meta.next:
                break
            tokens.append(meta.next)
            version = meta.version
        _LOG.debug("list", seconds=round(time.monotonic() - began, 3), pages=len(tokens) + 1, path=path)

    def _patiently(self, path: str, query: Query) -> Answer:
        last = self._patience.last_of(lambda: ask(self._api, path, query, self._timeout), path)
        if isinstance(last, Unanswered):
            raise NoAnswerError(self.host, last.words)
        return last

    def _log_in_again(self, refused: client.ApiClient) -> None:
        """Tokens end in the middle of a run: the plugin is run again, or the file read; once for all threads."""
        with self._login:
            if self._api is refused:
                self._api = self._connect()
                refused.close()

    def _refuse(self, answer: Answer) -> NoReturn:
        if answer.status == 401:
            raise ClusterError(
                f"the API server {self.host} refused the credentials (401)",
                "log in again, or check the context's user (kubectl auth whoami)",
            )
        if 300 <= answer.status < 400:
            raise ClusterError(
                f"the API server {self.host} redirects elsewhere ({answer.status}), which is not followed",
                "write the final address as the server of the kubeconfig's context",
            )
        raise ExpiredError(answer.words) if answer.status == 410 else ListError(answer.status, answer.words)


def _meta(body: bytes) -> _ListMeta:
    """ListError for what is no list, such as the page of a proxy that wants a login."""
    try:
        return msgspec.json.decode(body, type=_Page).metadata
    except msgspec.MsgspecError as error:
        raise ListError(200, "the answer is no list of objects") from error
