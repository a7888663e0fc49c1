"""The shape of rules/rightsize.yaml, and how a file is laid over the shipped one. Values stay as they are written."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from costkit.model.policy import LimitRule, Method
from costkit.settings.numbers import Written
from costkit.settings.yaml import check_keys, convert, read_mapping


class _Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    pass


class Resource(_Keys, frozen=True):
    target: Written
    percentile: Written
    margin: Written
    floor: Written
    limit: LimitRule
    limit_over_peak: Written


class Sizing(_Keys, frozen=True):
    method: Method
    minimum_change: Written
    minimum_days: Written
    minimum_coverage: Written
    most_off: Written
    hysteresis: Written
    cpu: Resource
    memory: Resource


class Match(_Keys, frozen=True):
    namespaces: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    labels: dict[str, str | tuple[str, ...]] = {}


class Class(Sizing, frozen=True):
    name: str
    match: Match = Match()


class Step(_Keys, frozen=True):
    step: Written
    below: Written | None = None


class Grids(_Keys, frozen=True):
    cpu: tuple[Step, ...] = ()
    memory: tuple[Step, ...] = ()


class File(_Keys, frozen=True):
    defaults: Sizing
    classes: tuple[Class, ...]
    skip_namespaces: tuple[str, ...]
    grids: Grids = Grids()


def read(path: Path, shipped: Path) -> File:
    """The file at `path` over the shipped one, each class over the defaults; UsageError names the file and the key."""
    content = read_mapping(path)
    check_keys(content, File, path)
    return convert(_inherited(_over(read_mapping(shipped), content)), File, path)


def _over(base: Mapping[str, object], top: Mapping[str, object]) -> dict[str, object]:
    """`top` laid over `base`, mapping by mapping; every other value is replaced whole."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        merged[key] = _over(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


def _inherited(content: Mapping[str, object]) -> dict[str, object]:
    """Each class with what it leaves to `defaults`."""
    defaults, classes = content.get("defaults"), content.get("classes")
    if not isinstance(defaults, Mapping) or not isinstance(classes, list):
        return dict(content)
    filled = [_over(defaults, c) if isinstance(c, Mapping) else c for c in classes]
    return {**content, "classes": filled}
