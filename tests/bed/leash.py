"""`python leash.py PARENT PROGRAM...`: becomes the program, which the kernel ends when its starter is gone.

It runs before each server: however a test run dies (SIGKILL as well), no server outlives it. It stands in a program of
its own because a `preexec_fn` is not safe where threads run, and pytest-xdist's workers have threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def main() -> None:
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # it died before the leash was on
        sys.exit(1)
    os.execv(program[0], program)  # noqa: S606  # the point: no shell, the same process


if __name__ == "__main__":
    main()
