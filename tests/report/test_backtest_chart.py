"""Where the pictures of a back-test put a rule: the axes, the diagonal, and labels that can be read."""

from itertools import pairwise

import pytest

from costkit.report import backtest_chart as chart
from costkit.report.backtest_chart import HEIGHT, WIDTH, beyond, price, promised
from tests.report import backtests

CPU = [backtests.record("cpu", score) for score in backtests.SCORES]
MEMORY = [backtests.record("memory", score) for score in backtests.MEMORY]


def by_label(picture):
    return {dot.label: dot for dot in picture.dots}


def value(ticks, at, unit=" %"):
    """What an axis reads at a pixel."""
    (low, *_, high) = [tick for tick in ticks if tick.text.endswith(unit) and tick.text != "no promise"]
    first, last = (float(tick.text.removesuffix(unit)) for tick in (low, high))
    return first + (at - low.at) / (high.at - low.at) * (last - first)


def test_a_dot_stands_where_its_promise_and_what_came_of_it_are():
    picture = promised(CPU)
    for label, target, came in (("5 %", 5, 4.7), ("10 %", 10, 10.6), ("20 %", 20, 22.1)):
        dot = by_label(picture)[label]
        assert value(picture.x_ticks, dot.x) == pytest.approx(target, abs=0.1)
        assert value(picture.y_ticks, dot.y) == pytest.approx(came, abs=0.1)


def test_the_diagonal_is_where_promises_come_true():
    picture = promised(CPU)
    (line,) = picture.lines
    for point in line.points.split():
        x, y = map(float, point.split(","))
        assert value(picture.x_ticks, x) == pytest.approx(value(picture.y_ticks, y), abs=0.1)


def test_rules_without_a_promise_stand_in_a_column_of_their_own():
    picture = promised(CPU)
    free = [dot for dot in picture.dots if dot.role != "costkit"]
    assert len({dot.x for dot in free}) == 1
    assert free[0].x > picture.right
    assert picture.x_ticks[-1].text == "no promise"
    assert value(picture.y_ticks, by_label(picture)["KRR"].y) == pytest.approx(28.4, abs=0.1)


def test_labels_of_the_column_do_not_lie_on_each_other_nor_outside():
    crowd = [backtests.record("cpu", ("percentile", None, 0.9 + i / 100, 0.001 * i, 0, 0, 2.0, 1.0)) for i in range(5)]
    high = [backtests.record("cpu", ("percentile", None, i / 100, 0.3 - 0.001 * i, 0, 0, 2.0, 1.0)) for i in range(5)]
    picture = promised([*CPU, *crowd, *high])
    heights = sorted(dot.label_y for dot in picture.dots if dot.role != "costkit")
    assert all(lower - upper >= 12.8 for upper, lower in pairwise(heights))
    assert 0 < heights[0] <= heights[-1] <= HEIGHT
    assert all(dot.is_led == (dot.label_y != dot.y) for dot in picture.dots if dot.role != "costkit")


def test_the_price_is_reserve_over_realized_risk():
    picture = price(CPU)
    dot = by_label(picture)["10 %"]
    assert value(picture.x_ticks, dot.x) == pytest.approx(10.6, abs=0.1)
    assert value(picture.y_ticks, dot.y, "") == pytest.approx(2.45, abs=0.01)
    assert by_label(picture)["p98"].y < dot.y  # the same risk for more


def test_percentiles_are_joined_and_so_are_our_targets():
    ours = price(CPU).lines[1]
    assert (ours.role, len(ours.points.split())) == ("costkit", 3)
    places = [float(point.split(",")[0]) for point in ours.points.split()]
    assert places == sorted(places)
    assert [line.role for line in price(MEMORY).lines] == ["costkit"]


def test_percentiles_beyond_every_other_rule_are_named_instead_of_drawn():
    assert beyond(CPU) == "p90 41.0 %"
    assert beyond(MEMORY) == ""
    assert "p90" not in by_label(promised(CPU)) | by_label(price(CPU))
    only = [record for record in CPU if record.rule == "percentile"]
    assert beyond(only) == ""
    assert "p90" in by_label(price(only))


@pytest.mark.parametrize("picture", [promised, price])
@pytest.mark.parametrize("violated", [0.0, 1e-9, 1.0])
def test_any_figures_stay_within_the_picture(picture, violated):
    one = backtests.record("cpu", ("costkit", 0.1, None, violated, 0.0, 0.0, 1.0, 1.0))
    made = picture([one])
    assert len(made.dots) == 1
    for dot in made.dots:
        assert 0 < dot.x < WIDTH
        assert 0 < dot.y < HEIGHT
    assert all(0 <= tick.at <= HEIGHT for tick in made.y_ticks)


@pytest.mark.parametrize("picture", [promised, price])
def test_rules_without_a_week_are_not_drawn(picture):
    assert picture(backtests.empty().rules).dots == ()


def test_axes_have_few_round_numbers():
    for picture in (promised(CPU), price(CPU), promised(MEMORY), price(MEMORY)):
        for ticks in (picture.x_ticks, picture.y_ticks):
            assert 3 <= len(ticks) <= 9
            assert all(len(tick.text) <= len("no promise") for tick in ticks)


def test_words_say_what_the_picture_shows():
    assert "KRR: realized 28.4 %, reserve 2.35 of use" in price(CPU).words
    assert "costkit, promised 10 %: realized 10.6 %, reserve 2.45 of use" in promised(CPU).words
    assert chart.LEFT > 0
