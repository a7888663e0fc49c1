"""Answers are laid on the steps of their day."""

import numpy as np

from costkit.collect.fetch import on_grid
from costkit.collect.queries import CPU, EVENTS
from costkit.connect.prometheus import Answer, Series
from costkit.model.window import STEP
from tests.collect.days import MIDNIGHT, POD, TODAY

LABELS = {"namespace": POD[0], "pod": POD[1], "container": "main"}


def test_each_value_stands_in_the_step_that_ends_at_its_time():
    points = [(MIDNIGHT + STEP, 1.0), (MIDNIGHT + 3 * STEP, 3.0)]
    found = on_grid(Answer((Series(LABELS, points),), ()), CPU, TODAY)
    assert found.keys == ((*POD, "main"),)
    assert found.values[0, :3].tolist()[::2] == [1.0, 3.0]
    assert np.isfinite(found.values).sum() == 2


def test_what_is_infinite_is_not_known():
    points = [(MIDNIGHT + STEP, float("inf")), (MIDNIGHT + 2 * STEP, 2.0)]
    found = on_grid(Answer((Series(LABELS, points),), ()), CPU, TODAY)
    assert np.isnan(found.values[0, 0])
    assert found.values[0, 1] == 2.0
    once = next(query for query in EVENTS if query.reading == "day")
    assert np.isnan(on_grid(Answer((Series({}, value=(MIDNIGHT, float("-inf"))),), ()), once, TODAY).values).all()
