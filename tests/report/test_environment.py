"""Templates print text as text, and nothing that is misspelled."""

import jinja2
import pytest

from costkit.report.environment import environment
from tests.report import plans


def test_values_are_escaped_and_control_characters_made_visible(tmp_path):
    (tmp_path / "t.html").write_text("{{ word }}")
    printed = environment(tmp_path).get_template("t.html").render(word=plans.SCRIPT + plans.ESCAPE)
    assert "<" not in printed
    assert "\x1b" not in printed
    assert "\\u001b" in printed


def test_a_name_that_is_misspelled_is_an_error(tmp_path):
    (tmp_path / "t.html").write_text("{{ made.serie }}")
    with pytest.raises(jinja2.UndefinedError, match="serie"):
        environment(tmp_path).get_template("t.html").render(made={"series": 3})
