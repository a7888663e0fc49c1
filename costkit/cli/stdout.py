"""Writes a command's data to standard output, whole or with one error that says why not."""

import os
import sys

from costkit.errors import OutputError


def write_stdout(text: str) -> None:
    """OutputError where stdout cannot take it, BrokenPipeError where its reader has gone."""
    if sys.stdout is None:  # the shell's `>&-`
        raise OutputError("standard output is closed", "leave it open, or write to files with -o")
    try:
        sys.stdout.write(text.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_rest()
        raise
    except OSError as error:
        _forget_rest()
        raise OutputError(f"cannot write to standard output: {error.strerror}", "free some space there") from error


def on_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _forget_rest() -> None:
    """What is left in the buffer has nowhere to go, and Python would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
