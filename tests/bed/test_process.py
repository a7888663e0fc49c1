"""A server's life: ready, not ready, stopped, or left behind by a test run that was killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bed.process import Process, ProcessError

ROOT = Path(__file__).parents[2]
SLEEP = ["/bin/sleep", "600"]
DEAF = ["/bin/sh", "-c", "trap '' TERM; echo listening; while :; do sleep 1; done"]

# A stand-in for a test run: it starts a server, says its pid, and waits to be killed.
STARTER = """
import sys, time
from pathlib import Path
from tests.bed.process import Process
print(Process("sleeper", ["/bin/sleep", "600"], Path(sys.argv[1])).pid, flush=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    """Not even as a zombie that its parent has yet to collect."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def test_stop_ends_the_process_and_may_be_called_again(tmp_path: Path) -> None:
    process = Process("sleeper", SLEEP, tmp_path)
    assert process.alive
    process.stop()
    process.stop()
    assert not alive(process.pid)


def test_a_process_that_does_not_listen_is_killed_after_the_grace(tmp_path: Path) -> None:
    process = Process("deaf", DEAF, tmp_path)
    process.wait_until(lambda: "listening" in process.tail())
    process.stop(grace_seconds=0.2)
    assert not alive(process.pid)


def test_a_process_that_dies_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    process = Process("broken", ["/bin/sh", "-c", "echo no such flag; exit 3"], tmp_path)
    with pytest.raises(ProcessError, match=r"broken ended with 3:\nno such flag"):
        process.wait_until(lambda: False)


def test_waiting_ends_at_the_deadline(tmp_path: Path) -> None:
    process = Process("sleeper", SLEEP, tmp_path)
    with pytest.raises(ProcessError, match="not ready after 0 s"):
        process.wait_until(lambda: False, seconds=0.1)
    process.stop()


def test_the_callers_environment_stays_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/home/somebody/.kube/config")
    process = Process("env", ["/usr/bin/env"], tmp_path, {"ASKED_FOR": "yes"})
    while process.alive:
        time.sleep(0.01)
    assert "KUBECONFIG" not in process.tail()
    assert "ASKED_FOR=yes" in process.tail()


def test_nothing_outlives_a_test_run_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        server = int(run.stdout.readline())
        assert alive(server)
        os.kill(run.pid, signal.SIGKILL)
    assert wait_until_gone(server)
