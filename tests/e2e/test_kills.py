"""A run that is killed at any moment: the next one ends with the history of a run that never was.

Fifteen kills here, COSTKIT_PROOF_KILLS of them in the proof; at least a tenth in each step.
"""

import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from costkit.history.store import History
from tests.e2e.killed import STEPS
from tests.e2e.stage import END, ROOT
from tests.history.test_days import files

KILLS = int(os.environ.get("COSTKIT_PROOF_KILLS", "15"))
SEED = int(os.environ.get("COSTKIT_PROOF_SEED", "20261124"))
AT = END - 10 * 86400
"""Prometheus has four whole days before it, and part of a fifth."""
_MOST = {"fetch": 100, "reduce": 8, "write": 24, "rename": 24}
"""Times that a first fill does each step, at least."""


def words(stage, history, out):
    where = ("--kubeconfig", stage.kubeconfig, "--prometheus-url", stage.prometheus.url, "--at", str(AT))
    return [str(w) for w in ("collect", "--history", history, "--window", "2d", "-o", out, *where)]


def collect(stage, history, out):
    run = subprocess.run(
        [sys.executable, "-m", "costkit", *words(stage, history, out), "-v"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 3, run.stderr  # the reader has no right to widgets, and the window reaches beyond the data
    return run.stderr


def killed(stage, history, out, step, times):
    """The exit code of a run that dies at its n-th such step: -9, or that of one that had fewer."""
    command = [sys.executable, "-m", "tests.e2e.killed", step, str(times), *words(stage, history, out)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).returncode


def kept(folder):
    """Every file's bytes, but those that a killed writer left: they are nobody's."""
    found = files(History.open(str(folder)))
    return {path: body for path, body in found.items() if not path.rpartition("/")[2].startswith(".part-")}


@pytest.fixture(scope="module")
def unharmed(stage, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unharmed")
    collect(stage, folder / "history", folder / "out.zip")
    return kept(folder / "history")


def test_after_any_kill_the_next_run_ends_as_if_it_had_not_been(stage, unharmed, tmp_path, record_property):
    dice = np.random.default_rng(SEED)
    done: Counter[str] = Counter()
    assert len([path for path in unharmed if path.endswith("day.json")]) >= 4
    for number in range(KILLS):
        step = STEPS[number % len(STEPS)]
        history, out = tmp_path / f"history-{number}", tmp_path / "out.zip"
        times = int(dice.integers(1, _MOST[step] + 1))
        assert killed(stage, history, out, step, times) == -9, (step, times)
        done[step] += 1
        assert not out.exists(), (step, times)
        collect(stage, history, out)
        assert kept(history) == unharmed, (step, times)
        out.unlink()
    record_property("kills", dict(done))
    assert all(done[step] >= KILLS / 10 for step in STEPS)


def test_what_was_read_before_a_kill_is_not_read_again(stage, unharmed, tmp_path):
    history, out = tmp_path / "history", tmp_path / "out.zip"
    assert killed(stage, history, out, "rename", 20) == -9
    before = [path for path in kept(history) if path.endswith("day.json")]
    assert len(before) >= 3
    days = collect(stage, history, out).count("max by (node) (kube_node_info")
    assert days == 1 + len([path for path in unharmed if path.endswith("day.json")]) - len(before)
    assert kept(history) == unharmed
