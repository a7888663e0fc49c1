"""Workloads of which one serves and another waits: blue and green, a and b, v1 and v2, an active one and its standby.

Told by names, and by Services whose selector takes in both, or would with another color in it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from costkit.model.objects import Service, Workload
from costkit.model.target import Target

_COLORS = frozenset({"blue", "green"})
_SUFFIXES = frozenset({"a", "b"})
"""As the last word alone: elsewhere they stand for many things."""
_VERSION = re.compile(r"v\d+")
_STANDBY = frozenset({"standby", "passive", "failover", "dr"})
_ACTIVE = frozenset({"active", "primary"})
_MOST = 4
"""Workloads that one Service takes in; where there are more it stands before a platform, not before a pair."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    workload: Target
    why: str
    same_image: bool
    """Whether they are a pair only where both run one image: shards, too, are called a and b."""


Counterparts = Mapping[Target, Sequence[Counterpart]]
"""Workload -> those that may be its other color."""


class _Stem(NamedTuple):
    family: str
    namespace: str
    kind: str
    api_version: str
    name: str
    """Without the color."""


def is_standby(name: str) -> bool:
    return any(word in _STANDBY for word in name.split("-"))


def counterparts(workloads: Sequence[Workload], services: Iterable[Service]) -> Counterparts:
    found: dict[Target, list[Counterpart]] = defaultdict(list)
    for one, other in (*_by_name(workloads), *_by_service(workloads, services)):
        found[one].append(other)
    return found


def _by_name(workloads: Iterable[Workload]) -> Iterator[tuple[Target, Counterpart]]:
    """Names of one namespace that are the same but for their color."""
    members: dict[_Stem, list[tuple[Target, str]]] = defaultdict(list)
    for workload in workloads:
        for stem, color in _stems(workload.target):
            members[stem].append((workload.target, color))
    for stem, held in members.items():
        for one, color in held:
            for other, another in held:
                if color != another:
                    yield one, Counterpart(other, _differ(color, another), stem.family in ("suffix", "version"))


def _differ(color: str, another: str) -> str:
    return f"their names differ by {' and '.join(sorted((color, another)))}"


def _stems(target: Target) -> Iterator[tuple[_Stem, str]]:
    """The name without its color, and the color; a name without any is that of a standby's active one."""
    words = target.name.split("-")
    place = (target.namespace, target.kind, target.api_version)
    for i, word in enumerate(words):
        family = _family(word, is_last=0 < i == len(words) - 1)
        if family:
            yield _Stem(family, *place, "-".join((*words[:i], "*", *words[i + 1 :]))), word
    rest = "-".join(word for word in words if word not in _STANDBY | _ACTIVE)
    yield _Stem("standby", *place, rest), "standby" if is_standby(target.name) else "active"


def _family(word: str, *, is_last: bool) -> str:
    if word in _COLORS:
        return "color"
    if _VERSION.fullmatch(word):
        return "version"
    return "suffix" if word in _SUFFIXES and is_last else ""


def _by_service(workloads: Iterable[Workload], services: Iterable[Service]) -> Iterator[tuple[Target, Counterpart]]:
    labelled: dict[tuple[str, str, str], set[Target]] = defaultdict(set)
    for workload in workloads:
        for key, value in workload.template_labels.items():
            labelled[(workload.target.namespace, key, value)].add(workload.target)
    for service in services:
        fixed = {key: value for key, value in service.selector.items() if not _is_color(value)}
        if fixed:
            takes = "takes in both" if len(fixed) == len(service.selector) else "switches between them"
            sets = [labelled.get((service.meta.namespace, *label), set()) for label in fixed.items()]
            yield from _pairs(set.intersection(*sets), f"Service {service.meta.name} {takes}")


def _pairs(taken: set[Target], why: str) -> Iterator[tuple[Target, Counterpart]]:
    for one in taken if len(taken) <= _MOST else ():
        yield from ((one, Counterpart(other, why, same_image=True)) for other in taken if other != one)


def _is_color(value: str) -> bool:
    return value in _COLORS | _STANDBY | _ACTIVE or _VERSION.fullmatch(value) is not None
