"""One resource's use as a picture to be drawn: paths in a frame that is as wide as its half hours and 100 high."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from costkit.model.explained import Curve, Explanation
from costkit.model.window import DAY, HALF_HOUR
from costkit.report.explain_spark import highest
from costkit.report.explain_words import TITLES, Mark, form, marks, seen
from costkit.report.moments import day

HEIGHT = 100.0
_AIR = 1.05
"""Top of the frame over the highest of what is in it."""
_MOST_LABELS = 7
_LAST_LABEL = 0.9
"""Share of the width from which on a label would reach over the edge."""


@dataclass(frozen=True, slots=True)
class Level:
    """A size across the whole frame."""

    role: str
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Steps of half hours: a line of the means, an area up to the peaks; nothing where nobody saw."""

    title: str
    width: int
    """Half hours."""
    means: str
    """Path data of SVG."""
    peaks: str
    levels: tuple[Level, ...]
    """Requests before and after, percentile and peak."""
    top: str
    """What the frame's upper edge stands for."""
    midnights: tuple[int, ...]
    days: tuple[tuple[float, str], ...]
    """Where a day (UTC) begins, in percent of the width, and its date."""
    words: tuple[str, ...]
    """The peak's time and pod, and the hottest pod."""


def pictures(of: Explanation) -> tuple[Picture, ...]:
    """Of each resource of which use was seen."""
    return tuple(_picture(of, curve) for curve in of.curves)


def _picture(of: Explanation, curve: Curve) -> Picture:
    shown = marks(of, curve.resource)
    top = _AIR * max(highest(curve.peaks), *(mark.value for mark in shown)) or 1.0
    width = len(curve.peaks)
    midnights = range(0, width, DAY // HALF_HOUR)
    return Picture(
        title=TITLES[curve.resource],
        width=width,
        means="".join(_steps(curve.means, top)),
        peaks="".join(_areas(curve.peaks, top)),
        levels=tuple(_level(mark, top) for mark in shown),
        top=form(curve.resource)(top),
        midnights=tuple(midnights)[1:],
        days=tuple(_labels(curve.start, midnights, width)),
        words=tuple(seen(of, curve)),
    )


def _level(mark: Mark, top: float) -> Level:
    return Level(mark.role, _y(mark.value, top), mark.words)


def _labels(start: float, midnights: Sequence[int], width: int) -> Iterator[tuple[float, str]]:
    """So many months and days that a phone has room for them."""
    stride = math.ceil(len(midnights) / _MOST_LABELS)
    for at in midnights[::stride]:
        if at <= _LAST_LABEL * width:
            yield round(100 * at / width, 2), day(start + at * HALF_HOUR)[5:]


def _steps(values: Sequence[float], top: float) -> Iterator[str]:
    """A level piece for each value, joined to the one before it if that was seen."""
    drawn = False
    for place, value in enumerate(values):
        known = math.isfinite(value)
        if known:
            yield f"{'V' if drawn else f'M{place} '}{_y(value, top):g}H{place + 1}"
        drawn = known


def _areas(values: Sequence[float], top: float) -> Iterator[str]:
    """The same down to the ground: each piece is closed."""
    for place, value in enumerate(values):
        if math.isfinite(value):
            yield f"M{place} {HEIGHT:g}V{_y(value, top):g}h1V{HEIGHT:g}z"


def _y(value: float, top: float) -> float:
    return round(HEIGHT * (1 - value / top), 2)
