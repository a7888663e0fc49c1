"""Days of the demo's platform, and a source that breaks off, gives in part, or says what it was asked."""

from dataclasses import replace

from costkit.analyze.days import whole_days
from costkit.demo.source import DemoSource
from costkit.model.account import Account
from costkit.model.day import Wanted
from costkit.model.usage import FRAMES
from costkit.model.window import DAY, Window
from costkit.progress import Silent

AT = 1_795_546_800.0  # Tuesday, 2026-11-24, 19:00 UTC
TODAY = AT // DAY * DAY
DAYS = 3


class BrokenOffError(Exception):
    pass


class Source(DemoSource):
    """`breaks_after` observations it raises; `refuses`: what each day's account says was refused."""

    def __init__(self, at=AT, *, days=DAYS, breaks_after=None, refuses=()):
        super().__init__(at, days=days)
        self.asked = []
        self._left = breaks_after
        self._refuses = dict.fromkeys(refuses, "too many samples")

    def observe(self, wanted):
        for one in wanted:
            if self._left == 0:
                raise BrokenOffError
            self._left = None if self._left is None else self._left - 1
            self.asked.append(one)
            for observation in super().observe([one]):
                yield replace(observation, account=Account(frozenset({"cpu"}), refused=self._refuses))


def day(midnight, source=None):
    """One whole day as it is kept."""
    source = source or DemoSource(AT, days=DAYS)
    part = Window(midnight, midnight + DAY)
    return next(whole_days(source.observe([Wanted(part)]), Silent()))[0]


def content(snapshot):
    """Every row of every frame as text, in its order."""
    return {name: str(getattr(snapshot.frames, name).to_pylist()) for name in FRAMES}
