"""The shipped score table: rules/scores.json in, quantiles out."""

from functools import cache

import msgspec
import numpy as np

from costkit.errors import UsageError
from costkit.model.scores import ScoreSet, ScoreTable
from costkit.settings.shipped import rules_dir

FILE = "scores.json"


class Set(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One set of traces; a score is null where the week was idle."""

    name: str
    source: str
    cpu: tuple[tuple[float | None, ...], ...] = ()
    memory: tuple[float | None, ...] = ()


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    note: str
    sets: tuple[Set, ...]


@cache
def load_scores() -> ScoreTable:
    """Of all shipped sets; UsageError where an installation's file is damaged."""
    path = rules_dir() / FILE
    try:
        file = msgspec.json.decode(path.read_bytes(), type=File)
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(f"{path}: {error}", "install costkit again") from error
    return ScoreTable(tuple(_set(one) for one in file.sets))


def _set(one: Set) -> ScoreSet:
    return ScoreSet(one.name, one.source, tuple(_array(band) for band in one.cpu), _array(one.memory))


def _array(scores: tuple[float | None, ...]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([-np.inf if score is None else score for score in scores], float)
