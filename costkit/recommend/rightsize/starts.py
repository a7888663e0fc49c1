"""A peak that only pods' first minutes reach: without it CPU is slow to start, but memory is killed."""

from costkit.model.facts import ResourceProfile

_APART = 1.2
"""A start's peak this many times the steady one is told from it; a service under load has the two nearer."""


def is_of_starts(profile: ResourceProfile) -> bool:
    """Whether starts alone reach the peak. Where no day was without a start as high, nothing tells the two apart."""
    start, steady = profile.start_peak, profile.steady_peak
    return start is not None and steady is not None and start >= profile.peak >= _APART * steady


def sizing_peak(profile: ResourceProfile) -> float:
    """The peak that a request is sized with: of CPU the steady one, where starts alone reach the higher."""
    steady = profile.steady_peak
    return steady if profile.resource == "cpu" and is_of_starts(profile) and steady is not None else profile.peak
