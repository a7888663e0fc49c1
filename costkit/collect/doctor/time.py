"""Checks about time, pure: clocks that differ, how often is scraped, how far back samples go."""

from collections.abc import Sequence
from dataclasses import dataclass

from costkit.model.checkup import Check
from costkit.model.window import DAY, STEP, Window

_SKEW = 60.0
"""Seconds that two clocks may differ by. VictoriaMetrics answers for a moment 30 s ago where none is named."""
_ENOUGH = 0.9
"""Share of the window from which it counts as covered."""
_LOST_BY_SKEW = "the newest samples, and what counts from a pod's start: a window ends at this machine's time"
_LOST_PAST = "the part of the window before that: weekly peaks and rhythms in it are not seen"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the past is held against."""

    window: Window
    at: float
    minimum_days: float
    """Days with samples below which nothing is cut."""


def clock(whose: str, told: float | None, here: float) -> Check:
    """`told` and `here`: unix seconds on that server and on this machine, read together."""
    if told is None:
        return Check("clock", whose, "ok", "it does not tell its time")
    ahead = told - here
    if abs(ahead) <= _SKEW:
        return Check("clock", whose, "ok", f"within {_SKEW:.0f} s of this machine's")
    apart = abs(ahead) if abs(ahead) < 3600 else round(abs(ahead) / 60) * 60  # the answers' own way takes moments
    found = f"{_span(apart)} {'ahead of' if ahead > 0 else 'behind'} this machine's"
    fix = "set the wrong one of the two by NTP (chronyc makestep; timedatectl shows whether it is synchronized)"
    return Check("clock", whose, "FAIL" if abs(ahead) > STEP else "warn", found, _LOST_BY_SKEW, fix)


def scrapes(interval: float, rate: int) -> Check:
    """`interval`: seconds between samples, 0 where there are none; `rate`: seconds that a rate is taken over."""
    if not interval:
        return Check("scrape interval", "cAdvisor", "warn", "not known: no samples in the last hour")
    found = f"{interval:.0f} s; CPU is a rate over {_span(rate)}"
    if rate <= STEP:
        return Check("scrape interval", "cAdvisor", "ok", found)
    return Check(
        "scrape interval",
        "cAdvisor",
        "warn",
        found,
        f"CPU peaks shorter than {_span(rate)}: usual are {_span(STEP)}",
        "scrape_interval: 60s, or shorter, for the kubelets' job",
    )


def past(moments: Sequence[float], step: float, wanted: Wanted) -> Check:
    """`moments`: those of the window, each `step` seconds, at which there were samples."""
    back = (wanted.at - min(moments)) / DAY if moments else 0.0
    seen = len(moments) * step / DAY
    days = min(back, seen)
    asked = (wanted.at - wanted.window.start) / DAY
    wait = max(0.0, wanted.minimum_days - days)
    if not moments:
        return _too_short("no samples of containers in the window", wait)
    found = f"samples on {days:.1f} of {asked:.1f} days, the oldest {back:.1f} days old"
    if wait:
        return _too_short(found, wait)
    if days >= _ENOUGH * asked - step / DAY:
        return Check("history", "window", "ok", found)
    kept, shorter = f"--storage.tsdb.retention.time={asked + 1:.0f}d", f"--window {max(1, int(days))}d"
    fix = f"keep samples longer (Prometheus' argument {kept}), or look back less ({shorter})"
    return Check("history", "window", "warn", found, _LOST_PAST, fix)


def _too_short(found: str, wait: float) -> Check:
    lost = "sizes, until there are enough days: nothing is cut before"
    fix = "wait, or let --prometheus-url name what keeps the past (Thanos, Mimir)"
    return Check("history", "window", "FAIL", found, lost, fix, ("rightsize",), wait)


def _span(seconds: float) -> str:
    for unit, size in (("d", DAY), ("h", 3600), ("m", 60)):
        if seconds >= 2 * size or seconds == size or (unit == "m" and seconds % 60 == 0 and seconds):
            return f"{seconds / size:.3g}{unit}"
    return f"{seconds:.0f}s"
