"""The rules for sizing in: rules/rightsize.yaml, shipped or the user's. Checked policies out."""

from pathlib import Path

from costkit.errors import UsageError
from costkit.model.policy import (
    CPU_GRID,
    MEMORY_GRID,
    Grid,
    Match,
    Policies,
    ResourceRule,
    RightsizeClass,
    RightsizePolicy,
)
from costkit.settings import numbers
from costkit.settings import rightsize_file as shape
from costkit.settings.numbers import Span
from costkit.settings.scores import load_scores
from costkit.settings.shipped import rules_dir

_FILE = "rightsize.yaml"

_TARGET = Span(0.005, 0.3, "a percentage from 0.5% to 30%, such as 10%")
_PERCENTILE = Span(0.01, 1, "a percentage from 1% to 100%, such as 98%")
_SHARE = Span(0, 1, "a percentage from 0% to 100%, such as 10%")
_MARGIN = Span(0, 5, "a percentage from 0% to 500%, such as 15%")
_DAYS = Span(0, 400, "a number of days from 0 to 400")
_OVER_PEAK = Span(1, 10, "a factor from 1 to 10")
_SIZES = {
    "cpu": Span(0.001, 1024, "cores from 1m to 1024, such as 10m"),
    "memory": Span(2**20, 2**44, "bytes from 1Mi to 16Ti, such as 32Mi"),
}
_INFINITY = float("inf")


def load_policies(rules: Path | None) -> Policies:
    """The user's rightsize.yaml laid over the shipped one; without one in `rules`, the shipped one.

    UsageError names the file and the key: unknown (with the known ones), of a wrong type or out of range.
    """
    return Policies(rightsize=_rightsize(rules), scores=load_scores())


def _rightsize(rules: Path | None) -> RightsizePolicy:
    shipped = rules_dir() / _FILE
    own = None if rules is None else rules / _FILE
    path = own if own is not None and own.is_file() else shipped
    file = shape.read(path, shipped)
    _check_order(file.classes, path)
    return RightsizePolicy(
        classes=tuple(_class(c, f"{path}: classes.{c.name}") for c in file.classes),
        source=str(path) if path is own else _FILE,
        cpu_grid=_grid(file.grids.cpu, "cpu", path) or CPU_GRID,
        memory_grid=_grid(file.grids.memory, "memory", path) or MEMORY_GRID,
        skip_namespaces=file.skip_namespaces,
    )


def _check_order(classes: tuple[shape.Class, ...], path: Path) -> None:
    names = [c.name for c in classes]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"{path}: two classes are named {twice!r}", "give each class a name of its own")
    if not classes or classes[-1].match != shape.Match():
        raise UsageError(f"{path}: the last class does not match all workloads", "end with a class without `match`")
    if unreached := next((c.name for c in classes[:-1] if c.match == shape.Match()), None):
        raise UsageError(
            f"{path}: nothing comes past class {unreached!r}", "give it a `match`, or make it the last one"
        )


def _class(written: shape.Class, where: str) -> RightsizeClass:
    return RightsizeClass(
        name=written.name,
        method=written.method,
        cpu=_rule(written.cpu, "cpu", where),
        memory=_rule(written.memory, "memory", where),
        minimum_change=numbers.read(f"{where}.minimum-change", written.minimum_change, numbers.share, _SHARE),
        minimum_days=numbers.read(f"{where}.minimum-days", written.minimum_days, float, _DAYS),
        minimum_coverage=numbers.read(f"{where}.minimum-coverage", written.minimum_coverage, numbers.share, _SHARE),
        match=_match(written.match),
        most_off=numbers.read(f"{where}.most-off", written.most_off, numbers.share, _SHARE),
        hysteresis=numbers.read(f"{where}.hysteresis", written.hysteresis, numbers.share, _SHARE),
    )


def _rule(written: shape.Resource, resource: str, where: str) -> ResourceRule:
    key = f"{where}.{resource}"
    return ResourceRule(
        target=numbers.read(f"{key}.target", written.target, numbers.share, _TARGET),
        percentile=numbers.read(f"{key}.percentile", written.percentile, numbers.share, _PERCENTILE),
        margin=numbers.read(f"{key}.margin", written.margin, numbers.share, _MARGIN),
        floor=numbers.read(f"{key}.floor", written.floor, numbers.quantity, _SIZES[resource]),
        limit=written.limit,
        limit_over_peak=numbers.read(f"{key}.limit-over-peak", written.limit_over_peak, float, _OVER_PEAK),
    )


def _match(written: shape.Match) -> Match:
    labels = {key: (value,) if isinstance(value, str) else value for key, value in written.labels.items()}
    return Match(namespaces=written.namespaces, kinds=written.kinds, labels=labels)


def _grid(steps: tuple[shape.Step, ...], resource: str, path: Path) -> Grid:
    where = f"{path}: grids.{resource}"
    span = _SIZES[resource]
    grid = tuple(
        (
            _INFINITY if s.below is None else numbers.read(f"{where}.below", s.below, numbers.quantity, span),
            numbers.read(f"{where}.step", s.step, numbers.quantity, span),
        )
        for s in steps
    )
    ends = [below for below, _ in grid]
    if grid and (ends[-1] != _INFINITY or ends != sorted(set(ends))):
        raise UsageError(f"{where} is out of order", "let `below` rise from line to line and leave it out in the last")
    return grid
