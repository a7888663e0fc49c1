from hypothesis import given
from hypothesis import strategies as st

from costkit.price.cents import apportion, round_together


def test_thirds_of_a_dollar_still_make_a_dollar():
    assert apportion([1 / 3, 1 / 3, 1 / 3], 100) == [34, 33, 33]


def test_nothing_is_nothing():
    assert apportion([], 0) == []
    assert round_together([0.0, 0.0]) == [0.0, 0.0]


@given(st.lists(st.floats(0, 1e6), max_size=40))
def test_no_amount_moves_by_more_than_a_cent_and_the_sum_by_half_of_one(amounts):
    rounded = round_together(amounts)

    assert all(abs(r - a) <= 0.01 + 1e-6 for r, a in zip(rounded, amounts, strict=True))
    assert abs(sum(rounded) - sum(amounts)) <= 0.005 + 1e-6
