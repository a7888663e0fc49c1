"""Values as people write them on a command line or in a file: spans, moments, headers. UsageError for what is none."""

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from costkit.errors import UsageError

_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|w)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}


def seconds(flag: str, text: str) -> float:
    """Seconds of `14d`, `1h30m` or `45s`; a bare number is in seconds, as with kubectl."""
    parts = _SPAN.findall(text)
    if parts and "".join(number + unit for number, unit in parts) == text:
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    raise UsageError(f"{flag} {text!r} is not a span of time", "write it as 14d, 12h, 90s or 1h30m")


def moment(flag: str, text: str, now: float) -> float:
    """Unix seconds of `now`, of an RFC 3339 time (UTC where it names no zone) or of unix seconds themselves."""
    if text == "now":
        return now
    if re.fullmatch(r"\d{9,11}(\.\d+)?", text):
        return float(text)
    try:
        at = datetime.fromisoformat(text)
        seconds_of = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{flag} {text!r} is not a moment", "write it as 2026-11-24T09:00:00Z, or now") from error
    if seconds_of < 0:
        raise UsageError(f"{flag} {text!r} lies before 1970", "write it as 2026-11-24T09:00:00Z, or now")
    return seconds_of


def address(flag: str, text: str) -> str:
    """The base address of a server. Credentials in it would be seen in lists of processes and in messages."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        whole = False
    if not whole:
        raise UsageError(f"{flag} is no address", "write it as http://HOST:PORT, with the path before /api/v1 if any")
    if parts.username is not None or parts.query or parts.fragment:
        raise UsageError(
            f"{flag} holds more than an address",
            "put credentials into a file (Authorization: …) and name it with --prometheus-headers",
        )
    return text


def headers(path: Path) -> dict[str, str]:
    """HTTP headers, a line each (`Authorization: Bearer …`); blank lines and lines with # are skipped."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the header file {path}", "one header a line: Authorization: Bearer …") from error
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9_-]+", name.strip()) or not _is_sendable(value.strip()):
            raise UsageError(f"line {number} of {path} is no header", "write it as Name: value")
        found[name.strip()] = value.strip()
    return found


def _is_sendable(value: str) -> bool:
    """HTTP headers are printable Latin-1."""
    return value.isprintable() and all(ord(c) < 256 for c in value)
