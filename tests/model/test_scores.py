"""Sets of shipped scores: by resource and band, and without those that are left out by name."""

import numpy as np

from costkit.model.scores import ScoreSet, ScoreTable

BANDS = tuple(np.full(3, float(band)) for band in range(3))
MEMORY = np.array([0.5])
TABLE = ScoreTable((ScoreSet("a", "x", BANDS, MEMORY), ScoreSet("b", "y", BANDS), ScoreSet("c", "z", memory=MEMORY)))


def test_a_set_has_scores_for_each_band_of_cpu_and_one_list_of_memory():
    (one, *_) = TABLE.sets
    assert [one.scores("cpu", band).tolist() for band in range(3)] == [[0.0] * 3, [1.0] * 3, [2.0] * 3]
    assert one.scores("memory", 0) is MEMORY


def test_a_set_without_a_resource_has_no_score_of_it():
    _, of_cpu, of_memory = TABLE.sets
    assert (len(of_cpu.scores("memory", 0)), len(of_memory.scores("cpu", 2))) == (0, 0)


def test_sets_are_left_out_by_name():
    assert [one.name for one in TABLE.without(("a", "c")).sets] == ["b"]
    assert TABLE.without(()) == TABLE
    assert TABLE.without(("a", "b", "c")) == ScoreTable()
