"""Verdicts on the shape of a container's use over the window: a leak, a standby, runs that are too few."""

from collections.abc import Iterator

import numpy as np

from costkit.analyze.case import Case
from costkit.analyze.counterparts import is_standby
from costkit.analyze.twins import heat
from costkit.model.facts import Verdict
from costkit.model.quantities import short_cpu

_LEAK_DAYS = 4
"""Days of a rise that is called a leak: a week's warm-up of caches is shorter in nearly all that was seen."""
_LEAK_GROWTH = 1.3
_LEAK_RISES = 0.75
_IDLE = 0.02
"""Cores at the 95th percentile: what a process takes that only keeps its connections and its probes up."""
_IDLE_SHARE = 0.1
"""Of its request: the same, of a runtime that is large even at rest."""
_RUNS = 3
"""Runs from which a CronJob's next one is like those that were seen."""


def leak(case: Case) -> Iterator[Verdict]:
    """A sawtooth: daily peaks that rise on most days, some fall back by a third, over a growth of 30 %."""
    if case.memory is None or len(case.memory.daily_peaks) < 2 * _LEAK_DAYS or not case.restarts:
        return
    peaks = np.array(case.memory.daily_peaks)
    if not peaks.min() > 0:
        return
    steps = peaks[1:] / peaks[:-1]
    resets = steps < 1 / _LEAK_GROWTH
    climbs = steps[~resets]
    if not len(climbs):
        return
    growth = float(np.prod(climbs)) ** (1 / (int(resets.sum()) + 1))
    if (climbs > 1.01).mean() >= _LEAK_RISES and growth >= _LEAK_GROWTH:
        yield Verdict("leak", f"peaks grow by {(np.median(climbs) - 1):.0%} a day and fall only with restarts")


def standby(case: Case) -> Iterator[Verdict]:
    """Named a standby, idle, and without a busy twin: one that has such a twin is sized by that one's use."""
    if case.cpu is None or case.twin is not None or not is_standby(case.target.name):
        return
    used = heat(case.cpu)
    asked = case.spec.requests.get("cpu", 0.0) if case.spec else 0.0
    if used <= max(_IDLE, _IDLE_SHARE * asked):
        words = f"named a standby, and idle (p95 {short_cpu(used)} of {short_cpu(asked)} asked)"
        yield Verdict("standby", f"{words}: its size is for the day on which it takes over")


def too_few_runs(case: Case) -> Iterator[Verdict]:
    """Of a CronJob; one without any use is told by that."""
    if case.runs is not None and case.runs < _RUNS and (case.cpu is not None or case.memory is not None):
        runs = f"{case.runs} run{'' if case.runs == 1 else 's'} in the window"
        yield Verdict("too-few-runs", f"{runs}, {_RUNS} are wanted before a size")
