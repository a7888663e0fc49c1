"""`costkit rules`: which rules are in force, and whether one's own can be followed."""

import json
from pathlib import Path

from tests.cli.command import USAGE, Call, complaint


def test_the_list_names_key_value_file_and_line(call: Call) -> None:
    done = call("rules", "list")

    assert done.code == 0
    assert done.out.splitlines()[0].split() == ["KEY", "VALUE", "FILE", "LINE"]
    assert any(line.split() == ["defaults.minimum-days", "3", "rightsize.yaml", "12"] for line in done.out.splitlines())


def test_the_list_is_data_too(call: Call, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "rightsize.yaml").write_text("defaults:\n  minimum-days: 5\n")
    document = json.loads(call("rules", "list", "--rules", "mine", "-o", "json").out)

    found = {rule["key"]: rule for rule in document["rules"]}
    assert found["defaults.minimum-days"] == {
        "key": "defaults.minimum-days",
        "value": "5",
        "file": "mine/rightsize.yaml",
        "line": 2,
    }


def test_the_list_refuses_rules_that_cannot_be_followed(call: Call, tmp_path: Path) -> None:
    (tmp_path / "rightsize.yaml").write_text("nonsense: 1\n")

    assert "nonsense" in complaint(call("rules", "list", "--rules", tmp_path), USAGE)
    complaint(call("rules", "list", "--rules", tmp_path / "nowhere"), USAGE)


def test_a_check_ends_in_2_where_rules_cannot_be_followed(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "rightsize.yaml"
    file.write_text("defaults:\n  minimum-dayz: 3\n")
    done = call("rules", "check", "--rules", tmp_path)

    assert "1 of 1 checks" in complaint(done, USAGE)
    assert done.out.startswith(f"FAIL  rules: {file} line 2: unknown key 'minimum-dayz' in defaults\n      fix: known")

    file.write_text("defaults:\n  minimum-days: 3\n")
    done = call("rules", "check", "--rules", tmp_path)
    assert (done.code, done.out) == (0, f"ok    rules: {file}: can be followed\n")
    assert call("rules", "check", "--rules", tmp_path, "-q").out == ""


def test_a_group_alone_lists_its_commands(call: Call) -> None:
    done = call("rules")

    assert done.code == 0
    assert "check" in done.out
    assert "list" in done.out
    assert "nope" in complaint(call("rules", "nope"), USAGE)
