"""The last run's size of one resource, kept while the new one is near it."""

from dataclasses import dataclass

from costkit.model.policy import Grid
from costkit.recommend.rightsize.grid import step_at


@dataclass(frozen=True, slots=True)
class Last:
    """Cores or bytes; None where the last run said nothing."""

    request: float | None
    limit: float | None
    hysteresis: float
    """Share of the last size within which a new one is near it; a step of the grid is always near."""
    may_lag: bool
    """Whether it stays where the new one is more: CPU that is a little short is slow, memory that is short kills."""

    def steadied(self, new: float, needed: float, last: float | None, grid: Grid) -> float:
        """The last size, or the new one where that is not near it. `needed`: the new one before it was rounded up."""
        if last is None:
            return new
        most = last * (1 + self.hysteresis) if self.may_lag else last
        least = last - max(self.hysteresis * last, step_at(last, grid)) * (1 + 1e-9)
        return last if needed <= most and new >= least else new
