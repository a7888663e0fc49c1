"""`costkit explain` for a terminal: a sparkline a resource, the factors, the record, what would change the verdict."""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import starmap

from costkit.model.explained import Curve, Explained, Explanation
from costkit.model.window import HALF_HOUR
from costkit.report.drawing import Drawn, draw
from costkit.report.explain_spark import days, highest, ruler, sparkline
from costkit.report.explain_words import TITLES, form, heading, marks, reasons, record, seen, verdict
from costkit.report.plain_text import one_line

WIDTH = 80
"""Off a terminal."""
_LEAST = 40
_INDENT = "  "
_SYMBOLS = {"usage": "●", "peak": "◆", "after": "▲", "before": "▼"}
"""By role, in the order in which they are drawn: of two at one place the request is seen."""


def text(explained: Explained, width: int = WIDTH) -> str:
    """Lines of at most `width` columns, 40 at least, but for names and values that are longer."""
    room = max(width, _LEAST)
    blocks = (_container(of, room) for of in explained.containers)
    parts = (_wrapped(heading(explained), room, ""), *blocks, _rules(explained))
    return "\n".join("".join(f"{line}\n" for line in map(one_line, part)) for part in parts)


def _container(of: Explanation, width: int) -> Iterator[str]:
    yield f"Container {of.container}"
    yield from _wrapped(verdict(of), width)
    for curve in of.curves:
        yield ""
        yield from _curve(of, curve, width)
    for title, lines in _sections(of):
        yield ""
        yield title
        for line in lines:
            yield from _wrapped(line, width)


def _sections(of: Explanation) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not of.curves:
        yield "Use", ("no series of its use was seen",)
    if why := reasons(of):
        yield "Why", why
    yield "Back-test", (record(of),)
    yield "What would change it", of.outlook


def _curve(of: Explanation, curve: Curve, width: int) -> Iterator[str]:
    room = width - 2 * len(_INDENT)
    shown = sorted(marks(of, curve.resource), key=lambda mark: list(_SYMBOLS).index(mark.role))
    longest = max(mark.value for mark in shown)
    yield from _wrapped(_caption(curve, room), width, "")
    yield f"{_INDENT}{sparkline(curve.peaks, room)}"
    yield f"{_INDENT}{days(curve.start, len(curve.peaks), room)}"
    yield _INDENT + _scale([(_SYMBOLS[mark.role], mark.value) for mark in shown], form(curve.resource)(longest), room)
    yield from _wrapped(" · ".join(f"{_SYMBOLS[mark.role]} {mark.words}" for mark in reversed(shown)), width)
    for line in seen(of, curve):
        yield from _wrapped(line, width)


def _scale(symbols: Sequence[tuple[str, float]], end: str, room: int) -> str:
    """`0 ───▲────▼ 8`: from nothing to the largest of the sizes."""
    return f"0 {ruler(symbols, max(value for _, value in symbols), room - len(end) - 3)} {end}"


def _caption(curve: Curve, room: int) -> str:
    hours = len(curve.peaks) / min(len(curve.peaks), room) * HALF_HOUR / 3600
    top = form(curve.resource)(highest(curve.peaks))
    return f"{TITLES[curve.resource]} of the hottest pod: a column is the highest of {hours:.2g} h, full height {top}"


def _rules(explained: Explained) -> Iterator[str]:
    yield f"Rules of class {explained.rule_class}"
    lines = [(rule.key, rule.value, f"{rule.file}:{rule.line}") for rule in explained.rules]
    columns = starmap(Drawn, zip(("key", "value", "where"), zip(*lines, strict=True), strict=True))
    yield from (f"{_INDENT}{line}" for line in draw(tuple(columns), color=False).splitlines()[1:])


def _wrapped(line: str, width: int, indent: str = _INDENT) -> list[str]:
    """A name that is longer than a line is not broken: it may be copied."""
    return textwrap.wrap(
        line,
        width,
        initial_indent=indent,
        subsequent_indent=indent + _INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
