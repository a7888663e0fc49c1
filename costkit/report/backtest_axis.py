"""A linear axis with a few round numbers on it."""

import math
from dataclasses import dataclass

_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    low: float
    high: float
    step: float
    start: float
    """Pixels of `low`."""
    end: float

    @classmethod
    def over(cls, low: float, high: float, start: float, end: float) -> "Scale":
        """From a round number at or below `low` to one at or above `high`."""
        step = _step((high - low) or high or 1.0)
        bottom = math.floor(low / step)
        return cls(bottom * step, max(math.ceil(high / step), bottom + 1) * step, step, start, end)

    def at(self, value: float) -> float:
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)

    def ticks(self, factor: float, unit: str) -> tuple[Tick, ...]:
        values = [self.low + i * self.step for i in range(round((self.high - self.low) / self.step) + 1)]
        return tuple(Tick(self.at(value), f"{value * factor:.6g}{unit}") for value in values)


def _step(span: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that gives few enough ticks."""
    base = 10.0 ** math.floor(math.log10(span / _MOST_TICKS))
    return next(factor * base for factor in (1, 2, 5, 10) if span / (factor * base) <= _MOST_TICKS)
