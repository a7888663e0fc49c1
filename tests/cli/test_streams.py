"""stdout is data and nothing else; everything that is said is said on stderr, or not at all."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path
from shlex import quote

import pytest

from tests.cli.command import Call, costkit, environment
from tests.e2e.stage import END, Stage

SCRIPTS = Path(sys.executable).parent
HEAVY = ("pandas", "kubernetes", "pyarrow", "numpy", "plotly", "rich.progress", "structlog", "requests", "msgspec")


def test_json_is_json_whatever_is_said_beside_it(stage: Stage) -> None:
    where = ("--kubeconfig", stage.kubeconfig, "--prometheus-url", stage.prometheus.url, "--at", str(END))
    done = costkit("recommend", "-o", "json", "-v", "--debug", *where, "--window", "1d")

    assert json.loads(done.out)["kind"] == "Plan"
    assert "query" in done.err


def test_quiet_is_silent_but_for_errors(demo_file: Path, call: Call, tmp_path: Path) -> None:
    done = call("recommend", "-q", "-o", "patches/", "--snapshot", demo_file)
    assert (done.out, done.err) == ("", "")
    assert (tmp_path / "patches" / "index.json").exists()

    done = call("report", "-q", "--snapshot", demo_file)
    assert (done.out, done.err) == ("", "")

    assert call("report", "-q", "--snapshot", "nowhere").err.startswith("error: ")


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(demo_file: Path, tmp_path: Path) -> None:
    call = f"{quote(sys.executable)} -m costkit recommend -o json --snapshot {quote(str(demo_file))}"
    line = f"{call} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, env=environment(tmp_path))

    assert done.stdout.splitlines() == ["{", "0"]
    assert done.stderr == ""


def test_off_a_terminal_a_line_is_as_long_as_it_needs_and_has_no_color(demo_file: Path) -> None:
    done = costkit("recommend", "--snapshot", demo_file, "--all", env={"COLUMNS": "40", "TERM": "xterm-256color"})

    assert max(map(len, done.out.splitlines())) > 100
    assert "\x1b" not in done.out + done.err
    assert "…" not in done.out.partition("\n\n")[2].partition("\n\n")[0]


def on_terminal(tmp_path: Path, *words: str | Path, **env: str) -> str:
    """What a terminal of 110 columns is sent."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 110, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-m", "costkit", *words],
        stdout=slave,
        stderr=slave,
        env={**environment(tmp_path), "TERM": "xterm-256color", **env},
    )
    os.close(slave)
    sent = b"".join(iter(lambda: _read(master), b""))
    os.close(master)
    assert child.wait(timeout=60) == 0
    return sent.decode().replace("\r\n", "\n")


def _read(master: int) -> bytes:
    try:
        return os.read(master, 4096)
    except OSError:  # Linux' way to say that the other end is closed
        return b""


def test_on_a_terminal_lines_fit_and_no_color_is_heeded(demo_file: Path, tmp_path: Path) -> None:
    colored = on_terminal(tmp_path, "recommend", "--snapshot", demo_file)
    plain = on_terminal(tmp_path, "recommend", "--snapshot", demo_file, NO_COLOR="1")

    assert "\x1b[" in colored
    assert "\x1b" not in plain
    table = plain.partition("\n\n")[2].partition("\n\n")[0]
    assert max(map(len, table.splitlines())) <= 110


def test_a_terminal_of_few_letters_gets_the_table_all_the_same(demo_file: Path) -> None:
    done = costkit("recommend", "--snapshot", demo_file, env={"PYTHONIOENCODING": "ascii"})

    assert done.code == 0, done.err
    assert "ranking-api" in done.out


@pytest.mark.parametrize("words", [("--help",), ("--version",), ()], ids=str)
def test_help_waits_for_no_library(words, tmp_path: Path) -> None:
    code = f"from costkit.cli.app import run; run({list(words)}); import sys; sys.stderr.write('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment(tmp_path)
    )

    assert done.returncode == 0
    assert set(done.stderr.splitlines()) & set(HEAVY) == set()


@pytest.mark.parametrize("name", ["costkit", "kubectl-costkit"])
def test_the_installed_commands_say_how_they_are_called(name: str) -> None:
    done = costkit("--help", program=SCRIPTS / name)

    assert done.code == 0
    assert done.out.startswith(f"Usage: {name.replace('-', ' ')} COMMAND")
    assert costkit("--version", program=SCRIPTS / name).out == costkit("--version").out
