"""Label selectors as kubectl's `-l` writes them: `app=web`, `tier!=db`, `env in (dev,test)`, `team`, `!spot`."""

import re
from collections.abc import Callable, Mapping

Labels = Mapping[str, str]
Requirement = Callable[[Labels], bool]

_KEY = r"[A-Za-z0-9][-A-Za-z0-9_./]*"
_SET = re.compile(rf"({_KEY})\s+(in|notin)\s+\(([^)]*)\)")
_EQUAL = re.compile(rf"({_KEY})\s*(==|=|!=)\s*([-A-Za-z0-9_.]*)")
_HAS = re.compile(rf"(!?)\s*({_KEY})")
_COMMA = re.compile(r",(?![^(]*\))")


def parse_selector(text: str) -> Requirement:
    """What labels must be for all requirements to hold; an empty selector holds for all. ValueError if it is none."""
    requirements = [_requirement(part.strip()) for part in _COMMA.split(text) if part.strip()]
    return lambda labels: all(holds(labels) for holds in requirements)


def _requirement(text: str) -> Requirement:
    if match := _SET.fullmatch(text):
        key, word, listed = match.groups()
        values = {value.strip() for value in listed.split(",")}
        if word == "in":
            return lambda labels: key in labels and labels[key] in values
        return lambda labels: labels.get(key) not in values
    if match := _EQUAL.fullmatch(text):
        key, sign, value = match.groups()
        if sign == "!=":
            return lambda labels: labels.get(key) != value
        return lambda labels: labels.get(key) == value
    if match := _HAS.fullmatch(text):
        absent, key = bool(match[1]), match[2]
        return lambda labels: (key in labels) is not absent
    raise ValueError(f"{text!r} is not a label requirement")
