"""Columns of text drawn for a terminal, without frames: lines can be cut with awk.

User text goes in as rich Text: markup in it is only text, control characters are made visible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from costkit.report.plain_text import one_line

GAP = 2
"""Terminal cells between two columns."""
_STYLES = {"low": "green", "medium": "yellow", "high": "red", "raise": "cyan"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column: its title, and a cell a row."""

    title: str
    cells: Sequence[str]
    justify: Literal["left", "right"] = "left"

    @property
    def width(self) -> int:
        return max(Text(one_line(text)).cell_len for text in (self.title, *self.cells))


def draw(columns: Sequence[Drawn], color: bool) -> str:
    """Lines as wide as their content: names are never cut."""
    grid = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for column in columns:
        grid.add_column(Text(one_line(column.title)), justify=column.justify, no_wrap=True)
    for cells in zip(*(column.cells for column in columns), strict=True):
        grid.add_row(*(Text(one_line(cell), _STYLES.get(cell, "")) for cell in cells))
    return _printed(grid, drawn_width(columns), color)


def drawn_width(columns: Sequence[Drawn]) -> int:
    """Terminal cells of a line."""
    return sum(column.width + GAP for column in columns) - GAP


def cut(text: str, width: int) -> str:
    """One line of at most `width` terminal cells, an ellipsis where something is missing."""
    line = Text(one_line(text))
    line.truncate(width, overflow="ellipsis")
    return line.plain


def _printed(grid: Table, width: int, color: bool) -> str:
    """The environment has no say in it: equal tables give equal bytes."""
    text = StringIO()
    console = Console(
        file=text,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    console.print(grid)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())
