"""What sizes would have met in the weeks that they were for, as the figures that rules are compared by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costkit.model.backtest import Record
from costkit.model.weeks import OFTEN, USUAL, Weeks

Floats = NDArray[np.float64]

_VERY_OFTEN = 0.10
"""Share of a week's samples above a size from which on it is short in earnest."""


@dataclass(frozen=True, slots=True)
class Judge:
    """One resource's weeks, with what every rule is held against."""

    weeks: Weeks
    resource: str
    floor: float
    counts: NDArray[np.bool_]
    """Weeks with 14 days before them."""
    samples: Floats
    use: Floats
    idle: NDArray[np.bool_]
    """Weeks whose 95th percentile is at the floor."""
    needed: Floats
    """The 95th percentile, of memory the peak; not below the floor."""

    @classmethod
    def of(cls, weeks: Weeks, resource: str, floor: float) -> "Judge":
        usual = _p95(weeks)
        return cls(
            weeks=weeks,
            resource=resource,
            floor=floor,
            counts=weeks.past.age >= USUAL,
            samples=weeks.samples,
            use=weeks.use,
            idle=usual <= floor,
            needed=np.maximum(usual if resource == "cpu" else weeks.peak, floor),
        )

    def records(self, sizes: Floats) -> tuple[Record, Record]:
        """Of all weeks, and of those that were not idle.

        `sizes`: one a week, cores or bytes; NaN where the rule says nothing, and the week does not count.
        """
        counts = self.counts & np.isfinite(sizes)
        judged = self.weeks.judge(sizes)
        share = judged.above / np.maximum(self.samples, 1.0)
        return self._record(sizes, share, judged.over, counts), self._record(
            sizes, share, judged.over, counts & ~self.idle
        )

    def _record(self, sizes: Floats, share: Floats, over: Floats, counts: NDArray[np.bool_]) -> Record:
        number = int(counts.sum())
        if not number:
            nothing = float("nan")
            return Record(0, nothing, nothing, nothing, nothing, nothing, nothing)
        use = self.use[counts].sum()
        return Record(
            weeks=number,
            violated=float((share > OFTEN[self.resource])[counts].mean()),
            violated10=float((share > _VERY_OFTEN)[counts].mean()),
            over_use=_ratio(over[counts].sum(), use),
            reserve_over_use=_ratio((sizes * self.samples)[counts].sum(), use),
            geo_reserve=float(np.exp(np.log(sizes / self.needed)[counts].mean())),
            idle_share=float(self.idle[counts].mean()),
        )


def _p95(weeks: Weeks) -> Floats:
    """Of each week the least sample that 95 % of all are not above."""
    reached = np.cumsum(weeks.counts)
    begun = np.concatenate([[0], reached])[weeks.offsets[:-1]]
    ranks = begun + np.ceil(0.95 * weeks.samples - 1e-9)
    found: Floats = weeks.values[np.searchsorted(reached, ranks)]
    return found


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
