"""A UTC day as it was read: closed, or still open and read up to a half hour."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from costkit.model.account import Account
from costkit.model.snapshot import Frames
from costkit.model.usage import FRAMES, check
from costkit.model.window import DAY, Window

SETTLED = 1_800
"""Seconds after a day's end from which it is read for good: what arrives late has arrived."""

MATRICES = pa.schema(
    [
        ("query", pa.string()),
        ("key", pa.list_(pa.string())),  # the query's labels, in their order
        ("values", pa.list_(pa.float64())),  # from the day's first step on; NaN where unknown
    ]
)
"""Answers as they came, of a day that is not over."""


@dataclass(frozen=True, slots=True)
class OpenDay:
    """Answers about a day up to `until` (unix seconds): what comes later is read alone and joined to them."""

    midnight: float
    until: float
    asked: str
    """What the queries were: answers to others are of no use."""
    matrices: pa.Table
    lacking: frozenset[str] = frozenset()
    """Queries of which some part was refused, or partial: they are asked for the whole day again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A day, or the part of it that lies in the window, to be read."""

    window: Window
    earlier: OpenDay | None = None
    keeps_answers: bool = False
    """The day is open: its answers are wanted, too."""

    @property
    def midnight(self) -> float:
        return self.window.start // DAY * DAY


@dataclass(frozen=True, slots=True)
class Day:
    """What was seen of one day."""

    midnight: float
    until: float
    frames: Frames
    account: Account = field(default_factory=Account)


def joined(parts: Iterable[Frames]) -> Frames:
    """The rows of all parts, in their order; FrameError names a column that is not as it should be."""
    tables: dict[str, list[pa.Table]] = {name: [frame.empty_table()] for name, frame in FRAMES.items()}
    for part in parts:
        for name, held in tables.items():
            held.append(getattr(part, name))
    return Frames(**{name: check(name, pa.concat_tables(held)) for name, held in tables.items()})
