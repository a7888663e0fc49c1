"""Samples between two moments, and the cap that held just before one."""

import numpy as np
import pytest

from costkit.model.trace import NO_USE, Trace, Use

USE = Use(np.array([10.0, 20.0, 30.0, 40.0]), np.array([1.0, 2.0, 3.0, 4.0]), np.array([5, 6, 7, 8]))
CAPPED = Trace("a", USE, NO_USE, np.array([-np.inf, 20.0, 30.0]), np.array([100.0, np.nan, 300.0]))


@pytest.mark.parametrize(
    ("start", "end", "values"),
    [(10, 40, [1, 2, 3]), (11, 41, [2, 3, 4]), (0, 10, []), (40, 99, [4]), (20, 20, []), (41, 99, [])],
)
def test_a_part_begins_with_its_start_and_ends_before_its_end(start, end, values):
    part = USE.between(start, end)
    assert part.values.tolist() == values
    assert part.samples == sum(value + 4 for value in values)


def test_a_series_has_use_of_either_resource():
    assert CAPPED.use("cpu") is USE
    assert CAPPED.use("memory") is NO_USE
    assert NO_USE.samples == 0


@pytest.mark.parametrize(("at", "cap"), [(5, 100), (20, 100), (21, np.inf), (30, np.inf), (31, 300), (1e9, 300)])
def test_a_cap_holds_from_after_its_moment_and_infinity_where_none_does(at, cap):
    assert CAPPED.cap(at) == cap


def test_without_a_cap_and_before_the_first_none_holds():
    assert Trace("b").cap(0.0) == np.inf
    assert Trace("c", memory_cap_at=np.array([10.0]), memory_cap=np.array([1.0])).cap(10.0) == np.inf
