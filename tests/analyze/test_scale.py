"""Facts of a large cluster: the way of 10,000 containers x 14 days (benchmarks/study.py), a twentieth of it."""

import time

from benchmarks.study import made
from costkit.analyze.facts import study

CONTAINERS, DAYS = 500, 14
SECONDS = 1.2
"""Of processor. It takes 0.2; 2.6 where each row is looked at in Python."""


def test_study_takes_no_python_step_for_a_row():
    snapshot = made(CONTAINERS, DAYS)
    before = time.process_time()

    facts = study(snapshot, ("team",))

    assert time.process_time() - before < SECONDS
    assert len(facts.containers) == CONTAINERS
    assert sum(f.autoscaled == ("cpu",) for f in facts.containers) == CONTAINERS / 10
    assert {p.days for f in facts.containers for p in (f.cpu, f.memory) if p} == {DAYS}
