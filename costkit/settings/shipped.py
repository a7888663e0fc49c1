"""Where the rules and the page templates lie that costkit is shipped with: in a wheel, or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_DATA = _PACKAGE / "_data"
"""A wheel carries the top-level folders under the package (pyproject: wheel.sources); a checkout has no such folder."""


def rules_dir() -> Path:
    """The folder that holds rightsize.yaml and prices/."""
    return _DATA / "rules" if _DATA.is_dir() else _PACKAGE.parent / "rules"


def templates_dir() -> Path:
    """The folder that holds the page templates."""
    return _DATA / "templates" if _DATA.is_dir() else _PACKAGE.parent / "reports" / "templates"
