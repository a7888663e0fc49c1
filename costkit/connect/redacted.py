"""What a server says, without the secrets that it was sent: some repeat a request in their complaints."""

import base64
import binascii
from collections.abc import Iterable, Mapping

_PLAIN = frozenset({"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"})
_SHORTEST = 6
"""Characters below which a value is no secret, and would be found everywhere."""
_INSTEAD = "[a credential]"


def redacted(text: str, headers: Mapping[str, str | bytes]) -> str:
    """`headers` are those of the request."""
    for secret in sorted(_secrets(headers), key=len, reverse=True):
        text = text.replace(secret, _INSTEAD)
    return text


def _secrets(headers: Mapping[str, str | bytes]) -> Iterable[str]:
    """Each value that is ours, what follows its scheme (`Bearer …`), and the password of a `Basic …`."""
    for name, value in headers.items():
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        if name.lower() not in _PLAIN:
            scheme, _, rest = text.partition(" ")
            parts = (text, rest, _password(rest) if scheme.lower() == "basic" else "")
            yield from (part for part in parts if len(part) >= _SHORTEST)


def _password(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace").partition(":")[2]
    except binascii.Error:
        return ""
