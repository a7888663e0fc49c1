"""Plain rows for people and programs: a header and cells go in; aligned columns, CSV or JSON come out."""

from collections.abc import Mapping, Sequence

from costkit.report.drawing import Drawn, draw
from costkit.report.serialized import json_text
from costkit.report.spreadsheet import Cell, csv_text

_SCHEMA_VERSION = 1


def aligned(header: Sequence[str], rows: Sequence[Sequence[Cell]], *, right: Sequence[str] = ()) -> str:
    """Columns named in `right` are set to the right, as numbers are read."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(header)
    drawn = [
        Drawn(title.upper().replace("_", " "), [_shown(cell) for cell in cells], "right" if title in right else "left")
        for title, cells in zip(header, columns, strict=True)
    ]
    return draw(drawn, color=False)


def as_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    return csv_text([header, *rows])


def as_json(name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """`{"schemaVersion": 1, NAME: [{HEADER: CELL, …}, …]}`; keys in camelCase."""
    documents: list[Mapping[str, Cell]] = [dict(zip(map(_camel, header), row, strict=True)) for row in rows]
    return json_text({"schemaVersion": _SCHEMA_VERSION, name: documents})


def _camel(title: str) -> str:
    first, *rest = title.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _shown(cell: Cell) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    return f"{cell:.6g}"
