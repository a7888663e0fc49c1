import math

import pytest

from costkit.report.amounts import cents, dollars, percent
from costkit.report.plain_text import one_line


@pytest.mark.parametrize(
    ("value", "text"),
    [(1204.6, "$1,204.60"), (-9.4, "-$9.40"), (-0.001, "$0.00"), (None, "unknown"), (math.nan, "unknown")],
)
def test_dollars_are_written_as_people_write_them(value, text):
    assert dollars(value) == text


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_no_number_is_no_amount(value):
    assert cents(value) is None


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(39.0, 100.0, "39 %"), (0.1, 100.0, "<1 %"), (0.0, 100.0, "0 %"), (1.0, 0.0, "unknown"), (-3.0, 100.0, "-3 %")],
)
def test_a_share_that_exists_never_reads_as_nothing(part, whole, text):
    assert percent(part, whole) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ünïcode 中文", "plain ünïcode 中文"),
        ("a\nb\tc\r", "a b c "),
        ("\x1b[31m", "\\u001b[31m"),
        ("a\u202eb\u2066c\u200b", "a\\u202eb\\u2066c\\u200b"),
        ("\x9b31m\x7f", "\\u009b31m\\u007f"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_could_steer_a_terminal_is_made_visible(text, shown):
    assert one_line(text) == shown
