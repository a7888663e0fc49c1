"""Load over time: pure functions from moments to shares of the busiest load (0..1).

In: unix seconds and a time zone. Out: arrays of the same length. No state, no seed: the same minute, the same load.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from costkit.demo.rows import Row, Shape
from costkit.model.window import DAY, STEP, STEPS

Array = NDArray[np.float64]

LEAK_PERIOD = 9 * DAY - 5 * 3600
"""Seconds in which a leak fills its memory, at which the container is restarted."""
CRUNCH_HOUR = 16.25
"""Local time on weekdays of the work that brings the killed container to its limit."""
_COOLDOWN = 6
"""Steps for which an autoscaler remembers the highest load before it scales down."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Seconds since the epoch, with the local hour (0..24) and day of the week (Monday is 0) of each."""

    seconds: Array
    hour: Array
    weekday: NDArray[np.int64]

    @classmethod
    def at(cls, seconds: Array, zone: str) -> "Moments":
        hours, place = np.unique(seconds // 3600, return_inverse=True)
        local = seconds + np.array([_offset(zone, int(hour)) for hour in hours])[place]
        days = local // DAY
        return cls(seconds, (local - days * DAY) / 3600, (days.astype(np.int64) + 3) % 7)

    @property
    def weekend(self) -> NDArray[np.bool_]:
        return self.weekday >= 5


@cache
def _offset(zone: str, hour: int) -> float:
    """Seconds east of UTC; zones change theirs on full hours of UTC."""
    offset = datetime.fromtimestamp(hour * 3600, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return offset.total_seconds() if offset else 0.0


def _flat(moments: Moments) -> Array:
    return np.ones_like(moments.seconds)


def _office(moments: Moments) -> Array:
    """Up from 8 to 9:30, a dip at noon, down from 17 to 18:30; nothing at nights and weekends."""
    rise = np.clip((moments.hour - 8) / 1.5, 0, 1) * np.clip((18.5 - moments.hour) / 1.5, 0, 1)
    lunch = 1 - 0.25 * np.exp(-(((moments.hour - 12.5) / 0.6) ** 2))
    return np.where(moments.weekend, 0.0, rise * lunch)


def _diurnal(moments: Moments) -> Array:
    """Shoppers: the least at 6 in the morning, the most at 21, a little less on weekends."""
    wave = 0.575 + 0.425 * np.cos((moments.hour - 20) / 24 * 2 * np.pi + 0.5 * np.sin(moments.hour / 24 * 2 * np.pi))
    return np.asarray(wave * np.where(moments.weekend, 0.85, 1.0))


def _spiky(moments: Moments) -> Array:
    """One half hour in twenty is busy, at any time of day; the others are at a tenth."""
    numbers = (moments.seconds // 1800).astype(np.uint64)
    mixed = (numbers * np.uint64(2654435761)) % np.uint64(2**32)
    return np.where(mixed < np.uint64(2**32 // 20), 1.0, 0.1)


def _crunch(moments: Moments) -> Array:
    """Office hours at three quarters, and all of it for twenty minutes each weekday afternoon."""
    since = moments.hour - CRUNCH_HOUR
    return np.where(~moments.weekend & (since >= 0) & (since < 1 / 3), 1.0, 0.75 * _office(moments))


def _leak(moments: Moments) -> Array:
    return moments.seconds % LEAK_PERIOD / LEAK_PERIOD


_SHAPES: dict[Shape, Callable[[Moments], Array]] = {
    "flat": _flat,
    "office": _office,
    "diurnal": _diurnal,
    "spiky": _spiky,
    "crunch": _crunch,
    "leak": _leak,
}


def load(shape: Shape, moments: Moments) -> Array:
    return _SHAPES[shape](moments)


def desired(row: Row, moments: Moments) -> Array:
    """Replicas that the workload's autoscaler wants: with the load at once, back down half an hour after it."""
    scale = row.autoscale
    if scale is None:
        return np.full_like(moments.seconds, float(row.replicas))
    highest = load(row.shape, moments)
    for steps in range(1, _COOLDOWN):
        before = Moments.at(moments.seconds - steps * STEP, row.zone)
        highest = np.maximum(highest, load(row.shape, before))
    return np.clip(np.ceil(highest * scale.maximum - 1e-9), scale.minimum, scale.maximum)


def per_pod(row: Row, shape: Shape, moments: Moments) -> Array:
    """Load on one pod; with an autoscaler, its part of the whole, 1 where the most replicas share the highest load."""
    if row.autoscale is None:
        return load(shape, moments)
    return load(shape, moments) * row.autoscale.maximum / desired(row, moments)


@cache
def day_moments(midnight: float, zone: str) -> Moments:
    """The moments of one UTC day's samples: (midnight, midnight + 300], ... named by their ends."""
    return Moments.at(midnight + STEP * np.arange(1.0, STEPS + 1), zone)
