"""Why a Prometheus gives no data: a status and a body, or a failure, go in; an error of ours comes out."""

import re

import requests

from costkit.connect.answers import error_text
from costkit.connect.causes import cause, is_late
from costkit.connect.session import is_unreachable
from costkit.errors import MetricsError

_TOO_BIG = re.compile(
    r"too (many|large|long)|larger than|exceed|max-|maximum|limit \S+ violated|further memory|timed?[ -]?out|deadline",
    re.IGNORECASE,
)
"""The words for it of Prometheus, Thanos, Mimir, AMP and VictoriaMetrics."""
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
"""Such as the expression, whose own words are no reason."""
_HOWEVER_SMALL = re.compile(r"parse|unknown function|labelset|match(es|ing)? (for|not|group)", re.IGNORECASE)
"""Faults of the expression, or series that do not match one to one."""

_WANTS_OURS = re.compile(r"ALERT (.*CERTIFICATE|UNKNOWN CA)|EOF occurred")
"""What a server says of a client's certificate, or of none, or that it hangs up while TLS begins."""


class QueryRefusedError(MetricsError):
    """The server understood and will not; `too_big` where a query for less may pass."""

    def __init__(self, message: str, hint: str, *, too_big: bool) -> None:
        super().__init__(message, hint)
        self.too_big = too_big


class NotLetInError(MetricsError):
    """401 or 403; `words` are the server's."""

    def __init__(self, message: str, hint: str, words: str) -> None:
        super().__init__(message, hint)
        self.words = words


def foreign(url: str, kind: str) -> MetricsError:
    return MetricsError(
        f"{url} answers with {kind}, not with Prometheus' JSON",
        "give --prometheus-url the base address of the API (before /api/v1), and its credentials",
    )


def unreachable(url: str, error: requests.RequestException) -> MetricsError:
    """Of an error that is still there after all tries."""
    if isinstance(error, requests.TooManyRedirects) and error.response is not None:
        return refused(url, error.response.status_code, b"")
    why = cause(error)
    if "certificate" in why:
        return MetricsError(f"Prometheus at {url} is refused: {why}", "name its authority's file with --prometheus-ca")
    if _WANTS_OURS.search(why):
        return MetricsError(
            f"Prometheus at {url} ends the connection as if it wanted a client certificate: {why}",
            "name one that it trusts with --prometheus-client-certificate and --prometheus-client-key",
        )
    if is_late(error) and not is_unreachable(error):
        return QueryRefusedError(
            f"Prometheus at {url} does not answer: {why}",
            "raise --request-timeout, or check --prometheus-url",
            too_big=True,
        )
    return MetricsError(
        f"Prometheus at {url} does not answer: {why}",
        "check --prometheus-url (kubectl -n monitoring port-forward svc/prometheus 9090 gives http://localhost:9090)",
    )


def refused(url: str, status: int, body: bytes) -> MetricsError:
    """Of any status but 200."""
    if status in (401, 403):
        return NotLetInError(
            f"Prometheus at {url} refused the credentials ({status})",
            "name them: --prometheus-bearer-token-file, --prometheus-username, --prometheus-aws-region, or a header of "
            "--prometheus-headers",
            _words(body),
        )
    if 300 <= status < 400:
        return MetricsError(
            f"Prometheus at {url} redirects elsewhere ({status}), which is not followed",
            "give --prometheus-url the final address",
        )
    if status == 404:
        return foreign(url, "404")
    return QueryRefusedError(
        f"Prometheus at {url} refused a query ({status}): {_words(body) or 'no reason given'}",
        "a shorter --window asks for less; -v shows the queries",
        too_big=_is_too_big(status, _words(body)),
    )


def kind_of(body: bytes) -> str:
    return "a web page" if body.lstrip()[:1] == b"<" else "something else"


def _words(body: bytes) -> str:
    """Prometheus' own, or the plain text of who stands before it."""
    text = body[:300].decode("utf-8", "replace").lstrip()
    return error_text(body) or (text.splitlines()[0] if text and text[0] not in "<{" else "")


def _is_too_big(status: int, words: str) -> bool:
    """422 is for what failed while it ran, as a rule for its size; 504 is a proxy's time-out."""
    said = _QUOTED.sub("", words)
    if _HOWEVER_SMALL.search(said):
        return False
    return status in (413, 422, 504) or (status != 429 and _TOO_BIG.search(said) is not None)
