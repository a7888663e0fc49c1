"""Answers about usage become series with what is behind them."""

from math import inf

from costkit.collect.lived import Lived
from costkit.collect.samples import samples
from costkit.model.window import STEPS
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
