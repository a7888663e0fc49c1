"""Where a flag's value comes from when it is not given: COSTKIT_* first, then a YAML file of flags."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cyclopts import App
from cyclopts.argument import ArgumentCollection, update_argument_collection
from cyclopts.config import Env

from costkit.errors import UsageError

_DEFAULT = Path("costkit.yaml")

Source = Callable[[App, tuple[str, ...], ArgumentCollection], None]
"""Fills what has no value yet."""


@dataclass(frozen=True, slots=True)
class File:
    """A YAML file of flags; without a path there is none."""

    path: Path | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    def sources(self) -> "list[Source]":
        """In the order in which they are asked. Keys of other commands are passed over: `check` looks at them all."""
        return [Env("COSTKIT_", command=False), *([self._fill] if self.values else [])]

    def _fill(self, app: App, commands: tuple[str, ...], arguments: ArgumentCollection) -> None:
        """Not by cyclopts' own Dict: it leaves out keys that are commands, too, such as `history`."""
        del commands
        values = {key: value for key, value in self.values.items() if value is not None}
        apps = app.app_stack.stack[-1]
        update_argument_collection(values, str(self.path), arguments, apps, root_keys=(), allow_unknown=True)

    def check(self, commands: Iterable[App]) -> None:
        """UsageError for a key that is no flag of any command."""
        if not self.values:
            return
        arguments = [a for command in commands for a in command.assemble_argument_collection()]
        known = {name.removeprefix("--") for a in arguments for name in a.names if name.startswith("--")}
        for key in self.values:
            if key.replace("_", "-") not in known:
                raise UsageError(f"{self.path}: unknown key {key!r}", f"keys are flags: {', '.join(sorted(known))}")


def config_file(words: list[str]) -> tuple[list[str], File]:
    """The words without `--config FILE`, and what the file holds.

    UsageError if the file that was named is not there or is no YAML. `costkit.yaml` in this folder is read where
    neither --config nor COSTKIT_CONFIG names one.
    """
    rest, named = _named(words)
    named = named if named is not None else os.environ.get("COSTKIT_CONFIG")
    path = Path(named) if named is not None else _DEFAULT
    if named is not None and not path.is_file():
        raise UsageError(f"there is no file {named}", "--config names a YAML file of flags, such as `window: 28d`")
    return rest, _read(path) if path.is_file() else File()


def _read(path: Path) -> File:
    from costkit.settings.yaml import read_mapping  # not for `--help` where there is no file

    values = read_mapping(path)
    odd = next((key for key, value in values.items() if isinstance(value, Mapping)), None)
    if odd is not None:
        raise UsageError(f"{path}: {odd!r} holds a mapping, and no flag does", "write it as `window: 28d`")
    return File(path, values)


def _named(words: list[str]) -> tuple[list[str], str | None]:
    for place, word in enumerate(words):
        if word.startswith("--config="):
            return [*words[:place], *words[place + 1 :]], word.partition("=")[2]
        if word == "--config":
            if place + 1 == len(words):
                raise UsageError("--config names no file", "write it as --config costkit.yaml")
            return [*words[:place], *words[place + 2 :]], words[place + 1]
    return words, None
