"""KRR's sizes, worked by hand and against numpy's own percentiles."""

from math import ceil, isnan

import numpy as np
import pytest

from costkit.model.quantities import MEBIBYTE
from costkit.model.trace import NO_USE
from costkit.model.window import DAY
from costkit.recommend.rivals import krr
from tests.recommend.rivals.uses import AT, days, repeated, steady


def test_the_95th_percentile_lies_between_two_samples_and_is_rounded_up():
    # 0.100, 0.101 … 0.200: rank 95 of 0..100 is a sample; of 0.100 … 0.199 it is 94.05 -> 0.19405
    assert krr.cpu(steady(np.arange(100, 201) / 1000), AT) == 0.195
    assert krr.cpu(steady(np.arange(100, 200) / 1000), AT) == 0.195
    assert krr.cpu(steady([0.2] * 94 + [1.0] * 6), AT) == 1.0
    assert krr.cpu(steady([0.2] * 95 + [1.0] * 5), AT) == 0.24  # a twentieth of the way from one to the other


def test_memory_is_the_peak_with_fifteen_per_cent_in_whole_mebibytes():
    assert krr.memory(steady([200.0 * MEBIBYTE] * 99 + [1000.0 * MEBIBYTE]), AT) == 1150 * MEBIBYTE
    assert krr.memory(steady([1000.0 * MEBIBYTE + 1] * 100), AT) == 1151 * MEBIBYTE


def test_floors():
    assert krr.cpu(steady([0.0001] * 100), AT) == 0.010
    assert krr.memory(steady([6.0 * MEBIBYTE] * 100), AT) == 100 * MEBIBYTE


@pytest.mark.parametrize("rule", [krr.cpu, krr.memory])
def test_under_a_hundred_points_nothing_is_said(rule):
    assert isnan(rule(steady([1.0] * 99), AT))
    assert isnan(rule(NO_USE, AT))
    assert rule(steady([1.0] * 100), AT) > 0
    assert rule(days([[(1.0, 100)]]), AT) > 0


def test_only_the_fourteen_days_before_the_moment_are_seen():
    old, seen, coming = [9.0] * 288, [1.0] * 14 * 288, [8.0] * 288
    use = steady(old + seen + coming, before=AT + DAY)
    assert krr.cpu(use, AT) == 1.0
    assert krr.memory(use, AT + DAY) == 100 * MEBIBYTE
    assert krr.cpu(use, AT + DAY) == 8.0


@pytest.mark.parametrize("seed", range(5))
def test_any_samples_give_numpys_percentile(seed):
    values = np.random.default_rng(seed).lognormal(-3, 1, 4032)
    use = steady(values)
    assert krr.cpu(use, AT) == pytest.approx(ceil(np.percentile(values, 95) * 1000) / 1000, abs=1e-9)
    assert krr.memory(steady(values * 1e10), AT) == ceil(values.max() * 1e10 * 1.15 / MEBIBYTE) * MEBIBYTE


def test_a_count_stands_for_so_many_samples():
    use = days([[(0.05, 100), (0.2, 180), (0.9, 8)], [(0.1, 270), (0.5, 18)]])
    assert krr.cpu(use, AT) == krr.cpu(repeated(use), AT)
    assert krr.cpu(use, AT) == pytest.approx(ceil(np.percentile(repeated(use).values, 95) * 1000) / 1000)
