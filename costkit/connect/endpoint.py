"""Where a Prometheus is and how it wants to be asked. Nothing here is shown where it may hold a credential."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests

Credentials = Callable[[requests.PreparedRequest], requests.PreparedRequest]
"""Puts on a request who we are. Called anew for each try: tokens rotate and signatures age."""


def nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """The request as it is, but for its headers. Without it requests would take credentials from ~/.netrc."""
    return request


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One server."""

    url: str
    """The address before /api/v1, with the path that leads there."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    verify: str | bool = True
    """A CA bundle's path, or True for the system's."""
    certificate: tuple[str, str] | None = None
    """Paths of a client certificate and its key."""
    timeout: float = 120.0
    """Seconds that one request may take."""
    credentials: Credentials = field(default=nobody, repr=False)
    deadline: float | None = None
    """`time.monotonic()` after which nothing is asked, nor asked again."""
    server_name: str = ""
    """The name in its certificate where that is not the address's."""
    proxy: str = field(default="", repr=False)
    """Empty: the environment's."""
    longest_get: int = 0
    """Bytes of an address up to which queries are sent by GET, and by POST beyond. 0: all by POST."""
