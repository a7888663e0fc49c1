"""Columns of text drawn for a terminal, without frames: lines can be cut with awk.

User text is made harmless first: markup in it is only text, control characters are made visible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, set_cell_size
from rich.color import ColorSystem
from rich.style import Style

from costkit.report.plain_text import one_line

GAP = 2
"""Terminal cells between two columns."""
_TITLE = Style.parse("bold")
_STYLES = {
    word: Style.parse(color)
    for word, color in (("low", "green"), ("medium", "yellow"), ("high", "red"), ("raise", "cyan"))
}
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column: its title, and a cell a row."""

    title: str
    cells: Sequence[str]
    justify: Literal["left", "right"] = "left"

    @property
    def width(self) -> int:
        return max(_width(one_line(text)) for text in (self.title, *self.cells))


def draw(columns: Sequence[Drawn], color: bool) -> str:
    """Lines as wide as their content: names are never cut. Equal columns give equal bytes, whatever the terminal."""
    lines = zip(*(_padded(column, color) for column in columns), strict=True)
    return "".join(f"{(' ' * GAP).join(cells).rstrip()}\n" for cells in lines)


def drawn_width(columns: Sequence[Drawn]) -> int:
    """Terminal cells of a line."""
    return sum(column.width + GAP for column in columns) - GAP


def cut(text: str, width: int) -> str:
    """One line of at most `width` terminal cells, an ellipsis where something is missing."""
    line = one_line(text)
    return line if _width(line) <= width else set_cell_size(line, width - 1) + _ELLIPSIS


def _padded(column: Drawn, color: bool) -> list[str]:
    """Title and cells, all of one width. Padding is not colored."""
    texts = [one_line(text) for text in (column.title, *column.cells)]
    styles = [_TITLE, *(_STYLES.get(text) for text in texts[1:])] if color else [None] * len(texts)
    width = max(map(_width, texts))
    return [_justified(text, width, column.justify, style) for text, style in zip(texts, styles, strict=True)]


def _justified(text: str, width: int, justify: str, style: Style | None) -> str:
    padding = " " * (width - _width(text))
    shown = style.render(text, color_system=ColorSystem.STANDARD) if style else text
    return padding + shown if justify == "right" else shown + padding


def _width(text: str) -> int:
    """Terminal cells. Nearly all text is ASCII, which has one a character."""
    return len(text) if text.isascii() else cell_len(text)
