"""The contract's document as text: JSON, YAML, and JSON that may stand inside a page."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from costkit.report.plain_text import UNSAFE, escaped

_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def json_text(document: Mapping[str, Any]) -> str:
    """Indented JSON with a newline at its end; NaN is a ValueError; no raw control character reaches a terminal."""
    compact = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    return escaped_lines(compact) + "\n"


def yaml_text(document: Mapping[str, Any]) -> str:
    """The same document as YAML; words that another reader would take for numbers or booleans are quoted."""
    return escaped_lines(yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120))


def island(value: object) -> str:
    """Compact JSON for a script element: no character of it can end the element or open another."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).translate(_MARKUP)


def escaped_lines(text: str) -> str:
    return "\n".join(escaped(line) for line in text.split("\n"))


class _Dumper(yaml.CSafeDumper):
    """Text with unsafe characters is double-quoted: only there does YAML read `\\u202e` as the character."""


def _text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if UNSAFE.search(text) else None)


_Dumper.add_representer(str, _text)
