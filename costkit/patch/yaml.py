"""Data as YAML text that every parser reads as the same data, in the order given.

In: dicts, lists and scalars. Out: text. Reading YAML belongs to settings.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9./_-]*|\d+(m|Ki|Mi|Gi|Ti|Pi|Ei)")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}
"""Words that YAML 1.1 or 1.2 reads as something else than text."""


class _Dumper(yaml.SafeDumper):
    """PyYAML leaves `1e3`, `0o7` and `y` bare, which kubectl's parser takes for a number or a boolean."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else "'")


_Dumper.add_representer(str, _represent)


def dump(data: Mapping[str, Any] | Sequence[Any], comments: Iterable[str] = ()) -> str:
    """One YAML document; each comment is a line of its own above it."""
    body = yaml.dump(data, Dumper=_Dumper, sort_keys=False, default_flow_style=False, width=2**20)
    return comment(comments) + body


def comment(lines: Iterable[str]) -> str:
    """`#` lines, each kept on its line; a shell reads them as comments, too."""
    return "".join(f"# {one_line(line)}\n" for line in lines)


def one_line(text: str) -> str:
    """Text of others on one line, without characters that end a comment, steer a terminal or reverse the reading."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))
