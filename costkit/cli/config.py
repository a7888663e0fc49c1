"""Where a flag's value comes from when it is not given: COSTKIT_* first, then a YAML file."""

from pathlib import Path

from cyclopts.config import Env, Yaml

from costkit.errors import UsageError

_DEFAULT = Path("costkit.yaml")


def config_file(words: list[str]) -> "tuple[list[str], list[Env | Yaml]]":
    """The words without `--config FILE`, and the sources in the order in which they are asked.

    UsageError if the file that was named is not there; `costkit.yaml` in this folder is read where none is named.
    """
    rest, named = _named(words)
    path = Path(named) if named is not None else _DEFAULT
    if named is not None and not path.is_file():
        raise UsageError(f"there is no file {named}", "--config names a YAML file of flags, such as `window: 28d`")
    file = [Yaml(path, use_commands_as_keys=False, allow_unknown=False)] if path.is_file() else []
    return rest, [Env("COSTKIT_", command=False), *file]


def _named(words: list[str]) -> tuple[list[str], str | None]:
    for place, word in enumerate(words):
        if word.startswith("--config="):
            return [*words[:place], *words[place + 1 :]], word.partition("=")[2]
        if word == "--config":
            if place + 1 == len(words):
                raise UsageError("--config names no file", "write it as --config costkit.yaml")
            return [*words[:place], *words[place + 2 :]], words[place + 1]
    return words, None
