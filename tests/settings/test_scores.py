"""The shipped score table: what is in it, and one line where an installation's file is damaged."""

import json

import numpy as np
import pytest

from costkit.errors import UsageError
from costkit.settings import scores, shipped
from costkit.settings.policies import load_policies
from costkit.settings.scores import load_scores

BY_NAME = {one.name: one for one in load_scores().sets}


def test_the_sets_are_those_that_are_told_with_where_they_come_from():
    assert sorted(BY_NAME) == ["azure", "bitbrains", "borg", "kruize"]
    assert all(len(one.source) > 10 for one in BY_NAME.values())


@pytest.mark.parametrize(
    ("name", "bands", "memory"), [("azure", 3, False), ("bitbrains", 3, True), ("borg", 0, True), ("kruize", 0, True)]
)
def test_a_set_has_a_list_for_each_band_of_cpu_or_of_memory_and_both_ascend(name, bands, memory):
    one = BY_NAME[name]
    assert (len(one.cpu), bool(len(one.memory))) == (bands, memory)
    for held in [*one.cpu, *([one.memory] if memory else [])]:
        assert len(held) == 100
        assert (np.diff(held[np.isfinite(held)]) >= 0).all()
        assert np.isneginf(held[~np.isfinite(held)]).all()
        assert (np.isfinite(held) == np.sort(np.isfinite(held))).all()


def test_factors_from_the_table_alone_are_sane():
    """A rarer break asks for more; nobody's week needs a hundredfold."""
    for one in BY_NAME.values():
        for held in (*one.cpu, one.memory):
            assert len(held) == 0 or np.abs(held[np.isfinite(held)]).max() < np.log(100)


def test_the_policies_carry_the_table():
    assert load_policies(None).scores is load_scores()


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A folder of rules to write a table into; what was read before is forgotten, and again after."""
    monkeypatch.setattr(scores, "rules_dir", lambda: tmp_path)
    load_scores.cache_clear()
    yield tmp_path / scores.FILE
    load_scores.cache_clear()


def test_an_idle_week_is_written_as_null_and_read_as_minus_infinity(installed):
    installed.write_text(json.dumps({"note": "n", "sets": [{"name": "a", "source": "s", "memory": [None, 0.5]}]}))
    (one,) = load_scores().sets
    assert (one.name, one.source, one.cpu, one.memory.tolist()) == ("a", "s", (), [-np.inf, 0.5])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"note": "n"}',
        '{"note": "n", "sets": [{"name": "a"}]}',
        '{"note": "n", "sets": [{"name": "a", "source": "s", "memory": ["much"]}]}',
        '{"note": "n", "sets": [{"name": "a", "source": "s", "gpu": []}]}',
        '{"note": "n", "sets": [], "more": 1}',
        "{",
    ],
)
def test_a_damaged_table_is_one_line_that_names_the_file(installed, text):
    installed.write_text(text)
    with pytest.raises(UsageError) as error:
        load_scores()
    assert error.value.message.startswith(f"{installed}: ")
    assert "\n" not in error.value.message + error.value.hint
    assert error.value.hint == "install costkit again"


def test_a_table_that_is_not_there_is_one_line_too(installed):
    assert not installed.exists()
    with pytest.raises(UsageError, match=r"scores\.json") as error:
        load_scores()
    assert "\n" not in error.value.message


def test_the_file_lies_beside_the_other_rules():
    assert (shipped.rules_dir() / scores.FILE).is_file()
