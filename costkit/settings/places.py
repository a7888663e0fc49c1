"""Where a YAML file says what: its path goes in, each key's value as it is written and its line come out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

_NAMED = "name"
"""An entry of a list that has this key is called by it, as messages do: `classes.critical`."""
_UNKNOWN = re.compile(r"unknown key '([^']+)'(?: in ([^\s:]+))?")
_KEY = re.compile(r"`\$\.([^`]+)`|: ([a-z][\w./\[\]-]*)")
_NUMBER = re.compile(r"\[[\d.]*\]")


@dataclass(frozen=True, slots=True)
class Place:
    line: int
    text: str
    """The value; empty for what holds others."""
    kind: Literal["value", "mapping", "list"]
    """A list of plain values is a value."""


def places(path: Path) -> dict[str, Place]:
    """Key (`defaults.cpu.margin`, `classes.critical.minimum-days`) -> its place, in the file's order.

    The file has been read before: what is no YAML raises ruamel's errors.
    """
    top = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8-sig"))
    return dict(_below(top, "")) if isinstance(top, MappingNode) else {}


def line_of(message: str, found: Mapping[str, Place]) -> int | None:
    """The line of the key that an error's message names; None where it names none of the file's."""
    if unknown := _UNKNOWN.search(message):
        key, within = unknown.groups()
        return _line(f"{_from_zero(within)}.{key}" if within else key, message, found)
    lines = (_line(match[1] or match[2], message, found) for match in _KEY.finditer(message))
    return next((line for line in lines if line is not None), None)


def _line(key: str, message: str, found: Mapping[str, Place]) -> int | None:
    """That of the key, else of the key in any entry of its list, else of what holds it.

    A class has what it leaves out from `defaults`: so it has its errors.
    """
    inherited = re.sub(r"^classes(\.[^.\[]+|\[\d+\])\.", "defaults.", key)
    while key:
        for one in (key, inherited):
            if one in found:
                return found[one].line
        entries = [place for name, place in found.items() if _NUMBER.sub("", name) == _NUMBER.sub("", key)]
        if entries:
            return next((place for place in entries if f"is '{place.text}'" in message), entries[0]).line
        key, inherited = key.rpartition(".")[0], inherited.rpartition(".")[0]
    return None


def _from_zero(key: str) -> str:
    """What costkit itself says of unknown keys counts entries from 1."""
    return re.sub(r"\[(\d+)\]", lambda match: f"[{int(match[1]) - 1}]", key)


def _below(node: MappingNode, prefix: str) -> Iterator[tuple[str, Place]]:
    for key, value in node.value:
        name = f"{prefix}{key.value}"
        yield name, Place(key.start_mark.line + 1, _text(value), _kind(value))
        yield from _inside(value, name)


def _inside(node: Node, name: str) -> Iterator[tuple[str, Place]]:
    if isinstance(node, MappingNode):
        yield from _below(node, f"{name}.")
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            yield from _item(item, name, number)


def _item(item: Node, name: str, number: int) -> Iterator[tuple[str, Place]]:
    """Under its name and under its number: messages use either."""
    if not isinstance(item, MappingNode):
        return
    called = next((value.value for key, value in item.value if key.value == _NAMED), None)
    for prefix in (f"{name}.{called}", f"{name}[{number}]") if called else (f"{name}[{number}]",):
        yield from _below(item, f"{prefix}.")


def _kind(node: Node) -> Literal["value", "mapping", "list"]:
    if isinstance(node, MappingNode):
        return "mapping"
    is_list = isinstance(node, SequenceNode) and any(isinstance(item, MappingNode) for item in node.value)
    return "list" if is_list else "value"


def _text(node: Node) -> str:
    if _kind(node) != "value":
        return ""
    return f"[{', '.join(item.value for item in node.value)}]" if isinstance(node, SequenceNode) else str(node.value)
