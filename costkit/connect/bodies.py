"""The body of an answer, read whole within a time."""

import http.client
from time import monotonic

import msgspec
import urllib3

_CHUNK = 1 << 20


def read_whole(response: urllib3.HTTPResponse, until: float) -> bytes:
    """`until` is of the monotonic clock: past it TimeoutError. IncompleteRead for half of the JSON of a 200.

    A socket's time-out begins anew with each byte, so a body that drips in is stopped here.
    """
    parts = []
    while part := response.read1(_CHUNK, decode_content=True):
        parts.append(part)
        if monotonic() > until:
            response.close()
            raise TimeoutError
    response.release_conn()
    body = b"".join(parts)
    if response.status == 200 and body[:1] == b"{":
        _check(body)
    return body


def _check(body: bytes) -> None:
    """JSON may end too early and the lengths still be right: a proxy between may have lost the rest."""
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except msgspec.MsgspecError as error:
        raise http.client.IncompleteRead(body) from error
