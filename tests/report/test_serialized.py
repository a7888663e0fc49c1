import json

import pytest
import yaml

from costkit.report.serialized import island, json_text, yaml_text
from tests.report import plans

WORDS = (
    plans.SCRIPT,
    plans.BREAKOUT,
    plans.ESCAPE,
    plans.BIDI,
    plans.PIPES,
    "<!--<script>",
    "\u2028\u2029",
    "22:30",
    "NO",
    "1e3",
    "~",
    "- a: b",
    "\ufeff",
    "😀",
)


@pytest.mark.parametrize("word", WORDS)
def test_any_text_comes_back_from_json_and_yaml_as_it_was(word):
    document = {"labels": {word: word}}

    assert json.loads(json_text(document)) == document
    assert yaml.safe_load(yaml_text(document)) == document


@pytest.mark.parametrize("word", WORDS)
def test_no_text_ends_the_script_element_that_it_stands_in(word):
    text = island([word])

    assert not {"<", ">", "&"} & set(text)
    assert text.isascii()
    assert json.loads(text) == [word]


def test_a_number_that_is_none_is_refused_rather_than_written():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"alone": float("nan")})
