"""The VPA's target, worked by hand and against a recommender that is fed sample by sample, as the real one is."""

from math import exp2, floor, isnan, log

import numpy as np
import pytest

from costkit.model.quantities import MEBIBYTE
from costkit.model.trace import NO_USE, Use
from costkit.model.window import DAY
from costkit.recommend.rivals import vpa
from tests.recommend.rivals.uses import AT, days, repeated, steady


class Fed:
    """A decaying histogram with growing buckets, written from the description of the recommender's."""

    def __init__(self, first, reference):
        self.first, self.reference = first, reference
        self.weights = {}

    def bucket(self, value):
        return 0 if value < self.first else floor(log(1 + value * 0.05 / self.first) / log(1.05))

    def add(self, value, weight, at):
        bucket = self.bucket(value)
        self.weights[bucket] = self.weights.get(bucket, 0.0) + weight * exp2((at - self.reference) / DAY)

    def end_of_90th(self):
        held = sorted(bucket for bucket, weight in self.weights.items() if weight >= 0.0001)
        threshold = 0.9 * sum(self.weights.values())
        passed = [b for b in held if sum(self.weights[low] for low in held if low <= b) >= threshold]
        return self.first * (1.05 ** ((passed or held[-1:])[0] + 1) - 1) / 0.05


def fed_cpu(use):
    histogram = Fed(0.01, use.at[0])
    for at, value in zip(use.at, use.values, strict=True):
        histogram.add(value, 0.1, at)
    base = floor(histogram.end_of_90th() * 1000)
    return max(base + floor(base * 0.15), 25) / 1000


def fed_memory(use):
    histogram, end, peak = Fed(1e7, use.at[0]), use.at[0], 0.0
    for at, value in zip(use.at, use.values, strict=True):
        if at >= end:
            end += (at - end) // DAY * DAY + DAY
            histogram.add(value, 1.0, end)
            peak = value
        elif value > peak:
            histogram.add(peak, -1.0, end)
            histogram.add(value, 1.0, end)
            peak = value
    base = floor(histogram.end_of_90th())
    return max(base + floor(base * 0.15), 250 * MEBIBYTE)


def test_a_steady_use_gets_the_end_of_its_bucket_and_fifteen_per_cent():
    # buckets of CPU start at 10m x 20 x (1.05^n - 1): 95.6m (8), 110.3m (9) for 100m -> 110m + 16m
    assert vpa.cpu(steady([0.1] * 1000), AT) == 0.126
    # of memory at 10 MB x 20 x (1.05^n - 1): the 37th starts at 1.016 GB: 1e9 lies before it
    end = int(1e7 * (1.05**37 - 1) / 0.05)
    assert end == 1_016_281_388
    assert vpa.memory(steady([1e9] * 1000), AT) == end + end * 15 // 100


def test_floors():
    assert vpa.cpu(steady([0.001] * 10), AT) == 0.025
    assert vpa.memory(steady([1e6] * 10), AT) == 250 * MEBIBYTE


@pytest.mark.parametrize("rule", [vpa.cpu, vpa.memory])
def test_without_a_sample_in_eight_days_nothing_is_said(rule):
    assert isnan(rule(NO_USE, AT))
    assert isnan(rule(steady([1.0] * 10, before=AT - 8 * DAY), AT))
    assert isnan(rule(steady([1.0] * 10, before=AT + DAY, step=60), AT))
    assert rule(steady([1.0]), AT) > 0


def test_a_day_old_sample_has_half_the_weight():
    # 0.5 cores until a day ago, 0.1 since: of all weight 2^-1 x (1 - 2^-7) of 1 - 2^-8 is on 0.5: half, not 7 of 8
    use = steady([0.5] * 288 * 7 + [0.1] * 288)
    assert vpa.cpu(use, AT) == vpa.cpu(steady([0.5] * 10), AT)
    # 4 days ago: a sixteenth, under the tenth that the percentile leaves out
    use = steady([0.5] * 288 * 4 + [0.1] * 288 * 4)
    assert vpa.cpu(use, AT) == vpa.cpu(steady([0.1] * 10), AT)


def test_a_day_gives_memory_one_peak_however_short_it_was():
    use = steady(([1e9] * 287 + [3e9]) * 8)
    assert vpa.memory(use, AT) == vpa.memory(steady([3e9] * 10), AT)


def test_use_above_the_largest_bucket_gets_its_start():
    # the last of the buckets up to 1000 cores is the 175th; it has no end
    start = floor(0.01 * (1.05**175 - 1) / 0.05 * 1000)
    assert vpa.cpu(steady([5000.0] * 10), AT) == (start + start * 15 // 100) / 1000


def test_a_sample_between_two_millicores_is_read_as_the_higher_one():
    # the 2nd bucket starts at 20.5m: 20.2m are read as 21m
    assert vpa.cpu(steady([0.0202] * 10), AT) == vpa.cpu(steady([0.021] * 10), AT) > vpa.cpu(steady([0.02] * 10), AT)
    assert vpa.cpu(steady(np.array([0.02] * 10, np.float32)), AT) == vpa.cpu(steady([0.02] * 10), AT)


@pytest.mark.parametrize("seed", range(5))
def test_any_samples_give_what_a_recommender_says_that_is_fed_one_by_one(seed):
    rng = np.random.default_rng(seed)
    millicores = np.ceil(rng.lognormal(-2, 1, 8 * 288) * 1000)
    use = steady(millicores / 1000)
    assert vpa.cpu(use, AT) == pytest.approx(fed_cpu(use), abs=1e-9)
    gaps = rng.random(8 * 288) < 0.4
    peaks = steady(np.floor(rng.lognormal(21, 0.5, 8 * 288)))
    part = Use(peaks.at[gaps], peaks.values[gaps], peaks.counts[gaps])
    assert vpa.memory(part, AT) == fed_memory(part)


def test_a_count_stands_for_so_many_samples():
    use = days([[(0.05, 100), (0.2, 188)], [(0.1, 200), (0.5, 88)]])
    assert vpa.cpu(use, AT) == vpa.cpu(repeated(use), AT) == vpa.cpu(steady([0.5]), AT)
    assert vpa.memory(use, AT) == vpa.memory(repeated(use), AT)
