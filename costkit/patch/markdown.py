"""Words of others in Markdown: shown as they are, never read as markup.

In: any text. Out: text for a line or a table of a Markdown file.
"""

import html
import re
from collections.abc import Iterable

from costkit.patch.yaml import one_line


def plain(text: str) -> str:
    """One line in which neither HTML nor Markdown means anything."""
    return re.sub(r"([\\`*_\[\]|~#])", r"\\\1", html.escape(one_line(text), quote=False))


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; the cells are Markdown already."""
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def fence(text: str, language: str) -> str:
    """A block of code; `text` is costkit's own, or quantities and names."""
    return f"```{language}\n{text}```\n"
