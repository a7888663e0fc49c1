"""Two pictures of one resource's rules: what was promised against what came, and what that costs. Positions in pixels.

Colors belong to the page's style: a dot's `role` is its rule's name.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from costkit.model.backtest import RuleRecord
from costkit.report.backtest_axis import Scale, Tick
from costkit.report.backtest_cells import factor, name, share

WIDTH, HEIGHT = 560, 340
LEFT, TOP, BOTTOM = 46, 28, 34
"""Margins."""
_STRIP = WIDTH - 100
"""Where the rules stand that promise nothing."""
_LABEL_GAP = 13.0
_ROOM = 16
"""Between an axis and its zero, for labels to the left."""
_ASIDE = {"costkit": (-7, 14), "percentile": (8, -5), "krr": (7, 15), "vpa": (7, 15)}
"""Pixels from a dot to its label: each rule has a side of its own, since they lie close together."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One rule, at one target or percentile, with its label beside it."""

    role: str
    x: float
    y: float
    label: str
    label_x: float
    label_y: float
    words: str
    anchor: str = "start"
    """Which end of the label is at its position: `start` or `end`."""
    is_led: bool = False
    """A line leads to the label: it had to give way."""

    def moved(self, right: float, down: float) -> "Dot":
        """With its label so far from it."""
        return replace(self, label_x=self.x + right, label_y=self.y + down, anchor="start" if right > 0 else "end")


@dataclass(frozen=True, slots=True)
class Line:
    role: str
    points: str
    """As an SVG polyline has them."""


@dataclass(frozen=True, slots=True)
class Picture:
    across: str
    """What the horizontal axis says."""
    up: str
    right: float
    """Where the plot ends."""
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]

    @property
    def words(self) -> str:
        return "; ".join(dot.words for dot in self.dots)


def beyond(records: Sequence[RuleRecord]) -> str:
    """The rules that the pictures leave out, with what came of them; empty where they hold all."""
    known = [record for record in records if math.isfinite(record.all.violated)]
    shown = _shown(records)
    return ", ".join(f"{name(r)} {share(r.all.violated)}" for r in known if r not in shown)


def promised(records: Sequence[RuleRecord]) -> Picture:
    """Realized risk over promised risk: on the diagonal a promise came true. Rules without one stand to the right."""
    right = _STRIP - 60.0
    known = _shown(records)
    x = Scale.over(0.0, max((r.target for r in known if r.target is not None), default=0.1), LEFT, right)
    y = _vertical(0.0, max((r.all.violated for r in known), default=0.1))
    corner = min(x.high, y.high)
    diagonal = Line("kept", f"{x.at(0)},{y.at(0)} {x.at(corner)},{y.at(corner)}")
    bound = [_dot(r, x.at(r.target), y.at(r.all.violated)).moved(8, 14) for r in known if r.target is not None]
    free = [_dot(r, _STRIP, y.at(r.all.violated)) for r in known if r.target is None]
    ticks = (*x.ticks(100, " %"), *((Tick(_STRIP, "no promise"),) if free else ()))
    dots = (*_spread(free), *bound)
    return Picture("promised", "realized", right, ticks, y.ticks(100, " %"), (diagonal,), dots)


def price(records: Sequence[RuleRecord]) -> Picture:
    """Reserve over use over realized risk: lower and further left is better."""
    right = WIDTH - 50.0
    known = [record for record in _shown(records) if math.isfinite(record.all.reserve_over_use)]
    reserves = [record.all.reserve_over_use for record in known]
    x = Scale.over(0.0, max((r.all.violated for r in known), default=0.1), LEFT + _ROOM, right)
    y = _vertical(min(reserves, default=0.0), max(reserves, default=1.0))
    places = [(x.at(r.all.violated), y.at(r.all.reserve_over_use)) for r in known]
    dots = [_dot(r, *place).moved(*_ASIDE[r.rule]) for r, place in zip(known, places, strict=True)]
    lines = tuple(_joined(role, dots) for role in ("percentile", "costkit") if any(d.role == role for d in dots))
    return Picture("realized", "reserve / use", right, x.ticks(100, " %"), y.ticks(1, ""), lines, _drawn(dots))


def _shown(records: Sequence[RuleRecord]) -> list[RuleRecord]:
    """Without percentiles that realize more than every other rule: promises would be crowded at the lower end."""
    known = [record for record in records if math.isfinite(record.all.violated)]
    others = [record.all.violated for record in known if record.rule != "percentile"]
    return [record for record in known if not others or record.all.violated <= max(others)]


def _vertical(low: float, high: float) -> Scale:
    return Scale.over(low, high, HEIGHT - BOTTOM, TOP)


def _dot(record: RuleRecord, x: float, y: float) -> Dot:
    target, came = record.target, share(record.all.violated)
    promise = f", promised {100 * target:g} %" if target is not None else ""
    words = f"{name(record)}{promise}: realized {came}, reserve {factor(record.all.reserve_over_use)} of use"
    label = name(record) if target is None else f"{100 * target:g} %"
    return Dot(record.rule, x, y, label, x + 8, y, words)


def _joined(role: str, dots: Sequence[Dot]) -> Line:
    ordered = sorted((dot.x, dot.y) for dot in dots if dot.role == role)
    return Line(role, " ".join(f"{x},{y}" for x, y in ordered))


def _drawn(dots: Sequence[Dot]) -> tuple[Dot, ...]:
    """Percentiles first: KRR's dot lies on that of p95, and both are to be seen."""
    return tuple(sorted(dots, key=lambda dot: dot.role != "percentile"))


def _spread(dots: Sequence[Dot]) -> tuple[Dot, ...]:
    """Labels of one column, moved from one another until each can be read, within the picture."""
    ordered = sorted(dots, key=lambda dot: dot.y)
    heights, free = [], float(TOP)
    for dot in ordered:
        heights.append(max(dot.y, free))
        free = heights[-1] + _LABEL_GAP
    lowest = float(HEIGHT - BOTTOM)
    for i in reversed(range(len(ordered))):
        heights[i] = min(heights[i], lowest)
        lowest = heights[i] - _LABEL_GAP
    placed = [_led(dot, round(height - dot.y, 1)) for dot, height in zip(ordered, heights, strict=True)]
    return _drawn(placed)


def _led(dot: Dot, down: float) -> Dot:
    return replace(dot.moved(9, down), is_led=down != 0)
