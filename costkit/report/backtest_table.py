"""A back-test for a terminal: for each resource the rules beside each other, and what the columns mean."""

from costkit.model.backtest import Backtest
from costkit.report.backtest_cells import HEADER, LEGEND, NO_WEEK, sections
from costkit.report.grid import aligned
from costkit.report.plain_text import one_line


def table(made: Backtest) -> str:
    """As wide as its content."""
    parts = [f"{part.title}\n{aligned(HEADER, part.rows, right=HEADER[1:])}" for part in sections(made)]
    reading = ("How to read it:", *LEGEND) if parts else (NO_WEEK,)
    below = (f"{made.series} series.", *reading, *map(one_line, made.notes))
    return "\n".join((*parts, "".join(f"{line}\n" for line in below)))
