"""Answers about usage become series with what is behind them."""

from math import inf

import numpy as np

from costkit.collect.lived import Lived
from costkit.collect.samples import samples
from costkit.model.window import DAY, STEPS
from tests.collect.days import API, MIDNIGHT, POD, TODAY, matrix

LIVED = {POD: Lived(API, "h", "n1", MIDNIGHT + 60, inf)}


def test_a_series_carries_workload_revision_node_class_and_life():
    found = samples("cpu", matrix({(*POD, "main"): [1.0, 2.0]}, STEPS), TODAY, LIVED, {"n1": "m5/spot"})
    (one,) = found.series
    assert (one.target, one.pod, one.revision, one.node_class) == (API.of("main"), POD[1], "h", "m5/spot")
    assert (one.start, one.end, found.until) == (MIDNIGHT + 60, inf, TODAY.until)
    assert found.values[0, :2].tolist() == [1.0, 2.0]


def test_series_of_pods_that_nothing_else_knows_of_are_left_out():
    usage = matrix({("shop", "other", "main"): [9.0], (*POD, "main"): [1.0]}, STEPS)
    found = samples("cpu", usage, TODAY, LIVED, {})
    assert [s.pod for s in found.series] == [POD[1]]
    assert found.values[0, 0] == 1.0
    assert found.series[0].node_class == ""


def test_a_name_that_was_used_again_is_a_series_for_each_pod():
    noon = MIDNIGHT + DAY / 2
    first = Lived(API, "old", "n1", MIDNIGHT - 60, noon)
    second = Lived(API, "new", "n2", noon + 120, inf, earlier=(first,))
    made = one_pod(second)
    assert [(s.revision, s.node_class, s.start, s.end) for s in made.series] == [
        ("old", "small", MIDNIGHT - 60, noon),
        ("new", "large", noon + 120, inf),
    ]
    # the step in which both ran is the first one's
    assert np.flatnonzero(np.isfinite(made.values[0])).tolist() == list(range(145))
    assert np.flatnonzero(np.isfinite(made.values[1])).tolist() == list(range(145, STEPS))


def test_a_pod_that_came_long_after_the_one_before_has_its_first_step_for_itself():
    first = Lived(API, "old", "n1", MIDNIGHT, MIDNIGHT + 3600)
    second = Lived(API, "new", "n2", MIDNIGHT + 7260, inf, earlier=(first,))
    made = one_pod(second)
    assert np.flatnonzero(np.isfinite(made.values[1]))[0] == 24


def test_three_pods_of_one_name_on_a_day_share_it():
    lives = [Lived(API, f"r{i}", "n1", MIDNIGHT + i * 3600, MIDNIGHT + (i + 1) * 3600) for i in range(2)]
    made = one_pod(Lived(API, "r2", "n1", MIDNIGHT + 7200, inf, earlier=tuple(lives)))
    assert np.isfinite(made.values).sum(axis=1).tolist() == [12, 12, STEPS - 24]
    assert np.isfinite(made.values).sum(axis=0).max() == 1


def one_pod(lived):
    used = matrix({(*POD, "main"): np.ones(STEPS)}, STEPS)
    return samples("cpu", used, TODAY, {POD: lived}, {"n1": "small", "n2": "large"})
