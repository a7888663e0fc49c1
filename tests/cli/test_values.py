"""A flag's value: the command line, then COSTKIT_*, then the YAML file, then the default."""

import json
from pathlib import Path

import pytest

from tests.cli.command import USAGE, Call, complaint, costkit


def namespaces(done) -> set[str]:
    assert done.code == 0, done.err
    return {r["target"]["namespace"] for r in json.loads(done.out)["recommendations"]}


@pytest.fixture
def words(demo_file: Path) -> tuple[str | Path, ...]:
    return ("recommend", "-o", "json", "--snapshot", demo_file)


def test_the_nearer_source_wins(call: Call, words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "my flags.yaml"
    file.write_text("namespace: web\n")

    assert len(namespaces(call(*words))) > 3
    assert namespaces(call(*words, "--config", file)) == {"web"}
    assert namespaces(call(*words, f"--config={file}")) == {"web"}
    monkeypatch.setenv("COSTKIT_NAMESPACE", "data")
    assert namespaces(call(*words, "--config", file)) == {"data"}
    assert namespaces(call(*words, "--config", file, "-n", "search")) == {"search"}


def test_the_file_of_this_folder_is_read_without_being_named(
    call: Call, words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "costkit.yaml").write_text("namespace: web\n")
    other = tmp_path / "other.yaml"
    other.write_text("namespace: data\n")

    assert namespaces(call(*words)) == {"web"}
    monkeypatch.setenv("COSTKIT_CONFIG", str(other))
    assert namespaces(call(*words)) == {"data"}


def test_keys_may_be_of_any_command_and_in_either_spelling(call: Call, words, tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("seed: 3\nwindow: 28d\nprometheus_url: http://prometheus\nmin-saving: 1000000\nselector:\n")

    done = call(*words, "--config", file)

    assert all(r["saving"]["alone"] <= 0 for r in json.loads(done.out)["recommendations"])


def test_a_key_that_is_a_commands_name_too_is_a_flag_all_the_same(
    call: Call, words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`history`, `prices` and `rules` are both."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "rightsize.yaml").write_text("defaults:\n  memory: {margin: 300%}\n")
    (tmp_path / "prices.csv").write_text("instance_type,hourly\nm6i.2xlarge,9.99\n")
    plain = call(*words).out
    for key, value in {"rules": "mine", "prices": "prices.csv"}.items():
        (tmp_path / "f.yaml").write_text(f"{key}: {value}\n")
        assert call(*words, "--config", "f.yaml").out == call(*words, f"--{key}", value).out != plain
    (tmp_path / "f.yaml").write_text("history: prices.csv\n")
    assert "prices.csv is a file" in complaint(call(*words, "--config", "f.yaml"), USAGE)
    monkeypatch.setenv("COSTKIT_HISTORY", "prices.csv")
    assert "prices.csv is a file" in complaint(call(*words), USAGE)


@pytest.mark.parametrize("text", [": :\n", "window: {days: 3}\n"])
def test_a_key_that_holds_a_mapping_is_refused(words, tmp_path: Path, text: str) -> None:
    (tmp_path / "f.yaml").write_text(text)
    assert "mapping" in complaint(costkit(*words, "--config", tmp_path / "f.yaml"), USAGE)


def test_a_moment_in_yaml_is_the_moment(call: Call, words, tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("at: 2026-05-27T12:00:00Z\n")

    told = json.loads(call(*words, "--config", file).out)

    assert told == json.loads(call(*words, "--at", "2026-05-27T12:00:00Z").out)
    assert told["takenAt"].startswith("2026-05-27T12:00:00")


def test_a_key_of_no_command_is_refused_even_where_the_command_has_its_value(words, tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("namespace: web\nnamespase: data\n")

    assert "namespase" in complaint(costkit(*words, "--config", file), USAGE)


def test_a_file_with_a_defect_does_not_keep_the_help_away(tmp_path: Path) -> None:
    (tmp_path / "costkit.yaml").write_text("nonsense: 1\n")

    assert costkit("recommend", "--help", folder=tmp_path).code == 0
