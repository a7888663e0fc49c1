"""What a person may ask of the tables."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """For `table`, `wide` and `md`; `json`, `yaml`, `csv` and `name` always hold every recommendation."""

    top: int = 20
    """Rows at most; raises come on top of them."""
    all: bool = False
    """Every row, whatever `top` and the minimums say."""
    minimum_saving: float = 2.0
    """USD a month."""
    minimum_change: float = 0.10
    """Share of the request, of the resource that changes most."""
    width: int | None = None
    """Columns of the terminal; None: as wide as the content."""
    color: bool = False
