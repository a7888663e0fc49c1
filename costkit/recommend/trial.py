"""Rules that are tried on past weeks: what each would have said before each of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from costkit.model.backtest import Rule, Week
from costkit.model.policy import Grid, Policies, ResourceRule
from costkit.model.scores import ScoreTable
from costkit.model.trace import Trace, Use
from costkit.model.weeks import LONGEST_PAST, USUAL, Weeks
from costkit.model.window import DAY
from costkit.recommend.rightsize.calibrate import Calibration
from costkit.recommend.rightsize.promise import capped, on_grid, sizes
from costkit.recommend.rivals import krr, vpa

Floats = NDArray[np.float64]

PERCENTILES = (0.90, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.998, 0.999)
_RIVALS: dict[str, tuple[tuple[Rule, Callable[[Use, float], float]], ...]] = {
    "cpu": (("krr", krr.cpu), ("vpa", vpa.cpu)),
    "memory": (("krr", krr.memory), ("vpa", vpa.memory)),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried."""

    policies: Policies
    targets: tuple[float, ...] = (0.05, 0.10, 0.20)
    """Shares of container-weeks, of CPU."""
    memory_targets: tuple[float, ...] = (0.01, 0.02, 0.05)
    max_history: float | None = None
    """Days before each week that a rule may look at; None: all."""
    table: ScoreTable = field(default_factory=ScoreTable)
    own_weeks: bool = True
    """Whether the weeks of the traces calibrate the rule."""

    @property
    def reach(self) -> int:
        return LONGEST_PAST if self.max_history is None else max(1, round(self.max_history))

    def rule(self, resource: str) -> tuple[ResourceRule, Grid]:
        """Floor and grid of the class that takes all that no other takes."""
        policy = self.policies.rightsize
        last = policy.classes[-1]
        return (last.cpu, policy.cpu_grid) if resource == "cpu" else (last.memory, policy.memory_grid)


@dataclass(frozen=True, slots=True)
class Sized:
    """One rule's sizes, one a week; NaN where it says nothing. Cores; of memory the limit in bytes."""

    rule: Rule
    target: float | None
    p: float | None
    sizes: Floats


def sized(trial: Trial, resource: str, traces: Sequence[Trace], weeks: Weeks, percentiles: Floats) -> Iterator[Sized]:
    """`percentiles`: of the 14 days before each week, a row for each of PERCENTILES."""
    yield from _promised(trial, resource, traces, weeks)
    for rival, size in _RIVALS[resource]:
        yield Sized(rival, None, None, _by_rival(trial, resource, traces, weeks, size))
    rule, grid = trial.rule(resource)
    for p, found in zip(PERCENTILES, percentiles, strict=True):
        yield Sized("percentile", None, p, on_grid(found, rule.floor, grid))


def _promised(trial: Trial, resource: str, traces: Sequence[Trace], weeks: Weeks) -> Iterator[Sized]:
    rule, grid = trial.rule(resource)
    calibration = Calibration(
        resource, weeks, trial.table, rule.floor, grid, trial.own_weeks, by_hand=rule.limit_over_peak
    )
    for target in trial.targets if resource == "cpu" else trial.memory_targets:
        factors = calibration.factors(target, weeks.start)
        found = on_grid(sizes(resource, target, weeks.past, factors, rule.floor), rule.floor, grid)
        if resource == "memory":
            found = capped(found, weeks.past, _caps(traces, weeks))
        yield Sized("costkit", target, None, found)


def _caps(traces: Sequence[Trace], weeks: Weeks) -> Floats:
    held = zip(weeks.series.tolist(), weeks.start.tolist(), strict=True)
    return np.array([traces[series].cap(start) for series, start in held], float)


def _by_rival(
    trial: Trial, resource: str, traces: Sequence[Trace], weeks: Weeks, size: Callable[[Use, float], float]
) -> Floats:
    asked = zip(weeks.series.tolist(), weeks.start.tolist(), strict=True)
    uses = ((traces[series].use(resource).between(start - trial.reach * DAY, start), start) for series, start in asked)
    return np.array([size(use, start) for use, start in uses], float)


def week_rows(traces: Sequence[Trace], weeks: Weeks, resource: str, found: Sized) -> Iterator[Week]:
    """One for each week that is judged and of which the rule says something."""
    counts = np.flatnonzero((weeks.past.age >= USUAL) & np.isfinite(found.sizes)).tolist()
    for i in counts:
        name, start = traces[int(weeks.series[i])].series_id, float(weeks.start[i])
        yield Week(name, start, found.rule, resource, found.target, found.p, float(found.sizes[i]))
