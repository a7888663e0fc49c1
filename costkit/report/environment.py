"""How templates become pages: every value that they print is escaped, and a name that they misspell is an error."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from costkit.report.plain_text import one_line


def environment(templates: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printed,
    )


def _printed(value: object) -> object:
    """Control characters and reordering of text are no more welcome in a page than in a terminal."""
    return one_line(value) if type(value) is str else value
