"""Queries in flight: two, or one with a rest after it while the server answers twice as slowly as before."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from time import monotonic, sleep

IN_FLIGHT = 2
_FIRST = 3
"""Answers to one query from which its usual cost is taken."""
_SLOW, _WELL = 2.0, 1.5
_HARMLESS = 0.05
"""Seconds that an answer may take on the mean: a server that is so quick is not pressed."""
_WEIGHT = 0.2
"""Of the newest answer in the running mean."""
_FIXED = 2_000
"""Samples that cost as much as a query by itself."""
_LONGEST_REST = 5.0
"""Seconds."""


@dataclass
class Load:
    """From seconds and samples of answers to how the server fares: as at the beginning, or twice as slow.

    Running means of what answers took and of what they were to take: long ones weigh more than short ones, whose times
    are mostly chance.
    """

    is_high: bool = False
    _took: float = 0.0
    _usual: float = 0.0
    _firsts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, query: str, seconds: float, samples: int) -> None:
        firsts = self._firsts[query]
        if len(firsts) < _FIRST:
            firsts.append(seconds / (samples + _FIXED))
            return
        self._took += _WEIGHT * (seconds - self._took)
        self._usual += _WEIGHT * (sum(firsts) / _FIRST * (samples + _FIXED) - self._usual)
        slow = self._took > (_WELL if self.is_high else _SLOW) * self._usual
        self.is_high = slow and self._took > _HARMLESS


class Pace:
    """Turns that queries wait for; safe between threads."""

    def __init__(self, rest: Callable[[float], None] = sleep, clock: Callable[[], float] = monotonic) -> None:
        self._rest = rest
        self._clock = clock
        self._load = Load()
        self._running = 0
        self._free = Condition()

    @contextmanager
    def turn(self, query: str) -> Iterator[Callable[[int], None]]:
        """Waits for a turn. The body calls what it is given with the number of samples that came."""
        with self._free:
            self._free.wait_for(lambda: self._running < self._limit)
            self._running += 1
        began = self._clock()
        seconds = 0.0

        def answered(samples: int) -> None:
            nonlocal seconds
            seconds = self._clock() - began
            with self._free:
                self._load.note(query, seconds, samples)

        try:
            yield answered
            if self._load.is_high:
                self._rest(min(seconds, _LONGEST_REST))
        finally:
            with self._free:
                self._running -= 1
                self._free.notify_all()

    @property
    def _limit(self) -> int:
        return 1 if self._load.is_high else IN_FLIGHT
