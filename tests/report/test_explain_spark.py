"""One line of block characters: heights, gaps, days and a scale."""

from math import isnan, nan

import pytest

from costkit.model.window import DAY, HALF_HOURS
from costkit.report.explain_spark import days, folded, highest, ruler, sparkline
from tests.report.explanations import START


def test_eight_heights_from_nothing_to_the_highest():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 20) == "▁▂▃▄▅▆▇██"
    assert sparkline([0.0, 0.0], 20) == "▁▁"


def test_what_nobody_saw_is_a_space():
    assert sparkline([1.0, nan, nan, 1.0], 20) == "█  █"
    assert sparkline([nan, nan], 20) == "  "


@pytest.mark.parametrize(("count", "width"), [(672, 76), (690, 75), (48, 76), (5, 3)])
def test_a_line_is_as_wide_as_asked_for_or_as_there_are_half_hours(count, width):
    assert len(sparkline([1.0] * count, width)) == min(count, width)


def test_no_value_is_lost_where_many_share_a_column():
    values = [float(place % 97) for place in range(672)]
    for place in (0, 100, 671):
        spiked = [*values[:place], 1000.0, *values[place + 1 :]]
        assert folded(spiked, 76).count(1000.0) == 1
    assert len(folded(values, 76)) == 76


def test_a_gap_beside_a_value_does_not_hide_it():
    assert folded([nan, 2.0, nan, nan], 2)[0] == 2.0
    assert isnan(folded([nan, 2.0, nan, nan], 2)[1])
    assert highest([nan]) == 0.0


def test_days_are_named_where_they_begin():
    line = days(START, 3 * HALF_HOURS, 30)

    assert line == "Nov 10    11        12"
    assert [line.index(label) for label in ("Nov 10", "11", "12")] == [0, 10, 20]


def test_a_new_month_is_named():
    assert days(START + 19 * DAY, 4 * HALF_HOURS, 40) == "Nov 29    30        Dec 01    02"


def test_labels_neither_touch_nor_stand_over_the_edge():
    for width in range(20, 140):
        for count in (1, 2, 7, 14, 28, 56):
            line = days(START, count * HALF_HOURS, width)
            assert len(line) <= width
            assert all(len(label) <= 3 for label in line.split()), line
            assert line.startswith("Nov 10")


def test_a_scale_has_each_size_in_its_place_and_the_last_on_top():
    assert ruler([("◆", 1.0), ("▲", 2.0), ("▼", 8.0)], 8.0, 9) == "─◆▲─────▼"
    assert ruler([("◆", 2.0), ("▲", 2.0)], 8.0, 9) == "──▲──────"
    assert ruler([("▼", 0.0)], 0.0, 4) == "▼───"
