"""YAML that every parser reads alike."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from costkit.patch.yaml import comment, dump, one_line


@pytest.mark.parametrize(
    "text",
    ["1", "1e3", "0o7", "0x1f", "1_000", "y", "N", "on", "No", "null", "~", "1:30", ".inf", "2026-01-01", "=", ""],
)
def test_text_that_looks_like_something_else_is_quoted(text):
    assert dump({"name": text}) == f"name: '{text}'\n"


@pytest.mark.parametrize("text", ["250m", "768Mi", "api", "apps/v1", "argoproj.io"])
def test_plain_words_stay_bare(text):
    assert dump({"name": text}) == f"name: {text}\n"


def test_nothing_is_null_and_the_order_is_the_given_one():
    assert dump({"z": None, "a": [1, "x"]}) == "z: null\na:\n- 1\n- x\n"


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.none(), st.integers(), st.lists(st.text()))))
def test_what_is_written_is_what_is_read(data):
    assert yaml.safe_load(dump(data)) == data


@given(st.lists(st.text(), max_size=3))
def test_no_text_breaks_out_of_its_comment(lines):
    """The lines of a shell, of YAML 1.1 (NEL, LS, PS) and of Python are not the same."""
    assert yaml.safe_load(dump({"a": 1}, lines)) == {"a": 1}
    assert len(comment(lines).splitlines()) == len(lines)


def test_a_newline_a_terminal_s_escape_and_a_reversal_of_the_reading_are_taken_out():
    assert (
        one_line("a\n- op: remove\r\x85b\u2028c\x1b[2J\u202e")
        == "a - op: remove b c\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}"
    )
