"""Container-weeks: what requests would have met, against a loop over each sample."""

import numpy as np
import pytest

from costkit.model.weeks import Past, Weeks

RANDOM = np.random.default_rng(5)
HELD = [RANDOM.gamma(2, 0.2, n) for n in (3, 40, 1, 17)]
"""The samples of four weeks."""
COUNTS = [RANDOM.integers(1, 9, len(values)) for values in HELD]
ROW = np.arange(4.0)


def weeks():
    return Weeks(
        series=np.arange(4),
        start=ROW,
        end=ROW + 7,
        past=Past(ROW, ROW + 10, ROW + 20, ROW + 30, ROW + 40),
        p95=ROW,
        peak=ROW,
        values=np.concatenate(HELD),
        counts=np.concatenate(COUNTS),
        offsets=np.cumsum([0, *map(len, HELD)]),
    )


def slowly(requests):
    """Samples above and the use above the request, week by week."""
    above, over = [0.0] * 4, [0.0] * 4
    for week in range(4):
        for value, count in zip(HELD[week], COUNTS[week], strict=True):
            if value > requests[week]:
                above[week] += count
                over[week] += count * (value - requests[week])
    return above, over


@pytest.mark.parametrize("requests", [[0.3, 0.4, 0.0, 9.0], [0.0] * 4, [9.0] * 4])
def test_samples_above_and_use_above_are_those_of_each_sample(requests):
    found = weeks().judge(np.array(requests))
    above, over = slowly(requests)
    assert found.above.tolist() == above
    assert found.over == pytest.approx(over)


def test_a_sample_at_the_request_is_not_above_it():
    assert weeks().judge(np.array([values.max() for values in HELD])).above.tolist() == [0.0] * 4


def test_where_nothing_was_asked_for_nothing_is_above():
    found = weeks().judge(np.full(4, np.nan))
    assert (found.above.tolist(), found.over.tolist()) == ([0.0] * 4, [0.0] * 4)


def test_samples_and_use_count_what_each_sample_stands_for():
    found = weeks()
    assert len(found) == 4
    assert found.samples.tolist() == [float(counts.sum()) for counts in COUNTS]
    assert found.use == pytest.approx(
        [sum(v * c for v, c in zip(*of, strict=True)) for of in zip(HELD, COUNTS, strict=True)]
    )


def test_a_part_of_a_past_is_the_same_part_of_each_column():
    part = weeks().past.at(slice(2, 3))
    assert [getattr(part, name).tolist() for name in ("usual", "peak", "median", "days", "age")] == [
        *([2.0], [12.0], [22.0], [32.0], [42.0])
    ]
