"""Checks files that a person wrote with the code that reads them for a run: paths in, a check a file or line out."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from ruamel.yaml.error import YAMLError

from costkit.errors import UsageError
from costkit.model.checkup import Check
from costkit.model.money import OwnPrice
from costkit.settings.places import line_of, places
from costkit.settings.policies import load_policies
from costkit.settings.prices import UNIT_FILE, own_lines, read_list, read_unit
from costkit.settings.scores import FILE as SCORES
from costkit.settings.scores import load_scores
from costkit.settings.shipped import rules_dir

_RULES = "rightsize.yaml"
_PRICES = "prices"


def rules_checks(folder: Path) -> Iterator[Check]:
    """Every file of a folder of rules, price lists included; UsageError where there is no such folder."""
    require_folder(folder)
    for path in sorted(folder.iterdir()):
        if path.name == _PRICES and path.is_dir():
            yield from list_checks(folder)
        elif path.name == _RULES:
            yield _file("rules", path, partial(load_policies, folder))
        elif path == rules_dir() / SCORES:
            yield _file("rules", path, load_scores)
        else:
            fix = f"rules stand in {_RULES}, price lists in {_PRICES}/*.yaml"
            yield Check("rules", str(path), "warn", "nothing reads a file of this name", "what it says", fix)


def list_checks(folder: Path) -> Iterator[Check]:
    """Every price list of a folder of rules."""
    for path in sorted((folder / _PRICES).glob("*")):
        if path.suffix != ".yaml":
            yield Check("prices", str(path), "warn", "not read: no .yaml", "what it says", "let its name end in .yaml")
        elif path.name == UNIT_FILE:
            yield _file("prices", path, partial(read_unit, path))
        else:
            yield _file("prices", path, partial(read_list, path))


def own_price_checks(path: Path) -> Iterator[tuple[Check, OwnPrice | None]]:
    """Each line of the user's CSV: its check, and its price where it has one."""
    try:
        for number, line in own_lines(path):
            where = f"{path} line {number}"
            if isinstance(line, UsageError):
                found = line.message.removeprefix(where).removeprefix(": ")
                yield Check("prices", where, "FAIL", found, "", line.hint), None
            else:
                shown = f"${line.hourly:g} an hour for {line.value}"
                yield Check("prices", where, "ok", f"{shown}{line.capacity_type and f' ({line.capacity_type})'}"), line
    except UsageError as error:
        yield Check("prices", str(path), "FAIL", _without(path, error.message), "", error.hint), None


def require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}", "--rules names a folder of files such as rightsize.yaml")


def _file(group: str, path: Path, read: Callable[[], object]) -> Check:
    try:
        read()
    except UsageError as error:
        found = _without(path, error.message)
        line = _line(path, error.message)
        return Check(group, f"{path} line {line}" if line else str(path), "FAIL", found, "", error.hint)
    return Check(group, str(path), "ok", "can be followed")


def _without(path: Path, message: str) -> str:
    return message.removeprefix(str(path)).removeprefix(":").strip()


def _line(path: Path, message: str) -> int | None:
    """None where the message has the line, or the file has none to show."""
    try:
        return line_of(message.removeprefix(str(path)), places(path))
    except (OSError, UnicodeDecodeError, YAMLError):
        return None
