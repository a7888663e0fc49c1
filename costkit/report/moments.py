"""Moments as text, in UTC."""

from datetime import UTC, datetime


def timestamp(moment: float) -> str:
    """Unix seconds as RFC 3339: `2026-11-24T02:00:00Z`."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"


def day(moment: float) -> str:
    """`2026-11-24`."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"


def time_of_day(moment: float) -> str:
    """`02:00 UTC`."""
    return f"{datetime.fromtimestamp(moment, UTC):%H:%M} UTC"
