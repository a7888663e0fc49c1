"""The grid by arrays is the grid one by one, and what is next below a value is what would not have been enough."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costkit.model.policy import CPU_GRID, MEMORY_GRID
from costkit.recommend.rightsize.grid import ceil_all, ceil_to, next_below, step_at
from tests.recommend.cases import GIB, MIB

CORES = st.floats(1e-4, 200.0)
BYTES = st.floats(2.0**16, 2.0**42)
BOUNDS = [below for below, _ in CPU_GRID[:-1]]


def beside(values):
    """Values whose last digits lie on either side of a grid value: rates do."""
    return st.sampled_from(values).flatmap(lambda v: st.floats(v * (1 - 1e-7), v * (1 + 1e-7)))


NEAR = beside([0.012, 0.099, 0.2, 0.495, 0.98, 3.975, 4.1, *BOUNDS])
NEAR_BYTES = beside([n * MIB for n in (48, 496, 512, 576, 2048, 8192, 9216)])


def on_grid(grid, most):
    """All grid values up to `most`, by counting steps from each bound to the next."""
    found, first = [], 0.0
    for below, step in grid:
        found += [n * step for n in range(round(first / step), round(min(below, most) / step))]
        first = below
    return np.array(found[1:])


CPU_VALUES, MEMORY_VALUES = on_grid(CPU_GRID, 50.0), on_grid(MEMORY_GRID, 64 * GIB)


@given(st.lists(CORES | NEAR, max_size=30))
def test_all_cores_are_rounded_up_as_each_of_them(values):
    assert ceil_all(np.array(values, float), CPU_GRID).tolist() == [ceil_to(value, CPU_GRID) for value in values]


@given(st.lists(BYTES | NEAR_BYTES, max_size=30))
def test_all_bytes_are_rounded_up_as_each_of_them(values):
    assert ceil_all(np.array(values, float), MEMORY_GRID).tolist() == [ceil_to(value, MEMORY_GRID) for value in values]


def test_a_value_on_the_grid_stays_and_what_is_not_known_stays_unknown():
    for grid, values in ((CPU_GRID, CPU_VALUES), (MEMORY_GRID, MEMORY_VALUES)):
        assert ceil_all(values, grid) == pytest.approx(values, rel=1e-12)
    assert np.isnan(ceil_all(np.array([np.nan]), CPU_GRID)).all()


def holds(size, used, grid):
    """Whether a size is enough; what lies above it by no more than the grid's slack is on it."""
    return used <= size + 1e-5 * step_at(used, grid)


@given(st.floats(1e-4, 49.0) | NEAR, st.integers(0, len(CPU_VALUES) - 1))
def test_a_size_on_the_grid_holds_what_was_used_exactly_where_it_is_above_the_next_below(used, place):
    size = float(CPU_VALUES[place])
    (below,) = next_below(np.array([used]), CPU_GRID)
    assert bool(size > below * (1 + 1e-9)) is bool(holds(size, used, CPU_GRID))


@given(st.floats(2.0**16, 60 * GIB) | NEAR_BYTES, st.integers(0, len(MEMORY_VALUES) - 1))
def test_so_it_is_with_bytes(used, place):
    size = float(MEMORY_VALUES[place])
    (below,) = next_below(np.array([used]), MEMORY_GRID)
    assert bool(size > below) is bool(holds(size, used, MEMORY_GRID))


@given(st.floats(1e-4, 49.0) | NEAR)
def test_the_next_below_is_the_grid_value_before_the_one_that_holds(used):
    (below,) = next_below(np.array([used]), CPU_GRID)
    enough = next(value for value in CPU_VALUES if holds(value, used, CPU_GRID))
    place = int(np.searchsorted(CPU_VALUES, enough))
    assert below == pytest.approx(CPU_VALUES[place - 1] if place else 0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("used", "below"),
    [
        (0.0, 0.0),
        (0.0004, 0.0),
        (0.01, 0.009),
        (0.0104, 0.01),
        (0.1, 0.099),
        (0.10000005, 0.099),
        (0.1001, 0.1),
        (0.5, 0.495),
        (1.0, 0.99),
        (4.05, 4.0),
    ],
)
def test_at_a_bound_between_two_steps_the_finer_one_counts(used, below):
    assert next_below(np.array([used]), CPU_GRID)[0] == pytest.approx(below, abs=1e-12)


def test_bytes_have_a_next_below_too():
    sizes = np.array([33.0, 48.0, 512.0, 513.0, 2048.0]) * MIB
    assert next_below(sizes, MEMORY_GRID).tolist() == [32 * MIB, 32 * MIB, 496 * MIB, 512 * MIB, 1984 * MIB]
