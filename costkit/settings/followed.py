"""The rules in force -> those that one class of workloads follows, each with its file and line."""

from collections.abc import Iterator, Sequence

from costkit.model.explained import RuleLine
from costkit.settings.in_force import Rule

_OF_ALL = ("skip-namespaces", "grids")


def followed(rules: Sequence[Rule], class_name: str) -> tuple[RuleLine, ...]:
    """The class's own keys, of `defaults` those that it leaves to them, and what holds for every class."""
    return tuple(RuleLine(rule.key, rule.value, rule.source, rule.line) for rule in _followed(rules, class_name))


def _followed(rules: Sequence[Rule], class_name: str) -> Iterator[Rule]:
    own = f"classes.{class_name}."
    said = {rule.key.removeprefix(own) for rule in rules if rule.key.startswith(own)}
    for rule in rules:
        part, _, key = rule.key.partition(".")
        left = part == "defaults" and key not in said
        if left or rule.key.startswith(own) or part in _OF_ALL:
            yield rule
