"""Which containers each pod of a day had: its own while it lives, else what series and its workload tell of it.

Pods of one shard come in with what is known of them; names go out. Nothing is asked of anyone here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from costkit.collect.lived import Lived, PodKey
from costkit.model.pods import ContainerSpec, Pod
from costkit.model.target import Target

K = TypeVar("K")
Names = frozenset[str]
Key = tuple[str, ...]
"""Namespace, pod, container, and what else a query tells apart."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Names of containers that run beside the others for the pod's whole life."""

    living: Mapping[PodKey, Names]
    siblings: Mapping[Target, Names]
    """Those of all living pods of a workload: injected ones included."""
    templates: Mapping[Target, Names]
    told: Mapping[PodKey, Names] = field(default_factory=dict)
    """Those that series name."""
    told_of_others: Mapping[Target, Names] = field(default_factory=dict)
    """Those that series name, of all pods of a workload."""

    def of(self, key: PodKey, lived: Lived) -> Names:
        """Those that the pod had. Of one that is gone: what series name, else what its workload's pods have."""
        others = (known.get(lived.workload) for known in (self.siblings, self.templates, self.told_of_others))
        return next(filter(None, (self.living.get(key), self.told.get(key), *others)), frozenset())

    def sole(self, pods: Mapping[PodKey, Lived]) -> dict[PodKey, str]:
        """The one container of each pod that surely has no other."""
        found = {key: self.living.get(key) or self._perhaps(key, lived) for key, lived in pods.items()}
        return {key: next(iter(names)) for key, names in found.items() if len(names) == 1}

    def _perhaps(self, key: PodKey, lived: Lived) -> Names:
        """All that a pod that is gone may have had."""
        sources = (self.told.get(key), self.siblings.get(lived.workload), self.templates.get(lived.workload))
        return frozenset().union(*filter(None, sources))


def inside(
    living: Mapping[PodKey, Pod],
    pods: Mapping[PodKey, Lived],
    templates: Mapping[Target, Names],
    told: Iterable[Key],
) -> Inside:
    """`told` are the keys of series. A living pod of another workload has only the name of the one that day."""
    here = {key: running(pod.containers) for key, pod in living.items() if _is(pod, pods.get(key))}
    siblings = _gathered((living[key].workload, names) for key, names in here.items())
    named = _gathered(((namespace, pod), frozenset({name})) for namespace, pod, name, *_ in told)
    of_others = _gathered((pods[key].workload, names) for key, names in named.items() if key in pods)
    return Inside(here, siblings, templates, named, of_others)


def _gathered(parts: Iterable[tuple[K, Names]]) -> dict[K, Names]:
    found: dict[K, Names] = {}
    for key, names in parts:
        found[key] = found.get(key, frozenset()) | names
    return found


def running(containers: Iterable[ContainerSpec]) -> Names:
    return frozenset(c.name for c in containers if c.runs_on)


def _is(pod: Pod, lived: Lived | None) -> bool:
    return lived is not None and lived.workload == pod.workload
