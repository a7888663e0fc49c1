"""Numbers as people write them in rules: `15%`, `250m`, `32Mi`, or plain; read to fractions, cores and bytes."""

from collections.abc import Callable
from typing import NamedTuple

from costkit.errors import UsageError
from costkit.model import quantities

Written = str | int | float


class Span(NamedTuple):
    """The values that a key may have, both ends included."""

    low: float
    high: float
    shown: str
    """As the hint says it."""


def share(text: str) -> float:
    """`15%` or `0.15` as a fraction. ValueError if it is neither."""
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def read(where: str, value: Written, parse: Callable[[str], float], span: Span) -> float:
    """`value` as a number within `span`; UsageError begins with `where`, the file and the key."""
    try:
        number = parse(str(value).strip())
    except ValueError:
        number = float("nan")
    if not span.low <= number <= span.high:
        raise UsageError(f"{where} is {value!r}", f"write {span.shown}")
    return number


def quantity(text: str) -> float:
    """Cores or bytes. ValueError if it is no Kubernetes quantity."""
    return quantities.parse(text)
