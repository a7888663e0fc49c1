"""Values on the policy's grid: round numbers that people read, and that do not change with every night."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

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


def ceil_all(values: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    """`ceil_to` of each value; NaN stays."""
    step = _steps(values, grid)
    return _round(np.ceil(values / step - float(_SLACK)) * step)


def next_below(values: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    """Of each value the highest grid value that is less, 0 where there is none: what would not have been enough."""
    # at a bound between two steps that is below it: there the finer one counts
    lowered = values - float(_SLACK) * _steps(values, grid)
    step = _steps(lowered, grid)
    return _round(np.maximum(np.ceil(lowered / step) - 1, 0.0) * step)


def _steps(values: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    """`step_at` of each value."""
    bounds = np.array([below for below, _ in grid[:-1]])
    return np.array([step for _, step in grid])[np.searchsorted(bounds, values, side="right")]


def _round(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Twelve digits: a multiple of a step that is no binary number has last digits of its own."""
    return np.round(values, 12)
