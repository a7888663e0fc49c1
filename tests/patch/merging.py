"""What kubectl does with a patch, in a few lines: a second opinion beside the real one of test_builds."""

import copy
from typing import Any


def apply_strategic(document: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Maps merge, null removes, lists of containers merge by name and take in a name that they lack."""
    merged = copy.deepcopy(document)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = apply_strategic(merged.get(key, {}), value)
        elif isinstance(value, list):
            merged[key] = _by_name(merged.get(key, []), value)
        else:
            merged[key] = value
    return merged


def _by_name(containers: list[Any], patches: list[Any]) -> list[Any]:
    named = {c["name"]: c for c in containers}
    return list((named | {p["name"]: apply_strategic(named.get(p["name"], {}), p) for p in patches}).values())


def apply_json6902(document: dict[str, Any], operations: list[dict[str, Any]]) -> dict[str, Any]:
    """ValueError where a test fails; `replace` and `remove` need what they name."""
    result = copy.deepcopy(document)
    for operation in operations:
        *way, last = [int(k) if k.isdigit() else k for k in operation["path"].lstrip("/").split("/")]
        place: Any = result
        for key in way:
            place = place[key]
        _apply(place, last, operation)
    return result


def _apply(place: Any, last: Any, operation: dict[str, Any]) -> None:
    if operation["op"] == "test":
        if place.get(last) != operation["value"]:
            raise ValueError(f"test failed at {operation['path']}")
    elif operation["op"] == "remove":
        del place[last]
    elif operation["op"] == "replace" and last not in place:
        raise KeyError(operation["path"])
    else:
        place[last] = operation["value"]
