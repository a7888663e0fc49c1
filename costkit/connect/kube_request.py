"""One GET of an API server: a path goes in; an answer, or why there is none, comes out. No error of a library does."""

import http.client
from dataclasses import dataclass
from time import monotonic

import msgspec
import urllib3
from kubernetes import client

from costkit.connect.bodies import read_whole
from costkit.connect.causes import cause, is_late

_CONNECT = 10.0
"""Seconds in which a server that is there takes a connection."""
_ERRORS = (urllib3.exceptions.HTTPError, http.client.HTTPException, client.ApiException, OSError, ValueError)
# The library makes an ApiException of a failed handshake, and of nothing else that befalls a GET.
_UNREACHABLE = (urllib3.exceptions.NewConnectionError, client.ApiException)

Query = tuple[tuple[str, str], ...]


class _Status(msgspec.Struct):
    message: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    retry_after: str = ""
    """The header: seconds or a date."""

    @property
    def words(self) -> str:
        """What the server says of it, in Kubernetes' way or by its status."""
        try:
            told = msgspec.json.decode(self.body, type=_Status).message
        except msgspec.MsgspecError:
            told = ""
        return told or f"HTTP {self.status}"


@dataclass(frozen=True, slots=True)
class Unanswered:
    words: str
    """The cause alone."""
    late: bool = False
    """The time was over."""
    unreachable: bool = False
    """Nobody took the connection, or it is not with whom it should be."""


def ask(api: client.ApiClient, path: str, query: Query, seconds: float) -> Answer | Unanswered:
    """`seconds` is for the whole request, as with kubectl."""
    request = api.param_serialize(
        "GET",
        path,
        query_params=list(query),
        header_params={"Accept": "application/json"},
        auth_settings=["BearerToken"],
    )
    began = monotonic()
    try:
        response = api.call_api(*request, _request_timeout=(min(_CONNECT, seconds), seconds)).response
        body = read_whole(response, began + seconds)
    except _ERRORS as error:
        unreachable = isinstance(error, _UNREACHABLE)
        return Unanswered(cause(error), late=is_late(error) and not unreachable, unreachable=unreachable)
    return Answer(response.status, body, response.headers.get("Retry-After", ""))
