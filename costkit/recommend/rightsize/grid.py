"""Values on the policy's grid: round numbers that people read, and that do not change with every night."""

from decimal import Decimal

from costkit.model.policy import Grid

_SLACK = Decimal("1e-5")
"""A value above a grid point by less than this share of a step is on it: rates have last digits of their own, and
half hours are kept in single precision."""


def step_at(value: float, grid: Grid) -> float:
    return next(step for below, step in grid if value < below)


def ceil_to(value: float, grid: Grid) -> float:
    """The least grid value that is not below `value`."""
    step = Decimal(repr(step_at(value, grid)))
    steps = (Decimal(repr(value)) / step - _SLACK).to_integral_value("ROUND_CEILING")
    return float(steps * step)
