"""What the tests of the command line share: a small snapshot of the demo, and the command within this process."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from costkit import pipeline
from costkit.demo.source import DemoSource
from costkit.history.snapshots import write_snapshot
from costkit.model.window import Window
from costkit.progress import Silent
from tests.cli.command import Call, within

AT = 1_780_012_800 // 86400 * 86400 + 9 * 3600
"""09:00 UTC of a day."""
DAYS = 8


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's platform with eight days of its past."""
    window = Window.back_from(AT, DAYS)
    taken = pipeline.observe(DemoSource(at=window.end, days=DAYS), window, AT, Silent())
    path = tmp_path_factory.mktemp("demo") / "demo.zip"
    write_snapshot(taken, path)
    return path


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Call]:
    """The command in this process, in a folder of its own: what has been imported need not be imported again."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in [name for name in os.environ if name.startswith(("COSTKIT_", "KUBE"))]:
        monkeypatch.delenv(name)

    with within(capfd) as called:
        yield called
