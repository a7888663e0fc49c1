"""Matrices of usage get a row for every container that ran, and whole pods are split where they can be."""

from math import inf

import numpy as np

from costkit.collect.inside import Inside
from costkit.collect.lived import Lived
from costkit.collect.usage import split, with_unseen
from costkit.model.window import STEPS
from tests.collect.days import API, MIDNIGHT, matrix

ONE, TWO = ("shop", "one"), ("shop", "two")
APP = frozenset({"app"})
CONTAINERS = Inside({}, {}, {API: APP})


def lived(**fields):
    return Lived(API, "h", "n1", MIDNIGHT, inf, **fields)


def extended(pods, **usage):
    made = {name: matrix(rows, STEPS) for name, rows in usage.items()}
    return with_unseen(made, pods, CONTAINERS)


def test_a_pod_that_ran_without_a_series_has_a_row_of_unknowns():
    found = extended({ONE: lived(), TWO: lived()}, cpu={(*ONE, "app"): [1.0]}, memory={})
    assert found["cpu"].keys == ((*ONE, "app"), (*TWO, "app"))
    assert found["cpu"].values[0, 0] == 1.0
    assert np.isnan(found["cpu"].values[1]).all()
    assert found["memory"].keys == ((*ONE, "app"), (*TWO, "app"))
    assert np.isnan(found["memory"].values).all()


def test_a_pod_that_did_not_run_has_none():
    assert extended({ONE: lived(ran=False)}, cpu={})["cpu"].keys == ()


def test_a_pod_without_a_gpu_is_not_expected_to_use_one():
    assert extended({ONE: lived(), TWO: lived()}, gpu={})["gpu"].keys == ()
    assert len(extended({ONE: lived(), TWO: lived()}, gpu={(*ONE, "app"): [0.5]})["gpu"].keys) == 2


def test_series_of_pods_that_nothing_else_knows_of_stay_as_they_are():
    assert extended({}, gpu={(*ONE, "app"): [0.5]})["gpu"].keys == ((*ONE, "app"),)


def test_a_pods_only_container_has_what_its_pod_used_and_the_others_cannot_be_split():
    whole = {name: matrix({ONE: [1.0], TWO: [2.0]}, STEPS) for name in ("cpu", "memory")}
    usage, unsplit = split(whole, {ONE: "app"})
    assert usage["cpu"].keys == usage["memory"].keys == ((*ONE, "app"),)
    assert usage["cpu"].values[0, 0] == 1.0
    assert unsplit.keys == (TWO,)
    assert unsplit.values[0, 0] == 2.0


def test_without_any_sole_container_nothing_is_guessed():
    usage, unsplit = split({"memory": matrix({ONE: [1.0]}, STEPS)}, {})
    assert (usage["memory"].keys, usage["memory"].values.shape, unsplit.keys) == ((), (0, STEPS), (ONE,))
