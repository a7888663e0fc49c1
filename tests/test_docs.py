"""The documents are held to the code: every command, flag, rules key and metric, and every link."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ruamel.yaml import YAML

from costkit.collect import queries
from costkit.settings import rightsize_file

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = (ROOT / "docs" / "reference.md").read_text()
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
COMMANDS = ("collect", "recommend", "explain", "report", "demo", "doctor", "nightly", "backtest")
GROUPS = {"history": ("list", "prune", "verify"), "prices": ("list", "check"), "rules": ("list", "check")}
LEAVES = (*COMMANDS, *(f"{group} {name}" for group, names in GROUPS.items() for name in names))
PRIVATE = re.compile(
    r"/(?:work|root|Users)/|[a-z]\.pythonhosted\.|\bpypi\.(?:org|io)|\b(?:proxy|sum)\.golang\.|registry\.npmjs\.",
)
"""Paths of one machine, hosts of registries."""


def costkit(*words: str) -> str:
    command = [sys.executable, "-m", "costkit", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, env={"COLUMNS": "200"}).stdout


def tracked() -> list[Path]:
    """What git holds of this tree, but not its tests: they write down what must not be, to look for it."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in done.stdout.split("\0") if name and not name.startswith("tests/")]


def test_the_help_lists_the_commands_that_are_documented():
    assert sorted((*COMMANDS, *GROUPS)) == sorted(listed())
    assert {group: sorted(names) for group, names in GROUPS.items()} == {
        group: sorted(listed(group)) for group in GROUPS
    }
    assert [name for name in LEAVES if f"`costkit {name}`" not in REFERENCE] == []


def listed(*group: str) -> list[str]:
    found: list[str] = re.findall(r"^│ ([a-z]+) ", costkit(*group, "--help"), flags=re.MULTILINE)
    return found


@pytest.mark.parametrize("command", LEAVES)
def test_every_flag_of_a_command_is_documented(command: str):
    flags = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*|(?<![\w-])-A", costkit(*command.split(), "--help")))

    assert "--output" in flags
    assert [flag for flag in sorted(flags) if not re.search(rf"`{flag}[ `]", REFERENCE)] == []


def test_no_flag_is_documented_that_does_not_exist():
    exist = "".join(costkit(*command.split(), "--help") for command in LEAVES) + "--config --help --version"

    assert [flag for flag in re.findall(r"--[a-z][a-z-]+", README + REFERENCE) if flag not in exist] == []


def test_every_key_of_the_rules_is_documented():
    keys = set(struct_keys(rightsize_file.File))

    assert {"minimum-days", "limit-over-peak", "below"} <= keys
    assert [key for key in sorted(keys) if f"`{key}`" not in REFERENCE] == []


def test_every_key_of_the_price_lists_is_documented():
    found: set[str] = set()
    for path in (ROOT / "rules" / "prices").glob("*.yaml"):
        content = YAML(typ="safe", pure=True).load(path.read_text())
        parts = (content, content.get("disks", {}), *content.get("families", []))
        found |= {key for part in parts for key in part}

    assert {"spot-share", "per-vcpu"} <= found
    assert [key for key in sorted(found) if f"`{key}`" not in REFERENCE] == []


def test_every_metric_that_is_asked_for_is_documented():
    text = "".join(path.read_text() for path in Path(queries.__file__).parent.glob("queries*.py"))
    names = {query.needs for query in every_query()} | set(re.findall(r"kube_[a-z_]*[a-z]\b", text))

    assert "kube_pod_status_phase" in names
    assert [name for name in sorted(names - {"kube_horizontalpodautoscaler"}) if f"`{name}`" not in REFERENCE] == []


def test_the_two_commands_of_the_readme_are_targets_of_make():
    named = set(re.findall(r"^make ([a-z]+)", README + CONTRIBUTING, flags=re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))

    assert {"demo", "test"} <= named <= targets


def test_every_link_leads_to_a_file():
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())]

    assert links
    assert [link for page, link in links if not (page.parent / link).exists()] == []


def test_every_document_can_be_reached_from_the_front():
    linked = {(ROOT / link).resolve() for link in re.findall(r"\]\(([^)#]+)\)", README + CONTRIBUTING)}

    assert [path for path in (ROOT / "docs").rglob("*") if path.is_file() and path not in linked] == []


def test_no_file_names_a_machine_or_a_registry():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if path.exists() and path.suffix != ".png"
        for match in PRIVATE.finditer(path.read_text(errors="replace"))
    ]

    assert found == []


def test_the_picture_of_the_report_is_small():
    picture = ROOT / "docs" / "report.png"

    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size < 250_000


def struct_keys(shape: Any) -> Iterator[str]:
    for field in msgspec.structs.fields(shape):
        yield field.encode_name
        for part in (field.type, *getattr(field.type, "__args__", ())):
            if isinstance(part, type) and issubclass(part, msgspec.Struct):
                yield from struct_keys(part)


def every_query() -> Iterator[queries.Query]:
    """Those of the module, single, in tuples, or in tuples by kind."""
    for value in vars(queries).values():
        groups = value.values() if isinstance(value, dict) else [value]
        for group in groups:
            yield from (q for q in (group if isinstance(group, tuple) else [group]) if isinstance(q, queries.Query))
