"""The command as a person calls it: words go in; exit code, stdout and stderr come out. Nothing of our own shell's
environment reaches it, and its home folder is empty."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from costkit.cli.app import run

USAGE, PARTIAL, FAILED = 2, 3, 4


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


Call = Callable[..., Done]


def costkit(
    *words: str | Path, folder: Path | None = None, env: Mapping[str, str] | None = None, program: Path | None = None
) -> Done:
    """Run in `folder`, else in an empty one, as `python -m costkit` or as the program that is named."""
    with tempfile.TemporaryDirectory() as home:
        start = [str(program)] if program else [sys.executable, "-m", "costkit"]
        done = subprocess.run(
            [*start, *map(str, words)],
            capture_output=True,
            encoding="utf-8",
            check=False,
            cwd=folder or home,
            env=environment(Path(home)) | dict(env or {}),
        )
    return Done(done.returncode, done.stdout, done.stderr)


@contextmanager
def within(capfd: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """The command in this process: what has been imported need not be imported again."""

    def called(*words: str | Path) -> Done:
        capfd.readouterr()
        code = run([str(word) for word in words])
        captured = capfd.readouterr()
        return Done(code, captured.out, captured.err)

    yield called
    structlog.reset_defaults()  # the command's log goes to what captures this test alone


def environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}


def complaint(done: Done, code: int) -> str:
    """The error line, once it is sure that it ends in this code and stands with one help line and no traceback."""
    assert done.code == code, done.err
    lines = done.err.splitlines()
    errors, helps = ([line for line in lines if line.startswith(start)] for start in ("error: ", "help: "))
    assert (len(errors), len(helps)) == (1, 1), done.err
    assert lines[-2:] == [errors[0], helps[0]]
    assert len(helps[0]) > len("help: ")
    assert "Traceback" not in done.err
    assert "defect" not in done.err
    return errors[0]
