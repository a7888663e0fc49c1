"""A new level of use that is not yet a week old: where it rose it decides, where it fell it is waited for."""

from costkit.model.facts import ResourceProfile
from costkit.model.sketch import percentile

_LASTING_DAYS = 7
"""Days from which a new level is trusted: it has then been seen on each weekday."""


def risen_to(profile: ResourceProfile, share: float) -> float:
    """The percentile (0..1) of the hottest pods since use rose, 0 where it did not: no request is to be below it."""
    shift = profile.shift
    if shift is None or not shift.rose:
        return 0.0
    return percentile(shift.recent, share, shift.recent_peak, profile.resource)


def fall_to_wait_for(profile: ResourceProfile) -> str:
    """Why a cut waits, in words with the numbers; empty where use did not fall of late."""
    shift = profile.shift
    if shift is None or shift.rose:
        return ""
    fell = f"use fell to {shift.after / shift.before:.0%} of what it was {shift.days} days ago"
    return f"{fell}, {_LASTING_DAYS} days of it are wanted before a cut"
