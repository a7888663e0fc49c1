"""The rules that a class follows: each key once, from where it is really in force."""

from pathlib import Path

import pytest

from costkit.settings.followed import followed
from costkit.settings.in_force import rules_in_force
from costkit.settings.shipped import rules_dir


def lines(class_name, rules=None):
    return {rule.key: rule for rule in followed(tuple(rules_in_force(rules)), class_name)}


def test_what_a_class_says_takes_the_place_of_the_defaults():
    critical, standard = lines("critical"), lines("standard")

    assert "classes.critical.minimum-days" in critical
    assert "defaults.minimum-days" not in critical
    assert "defaults.minimum-days" in standard
    assert "defaults.minimum-change" in critical
    assert not [key for key in critical if key.startswith(("classes.batch", "classes.standard"))]


def test_what_holds_for_all_is_among_them():
    assert lines("standard")["skip-namespaces"].value.startswith("[kube-system")


@pytest.mark.parametrize("class_name", ["critical", "batch", "standard"])
def test_each_line_says_what_stands_there(class_name):
    written = (rules_dir() / "rightsize.yaml").read_text().splitlines()
    for rule in lines(class_name).values():
        assert rule.file == "rightsize.yaml"
        assert rule.key.rpartition(".")[2] in written[rule.line - 1] or rule.value in written[rule.line - 1]


def test_ones_own_file_is_named_where_it_decides(tmp_path: Path):
    own = tmp_path / "rightsize.yaml"
    own.write_text("defaults:\n  minimum-days: 5\ngrids:\n  cpu: [{step: 50m}]\n")
    found = lines("standard", tmp_path)

    assert (found["defaults.minimum-days"].file, found["defaults.minimum-days"].line) == (str(own), 2)
    assert found["defaults.minimum-days"].value == "5"
    assert found["defaults.minimum-change"].file == "rightsize.yaml"
    assert found["grids.cpu[0].step"].line == 4
