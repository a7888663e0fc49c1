"""Each key of the rules with its value in force, and the file and line that it comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from costkit.settings.places import Place, places
from costkit.settings.policies import load_policies
from costkit.settings.shipped import rules_dir

_FILE = "rightsize.yaml"


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    """Such as `defaults.cpu.margin`; of a class only what it says itself: the rest it has from `defaults`."""
    value: str
    """As it is written."""
    source: str
    """The user's file, or the name of a shipped one."""
    line: int


def rules_in_force(rules: Path | None) -> Iterator[Rule]:
    """The shipped rules, and over them key by key those of the folder `rules`. UsageError as with `load_policies`."""
    load_policies(rules)
    own = None if rules is None else rules / _FILE
    written = places(own) if own is not None and own.is_file() else {}
    shipped = {key: place for key, place in places(rules_dir() / _FILE).items() if not _replaced(key, written)}
    yield from _rules(shipped, _FILE)
    yield from _rules(written, str(own))


def _replaced(key: str, own: Mapping[str, Place]) -> bool:
    """A mapping is laid over a mapping; anything else, a list above all, takes the place of what was there."""
    parts = key.replace("[", ".[").split(".")
    above = (".".join(parts[:count]).replace(".[", "[") for count in range(1, len(parts) + 1))
    return any(one in own and own[one].kind != "mapping" for one in above)


def _rules(found: Mapping[str, Place], source: str) -> Iterator[Rule]:
    """Entries of a list that have a name stand under it, not under their number, too."""
    named = {(place.line, _last(key)) for key, place in found.items() if "[" not in key}
    for key, place in found.items():
        if place.kind == "value" and ("[" not in key or (place.line, _last(key)) not in named):
            yield Rule(key, place.text, source, place.line)


def _last(key: str) -> str:
    return key.rpartition(".")[2]
