"""Why a connection failed, in a few words: an exception of a client library goes in, its innermost cause comes out.

urllib3 and requests wrap what the system said in three layers, each of which repeats host, port and path.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3

_CREDENTIALS = re.compile(r"//[^/\s]*@")
_TIMEOUTS = (urllib3.exceptions.TimeoutError, requests.Timeout, TimeoutError)


def cause(error: BaseException) -> str:
    """Such as `connection refused` or `no answer in time`; one line."""
    chain = list(_chain(error))
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({one.verify_message})"
        if isinstance(one, socket.gaierror):
            return "its name is not known"
        if isinstance(one, ssl.SSLError):
            return f"it does not speak TLS ({one.reason or one})".replace("_", " ")
        if isinstance(one, http.client.IncompleteRead):
            return "its answer is cut off"
    told = next((one.strerror for one in chain if isinstance(one, OSError) and one.strerror), None)
    if told:
        return told.lower()
    return "no answer in time" if is_late(error) else first_line(chain[-1])


def is_late(error: BaseException) -> bool:
    return any(isinstance(one, _TIMEOUTS) for one in _chain(error))


def first_line(error: BaseException) -> str:
    return without_credentials((str(error) or type(error).__name__).splitlines()[0])


def without_credentials(text: str) -> str:
    """Addresses in a text without the user and password that may stand in them."""
    return _CREDENTIALS.sub("//", text)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """From the outermost to the innermost; `reason` is urllib3's way, the first argument is requests'."""
    seen: set[int] = set()
    current: object = error
    while isinstance(current, BaseException) and id(current) not in seen:
        seen.add(id(current))
        yield current
        inner = getattr(current, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((a for a in current.args if isinstance(a, BaseException)), current.__cause__)
        current = inner if isinstance(inner, BaseException) else current.__context__
