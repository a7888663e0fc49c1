"""What a look at the ground says before any work is done: a line a check, and what can be had on that ground."""

import math
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "FAIL"]
Job = Literal["recommend", "rightsize", "money"]
"""`recommend`: the command itself; `rightsize`: sizes in it; `money`: costs in it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `group` gathers checks of one kind; those of a group that are all well need one line together."""

    group: str
    name: str
    level: Level
    found: str
    lost: str = ""
    """What is not to be had; empty where nothing is lost."""
    fix: str = ""
    """What to type or to write, or where."""
    stops: tuple[Job, ...] = ()
    days: float = 0.0
    """Days after which time alone will have mended what it stops; 0 where time will not."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """All checks in their order; `prices` is the kind of prices that nodes have, such as `list-price`, or empty."""

    checks: tuple[Check, ...]
    prices: str

    @property
    def is_lossless(self) -> bool:
        return not any(check.lost for check in self.checks)

    @property
    def runs(self) -> bool:
        """Whether `costkit recommend` with the same flags would give anything."""
        return not any("recommend" in check.stops for check in self.checks)

    def ready(self) -> dict[str, str]:
        """Job -> `yes`, `no`, `in 2 days`; for money the kind of prices."""
        if not self.runs:
            return {"rightsize": "no", "money": "no"}
        return {
            "rightsize": self._when("rightsize") or "yes",
            "money": self._when("money") or self.prices or "not checked",
        }

    def _when(self, job: Job) -> str:
        """Empty where nothing stops it."""
        stopped = [check for check in self.checks if job in check.stops]
        if not stopped:
            return ""
        if not all(check.days for check in stopped):
            return "no"
        days = math.ceil(max(check.days for check in stopped))
        return f"in {days} day" + ("s" if days > 1 else "")
