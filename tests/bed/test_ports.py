"""Ports that nobody else is given."""

import subprocess
import sys
from pathlib import Path

from tests.bed.ports import BLOCK, free_port, is_free

ROOT = Path(__file__).parents[2]
TAKE = f"from tests.bed.ports import free_port; print(*(free_port() for _ in range({BLOCK * 2})), flush=True); input()"


def test_ports_are_distinct_and_free_beyond_one_block() -> None:
    ports = [free_port() for _ in range(BLOCK * 2)]
    assert len(set(ports)) == len(ports)
    assert all(map(is_free, ports))


def test_runs_side_by_side_get_different_ports() -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", TAKE], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    given = [run.stdout.readline().split() for run in runs if run.stdout]
    for run in runs:
        run.communicate("\n")
    ports = [port for line in given for port in line]
    assert len(ports) == 3 * BLOCK * 2
    assert len(set(ports)) == len(ports)
