"""Who we are to a Prometheus: files and variables go in, what a request must carry comes out.

Files are read again for each request, since projected tokens rotate. No message holds what stands in them.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import requests
from requests.auth import HTTPBasicAuth

from costkit.errors import MetricsError

Secret = Callable[[], str]
"""Gives a secret as it is now; MetricsError where it cannot be had."""


def of_file(path: Path) -> Secret:
    """The text of a file without the space around it."""

    def read() -> str:
        try:
            text = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise MetricsError(f"the credentials in {path} cannot be read", "check that the file is there") from error
        if not text or not text.isprintable():
            raise MetricsError(f"{path} does not hold one line of text", "it holds the secret alone")
        return text

    return read


def of_text(text: str) -> Secret:
    return lambda: text


@dataclass(frozen=True, slots=True)
class Bearer:
    """A bearer token (RFC 6750)."""

    token: Secret = field(repr=False)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = b"Bearer " + self.token().encode()
        return request


@dataclass(frozen=True, slots=True)
class Basic:
    """A user and a password (RFC 7617)."""

    user: str
    password: Secret = field(repr=False)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        signed: requests.PreparedRequest = HTTPBasicAuth(self.user.encode(), self.password().encode())(request)
        return signed


def check_pair(certificate: Path, key: Path) -> None:
    """MetricsError if a certificate and its key cannot be used: requests would say that the server is at fault."""
    try:
        ssl.create_default_context().load_cert_chain(certificate, key, password=_no_passphrase)
    except (OSError, ValueError) as error:
        raise MetricsError(
            f"the client certificate {certificate} cannot be used with the key {key}",
            "both are PEM files, belong together, and the key has no passphrase",
        ) from error


def _no_passphrase() -> str:
    """Else OpenSSL would ask for one on the terminal."""
    return ""
