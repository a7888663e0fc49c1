"""Answers are laid on the steps of their day."""

import numpy as np

from costkit.collect.matrix import after, beside, on_grid
from costkit.collect.queries import CPU, EVENTS
from costkit.connect.answers import Answer, Series
from costkit.model.window import DAY, STEP, STEPS
from tests.collect.days import MIDNIGHT, POD, TODAY, matrix

LABELS = {"namespace": POD[0], "pod": POD[1], "container": "main"}


def ranged(*points):
    """One series: (unix seconds, value) pairs."""
    return Answer((Series(LABELS, *np.array(points).T),), ())


def test_each_value_stands_in_the_step_that_ends_at_its_time():
    found = on_grid(ranged((MIDNIGHT + STEP, 1.0), (MIDNIGHT + 3 * STEP, 3.0)), CPU, TODAY)
    assert found.keys == ((*POD, "main"),)
    assert found.values[0, :3].tolist()[::2] == [1.0, 3.0]
    assert np.isfinite(found.values).sum() == 2


def test_what_is_infinite_is_not_known():
    found = on_grid(ranged((MIDNIGHT + STEP, float("inf")), (MIDNIGHT + 2 * STEP, 2.0)), CPU, TODAY)
    assert np.isnan(found.values[0, 0])
    assert found.values[0, 1] == 2.0
    once = next(query for query in EVENTS if query.reading == "day")
    assert np.isnan(on_grid(Answer((Series({}, value=(MIDNIGHT, float("-inf"))),), ()), once, TODAY).values).all()


def half(first, last, value):
    row = np.full(STEPS, np.nan)
    row[first:last] = value
    return row


def test_earlier_answers_are_kept_up_to_what_was_read_again():
    earlier = matrix({("a", "p", "c"): half(0, 100, 1.0), ("a", "gone", "c"): half(0, 50, 7.0)}, STEPS)
    later = matrix({("a", "p", "c"): half(90, 150, 2.0), ("a", "new", "c"): half(120, 150, 3.0)}, STEPS)
    found = dict(after(earlier, later, CPU, MIDNIGHT + 90 * STEP, TODAY).rows())
    assert list(found) == [("a", "gone", "c"), ("a", "new", "c"), ("a", "p", "c")]
    assert found[("a", "p", "c")][[89, 90, 149]].tolist() == [1.0, 2.0, 2.0]
    assert np.isfinite(found[("a", "p", "c")]).sum() == 150
    assert found[("a", "gone", "c")][:50].tolist() == [7.0] * 50


def test_what_is_read_again_and_gone_is_gone():
    earlier = matrix({("a", "p", "c"): half(95, 100, 1.0)}, STEPS)
    assert after(earlier, matrix({}, STEPS), CPU, MIDNIGHT + 90 * STEP, TODAY).keys == ()


def test_of_what_is_read_once_a_day_the_later_is_true():
    once = next(query for query in EVENTS if query.name == "job_end")
    earlier, later = matrix({("a", "j"): 9.0, ("a", "k"): 1.0}), matrix({("a", "j"): 5.0})
    assert after(earlier, later, once, MIDNIGHT + DAY / 2, TODAY).numbers() == {("a", "j"): 5.0, ("a", "k"): 1.0}


def test_answers_to_pieces_stand_beside_each_other_in_order():
    found = beside([matrix({("b", "p", "c"): 1.0}, STEPS), matrix({("a", "p", "c"): 2.0}, STEPS)], CPU)
    assert found.keys == (("a", "p", "c"), ("b", "p", "c"))
    assert found.values[:, 0].tolist() == [2.0, 1.0]
    assert beside([], CPU).keys == ()


def test_answers_to_two_halves_of_a_day_are_one_row():
    found = beside(
        [matrix({("a", "p", "c"): half(0, 9, 1.0)}, STEPS), matrix({("a", "p", "c"): half(9, 20, 2.0)}, STEPS)], CPU
    )
    assert found.values[0, [0, 8, 9, 19]].tolist() == [1.0, 1.0, 2.0, 2.0]
    assert np.isnan(found.values[0, 20:]).all()
