"""A started server: a command line goes in; its log, its pid and an orderly end come out. Leaves no process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bed import leash

# The kernel ends a leashed child when the THREAD that started it ends, so one that lives on starts them all.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bed-starter")

GRACE_SECONDS = 10.0
POLL_SECONDS = 0.05


class ProcessError(Exception):
    """A server died or did not become ready; the message ends with the last lines of its log."""


class Process:
    """One running server. Nothing of the caller's environment reaches it: no kubeconfig, no proxy, no home."""

    def __init__(
        self, name: str, command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        settings = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), **(environment or {})}
        words = [sys.executable, "-I", leash.__file__, str(os.getpid()), *map(str, command)]
        with self.log.open("wb") as log:
            # A session of its own: Ctrl-C reaches the tests alone, which then stop their servers in order.
            self._child = _STARTER.submit(
                lambda: subprocess.Popen(
                    words,
                    cwd=folder,
                    env=settings,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            ).result()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float = 60.0) -> None:
        """Polls `ready`; fails as soon as the server is dead, or when the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive:
                raise ProcessError(f"{self.name} ended with {self._child.returncode}:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise ProcessError(f"{self.name} is not ready after {seconds:.0f} s:\n{self.tail()}")
            time.sleep(POLL_SECONDS)

    def tail(self, lines: int = 20) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """SIGTERM, then SIGKILL for one that does not listen. Returns when it is gone; may be called again."""
        if self.alive:
            self._child.send_signal(signal.SIGTERM)
        try:
            self._child.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
