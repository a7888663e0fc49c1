"""YAML files in, checked structs out. Read as YAML 1.2: 22:30 and NO stay text. What a key means is not known here."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from costkit.errors import UsageError

T = TypeVar("T")


def read_mapping(path: Path) -> dict[str, object]:
    """The top-level mapping of a file, empty for an empty file.

    UsageError names the file, and the line where it is not YAML or a key stands twice.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8-sig"))
    except MarkedYAMLError as e:
        raise UsageError(f"{path}{_line(e)}: {e.problem or 'not YAML'}", "correct that line") from e
    except YAMLError as e:
        raise UsageError(f"{path}: {' '.join(str(e).split())}", "write the file as YAML 1.2") from e
    except (OSError, UnicodeDecodeError) as e:
        raise UsageError(f"{path}: {e}", "name a readable text file in UTF-8") from e
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise UsageError(f"{path}: the top level is no mapping", "write `key: value` lines")
    return {str(key): value for key, value in content.items()}


def convert(content: object, shape: type[T], path: Path) -> T:
    """`content` as the struct `shape`; UsageError names the file and the key that does not fit."""
    check_keys(content, shape, path)
    try:
        return msgspec.convert(content, shape)
    except msgspec.ValidationError as e:
        raise UsageError(f"{path}: {e}", "compare with the shipped file of the same name") from e


def check_keys(content: object, shape: type, path: Path) -> None:
    """Refuses keys that `shape` does not know; a key that is missing is not looked for."""
    _check(content, msgspec.inspect.type_info(shape), path, "")


def _check(content: object, kind: msgspec.inspect.Type, path: Path, place: str) -> None:
    if isinstance(kind, msgspec.inspect.UnionType):
        for member in kind.types:
            _check(content, member, path, place)
    elif isinstance(content, Mapping):
        for key, value in content.items():
            _check(value, _value_type(kind, str(key), path, place), path, f"{place}.{key}" if place else str(key))
    elif isinstance(content, list) and isinstance(kind, msgspec.inspect.VarTupleType):
        for number, value in enumerate(content, start=1):
            _check(value, kind.item_type, path, f"{place}[{number}]")


def _value_type(kind: msgspec.inspect.Type, key: str, path: Path, place: str) -> msgspec.inspect.Type:
    if isinstance(kind, msgspec.inspect.DictType):
        return kind.value_type
    if not isinstance(kind, msgspec.inspect.StructType):
        return msgspec.inspect.AnyType()
    known = {field.encode_name: field.type for field in kind.fields}
    if key not in known:
        where = f" in {place}" if place else ""
        raise UsageError(f"{path}: unknown key {key!r}{where}", f"known keys there: {', '.join(known)}")
    return known[key]


def _line(error: MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    return "" if mark is None else f" line {mark.line + 1}"
