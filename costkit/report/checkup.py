"""A Checkup as lines for people, and as JSON."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from costkit.model.checkup import Check, Checkup
from costkit.report.plain_text import one_line
from costkit.report.serialized import json_text

_SCHEMA_VERSION = 1
_FOLDED = ("access", "series")
"""Groups of many checks alike: of those that are well a person need not read more than how many they are."""


def checkup_table(checkup: Checkup, *, brief: bool) -> str:
    """A line a check, with what to do below it; `brief`: but those that are well. The last line: what can be had."""
    ready = ", ".join(f"{job} {state}" for job, state in checkup.ready().items())
    return lines(checkup.checks, brief=brief) + f"ready: {ready}\n"


def checkup_json(checkup: Checkup) -> str:
    return json_text({"schemaVersion": _SCHEMA_VERSION, "checks": _documents(checkup.checks), "ready": checkup.ready()})


def checks_json(checks: Iterable[Check]) -> str:
    return json_text({"schemaVersion": _SCHEMA_VERSION, "checks": _documents(checks)})


def lines(checks: Iterable[Check], *, brief: bool) -> str:
    """Rights and series that are well stand together in one line."""
    shown = (check for check in checks if not (brief and check.level == "ok"))
    return "".join(f"{one_line(line)}\n" for _, group in groupby(shown, _group) for line in _of_group(list(group)))


def _group(check: Check) -> str:
    return check.group


def _of_group(checks: list[Check]) -> Iterator[str]:
    rest = [check for check in checks if check.group not in _FOLDED or check.level != "ok"]
    if len(rest) < len(checks):
        yield f"ok    {checks[0].group}: {len(checks) - len(rest)} of {len(checks)}"
    for fix, alike in groupby(rest, lambda check: check.fix):
        yield from map(_line, alike)
        if fix:
            yield f"      fix: {fix}"


def _line(check: Check) -> str:
    lost = f" -> lost: {check.lost}" if check.lost else ""
    return f"{check.level:<4}  {check.group}: {check.name}: {check.found}{lost}"


def _documents(checks: Iterable[Check]) -> list[dict[str, object]]:
    return [
        {
            "group": check.group,
            "name": check.name,
            "level": check.level,
            "found": check.found,
            "lost": check.lost,
            "fix": check.fix,
            "stops": list(check.stops),
        }
        for check in checks
    ]
