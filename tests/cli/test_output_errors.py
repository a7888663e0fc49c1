"""An output that cannot be written: code 4, two lines, and nothing half-written. The tests may run as root, whom no
permission stops, so the places are such as nobody can write to."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from shlex import quote

import pytest

from costkit.history.snapshots import read_snapshot, write_snapshot
from costkit.report.files import write_whole
from tests.cli.command import FAILED, Call, Done, complaint, costkit, environment
from tests.cli.kubeconfigs import kubeconfig

FULL = Path("/dev/full")
"""A device that takes nothing."""


@pytest.mark.parametrize(
    "words",
    [
        ("report", "-o", "file/report.html"),
        ("report", "-o", "/proc/report.html"),
        ("recommend", "-o", "file/"),
        ("recommend", "-o", "file/patches/"),
        ("recommend", "-o", "/proc/patches/"),
    ],
    ids=" ".join,
)
def test_a_place_that_takes_no_file_is_named(words, demo_file: Path, call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()

    done = call(*words, "--snapshot", demo_file)

    assert words[-1].rstrip("/") in complaint(done, FAILED)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "mine"


def test_the_command_itself_ends_so_too(demo_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for words in (("report", "-o", "file/r.html"), ("recommend", "-o", "file/")):
        assert "file" in complaint(costkit(*words, "--snapshot", demo_file, folder=tmp_path), FAILED)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(not FULL.exists() and "CI" not in os.environ, reason="no /dev/full on this system")
def test_a_full_disk_behind_stdout_is_an_error(demo_file: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [sys.executable, "-m", "costkit", "recommend", "--snapshot", demo_file]
    with FULL.open("w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment(tmp_path)
        )

    assert done.returncode == FAILED
    assert done.stderr.splitlines()[0].startswith("error: cannot write to standard output: No space left")
    assert len(done.stderr.splitlines()) == 2


def test_a_closed_stdout_is_an_error(demo_file: Path, tmp_path: Path) -> None:
    line = f"exec {quote(sys.executable)} -m costkit recommend --snapshot {quote(str(demo_file))} >&-"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, env=environment(tmp_path))

    assert (done.returncode, done.stderr.splitlines()[0]) == (FAILED, "error: standard output is closed")


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_says_so_in_two_lines_and_leaves_nothing(kind: signal.Signals, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        file = kubeconfig(tmp_path, f"http://127.0.0.1:{server.getsockname()[1]}")
        child = subprocess.Popen(
            [sys.executable, "-m", "costkit", "collect", "--kubeconfig", file],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=environment(tmp_path),
        )
        server.settimeout(60)
        with server.accept()[0]:
            child.send_signal(kind)
            out, err = child.communicate(timeout=60)

    assert "interrupted" in complaint(Done(child.returncode, out, err), FAILED)
    assert out == ""
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("writer", [write_whole, write_snapshot])
def test_a_stop_while_a_file_is_written_leaves_the_old_one(
    writer, demo_file: Path, tmp_path: Path, monkeypatch
) -> None:
    path = tmp_path / "there"
    path.write_text("old")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        writer(path, "new") if writer is write_whole else writer(read_snapshot(demo_file), path)

    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("there", "old")]
