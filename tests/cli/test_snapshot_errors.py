"""A snapshot that is none, is damaged or is newer: code 4, two lines, and nothing written."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.command import FAILED, USAGE, Call, complaint, costkit
from tests.cli.conftest import AT, DAYS

DAY = 86400


def truncated(demo: Path, path: Path) -> None:
    path.write_bytes(demo.read_bytes()[:-5000])


def flipped(demo: Path, path: Path) -> None:
    body = bytearray(demo.read_bytes())
    for place in range(len(body) // 2, len(body) // 2 + 400):
        body[place] ^= 0xFF
    path.write_bytes(body)


def empty(_demo: Path, path: Path) -> None:
    path.touch()


def text(_demo: Path, path: Path) -> None:
    path.write_text("apiVersion: v1\n")


def of_something_else(_demo: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")


def newer(demo: Path, path: Path) -> None:
    with zipfile.ZipFile(demo) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "snapshot.json":
                body = json.dumps({**json.loads(body), "schema_version": 99}).encode()
            new.writestr(name, body)


def folder(_demo: Path, path: Path) -> None:
    path.mkdir()


def nothing(_demo: Path, _path: Path) -> None:
    return


@pytest.mark.parametrize("damage", [truncated, flipped, empty, text, of_something_else, newer, folder, nothing])
def test_what_is_no_readable_snapshot_is_named(damage, demo_file: Path, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "my snapshot.zip"
    damage(demo_file, file)
    before = sorted(tmp_path.iterdir())

    error = complaint(call("report", "--snapshot", file), FAILED)

    assert "my snapshot.zip" in error
    assert ("newer" in error) == (damage is newer)
    assert sorted(tmp_path.iterdir()) == before


def test_the_command_itself_ends_so_too(demo_file: Path, tmp_path: Path) -> None:
    truncated(demo_file, tmp_path / "s.zip")
    newer(demo_file, tmp_path / "newer.zip")

    assert "damaged" in complaint(costkit("recommend", "--snapshot", "s.zip", folder=tmp_path), FAILED)
    assert "newer" in complaint(costkit("recommend", "--snapshot", "newer.zip", folder=tmp_path), FAILED)


def test_a_moment_before_the_snapshots_window_leaves_nothing(demo_file: Path, call: Call) -> None:
    done = call("recommend", "--snapshot", demo_file, "--at", str(AT - (DAYS + 2) * DAY))

    assert "--at" in complaint(done, USAGE)
