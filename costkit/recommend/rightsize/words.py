"""Sizes, moments and peaks as the reasons write them."""

from datetime import UTC, datetime

from costkit.model.facts import ResourceProfile
from costkit.model.quantities import short_cpu, short_memory


def short(resource: str, value: float) -> str:
    """`212m`, `1.2Gi`."""
    return short_cpu(value) if resource == "cpu" else short_memory(value)


def day(at: float) -> str:
    """`Sat 23 May 01:25 UTC`."""
    return f"{datetime.fromtimestamp(at, UTC):%a %d %b %H:%M} UTC"


def peak(profile: ResourceProfile) -> str:
    """`peak 318m on Sat 23 May 01:25 UTC in api-7f`."""
    return f"peak {short(profile.resource, profile.peak)} on {day(profile.peak_at)} in {profile.peak_pod}"
