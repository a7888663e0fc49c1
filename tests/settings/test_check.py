"""Files of one's own, checked by the code that a run reads them with: what is wrong, and on which line."""

from pathlib import Path

import pytest

from costkit.errors import UsageError
from costkit.settings.check import list_checks, own_price_checks, rules_checks
from costkit.settings.in_force import Rule, rules_in_force
from costkit.settings.places import places
from costkit.settings.shipped import rules_dir

LIST = "provider: aws\nregion: eu-1\ndate: 2026-01-01\nsource: mine\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prices").mkdir()
    return tmp_path


def only(checks):
    (check,) = checks
    return check


def test_the_shipped_files_can_be_followed() -> None:
    checks = list(rules_checks(rules_dir()))

    assert len(checks) == 6
    assert {check.level for check in checks} == {"ok"}


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("defaults:\n  minimum-dayz: 3\n", 2, "unknown key 'minimum-dayz'"),
        ("defaults:\n  minimum-days: [3]\n", 2, "Expected `int | float | str`"),
        ("defaults:\n  cpu:\n    margin: 900%\n", 3, "margin is '900%'"),
        ("defaults:\n  cpu:\n    limit: foo\n", 3, "Invalid enum value 'foo'"),
        ("classes:\n  - name: a\n    minimum-days: x\n", 3, "classes.a.minimum-days is 'x'"),
        ("classes:\n  - name: b\n    match: {kinds: [Job]}\n  - name: a\n    cpu: {percent: 1}\n", 5, "'percent'"),
        ("skip-namespaces: 3\n", 1, "Expected `array`"),
        ("grids:\n  cpu:\n    - {below: 200m, step: 10m}\n    - {step: xx}\n", 4, "grids.cpu.step is 'xx'"),
        ("grids:\n  memory:\n    - {stepp: 10m}\n", 3, "unknown key 'stepp'"),
        ("defaults: {cpu: {floor: 10m}\n", 2, "expected ',' or '}'"),
        ("defaults: {}\ndefaults: {}\n", 2, "duplicate key"),
    ],
)
def test_what_is_wrong_with_the_rules_has_its_line(text: str, line: int, found: str, folder: Path) -> None:
    (folder / "rightsize.yaml").write_text(text)
    check = only(rules_checks(folder))

    assert check.level == "FAIL"
    assert f"line {line}" in f"{check.name} {check.found}"
    assert found in check.found
    assert check.fix


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        (f"{LIST}types:\n  a.large: -3\n", 6, "types.a.large is -3.0"),
        (f"{LIST}types:\n  a.large: x\n", 5, "Expected `float`"),
        (f"{LIST}families:\n  - gib-per-vcpu: 4\n    per-vcpu: {{m5: -1}}\n", 7, "per-vcpu.m5 is -1.0"),
        (f"{LIST}spot-share: 400%\n", 5, "spot-share is '400%'"),
        (f"{LIST}tipes: {{}}\n", 5, "unknown key 'tipes'"),
    ],
)
def test_what_is_wrong_with_a_price_list_has_its_line(text: str, line: int, found: str, folder: Path) -> None:
    (folder / "prices" / "mine.yaml").write_text(text)
    check = only(list_checks(folder))

    assert check.name == f"{folder / 'prices' / 'mine.yaml'} line {line}"
    assert found in check.found


def test_one_bad_file_does_not_hide_another(folder: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (folder / "prices" / name).write_text("provider: 3\n")
    (folder / "prices" / "unit.yaml").write_text("cpu: -1\n")
    (folder / "rightsize.yaml").write_text("nonsense: 1\n")

    assert [check.level for check in rules_checks(folder)] == ["FAIL"] * 4


def test_a_file_that_nothing_reads_is_told(folder: Path) -> None:
    for name in ("rightsizing.yaml", "prices/aws.yml"):
        (folder / name).write_text("defaults: {}\n")

    assert {check.name: check.level for check in rules_checks(folder)} == {
        str(folder / "rightsizing.yaml"): "warn",
        str(folder / "prices" / "aws.yml"): "warn",
    }


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        list(rules_checks(tmp_path / "nowhere"))


def test_every_line_of_the_users_prices_has_its_check(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "instance_type,capacity_type,hourly\nm5.large,spot,0.1\nm5.large,,abc\nm5.large,cheap,1\nm5.large,spot,2\nx\n"
    )
    found = [(check.name.partition("line ")[2], check.level, check.found) for check, _ in own_price_checks(own)]

    assert found == [
        ("2", "ok", "$0.1 an hour for m5.large (spot)"),
        ("3", "FAIL", "hourly is 'abc'"),
        ("4", "FAIL", "capacity_type is 'cheap'"),
        ("5", "FAIL", "a second price for m5.large"),
        ("6", "FAIL", "not as many cells as columns"),
    ]


def test_a_file_of_prices_that_is_none_is_one_line(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("type,price\nm5.large,1\n")

    ((check, price),) = own_price_checks(own)
    assert (check.level, price) == ("FAIL", None)
    assert check.found == "line 1: the columns are type, price"
    assert only(own_price_checks(tmp_path / "nowhere.csv"))[0].level == "FAIL"


def rules(folder: Path | None) -> dict[str, Rule]:
    return {rule.key: rule for rule in rules_in_force(folder)}


def test_rules_in_force_say_where_they_stand() -> None:
    found = rules(None)

    lines = (rules_dir() / "rightsize.yaml").read_text().splitlines()
    assert all(found[key].value in lines[found[key].line - 1] for key in found)
    assert found["classes.critical.minimum-days"].value == "7"
    assert {rule.source for rule in found.values()} == {"rightsize.yaml"}
    assert not any("[" in key for key in found)


def test_ones_own_rules_are_laid_over_the_shipped_key_by_key_and_classes_whole(tmp_path: Path) -> None:
    own = tmp_path / "rightsize.yaml"
    own.write_text("defaults:\n  cpu:\n    margin: 20%\nclasses:\n  - name: all\n    most-off: 30%\n")
    found = rules(tmp_path)

    assert found["defaults.cpu.margin"] == Rule("defaults.cpu.margin", "20%", str(own), 3)
    assert found["defaults.cpu.percentile"].source == "rightsize.yaml"
    assert [key for key in found if key.startswith("classes.")] == ["classes.all.name", "classes.all.most-off"]


def test_entries_without_a_name_stand_under_their_number(tmp_path: Path) -> None:
    file = tmp_path / "rightsize.yaml"
    file.write_text("grids:\n  cpu: [{below: 1, step: 10m}, {step: 100m}]\n")

    assert [key for key, place in places(file).items() if place.kind == "value"] == [
        "grids.cpu[0].below",
        "grids.cpu[0].step",
        "grids.cpu[1].step",
    ]
    assert rules(tmp_path)["grids.cpu[1].step"].value == "100m"
