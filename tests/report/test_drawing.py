"""Columns by hand: aligned in terminal cells, quick, and colored only where that is asked for."""

import time

import pytest

from costkit.report.drawing import Drawn, cut, draw, drawn_width

MONEY = Drawn("FREES", ["$1", "$12.50"], "right")
NAMES = Drawn("NAME", ["api", "web"])


def test_columns_are_as_wide_as_their_widest_cell():
    assert draw([MONEY, NAMES], color=False) == " FREES  NAME\n    $1  api\n$12.50  web\n"
    assert drawn_width([MONEY, NAMES]) == len("$12.50  NAME")


def test_lines_end_with_their_last_letter():
    assert draw([NAMES, Drawn("WHY", ["", "x"])], color=False) == "NAME  WHY\napi\nweb   x\n"


def test_wide_and_combining_characters_count_as_the_terminal_shows_them():
    lines = draw([Drawn("TEAM", ["決済", "cafe\u0301", "shop"]), Drawn("N", ["1", "2", "3"])], color=False)

    assert lines == "TEAM  N\n決済  1\ncafe\u0301  2\nshop  3\n"


def test_control_characters_take_the_cells_of_what_is_shown_for_them():
    assert draw([Drawn("X", ["\x1b[31m", "a\nb"]), Drawn("N", ["1", "2"])], color=False) == (
        "X           N\n\\u001b[31m  1\na b         2\n"
    )


def test_color_is_on_words_and_never_on_padding():
    assert draw([Drawn("RISK", ["low", "high"], "right"), NAMES], color=True) == (
        "\x1b[1mRISK\x1b[0m  \x1b[1mNAME\x1b[0m\n \x1b[32mlow\x1b[0m  api\n\x1b[31mhigh\x1b[0m  web\n"
    )


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("api", 3, "api"), ("gateway", 4, "gat…"), ("決済決済", 4, "決 …"), ("決済決済", 5, "決済…"), ("a\nb", 3, "a b")],
)
def test_a_cut_text_fits_the_cells_it_has(text, width, shown):
    assert cut(text, width) == shown


def test_ten_thousand_rows_of_a_dozen_columns_take_about_a_second():
    columns = [Drawn(f"C{i}", [f"some-name-{row}" for row in range(10_000)]) for i in range(12)]

    start = time.process_time()
    text = draw(columns, color=True)

    assert time.process_time() - start < 5
    assert text.count("\n") == 10_001
