"""`python -m costkit`, and the commands `costkit` and `kubectl-costkit`."""

import contextlib
import os
import signal
import sys


def main() -> None:
    # A stop by a CronJob's deadline cleans up as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from costkit.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 4  # before there was anything to stop
    _end(code)


def _end(code: int) -> None:
    """Without waiting for queries that are still on their way: nobody wants their answers."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # its reader has gone
            if stream is not None:  # the shell's `>&-`
                stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
