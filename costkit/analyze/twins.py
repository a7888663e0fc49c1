"""The idle one of a pair is not small: after the switch it does the busy one's work, so it is given that one's use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from costkit.analyze.counterparts import Counterpart, Counterparts, counterparts
from costkit.model.cluster import Cluster
from costkit.model.facts import ResourceProfile, Twin
from costkit.model.listed import known
from costkit.model.sketch import percentile
from costkit.model.target import Target

_IDLE = 0.1
"""Use of the idle one over the busy one's. Two that share the load, or are shards, are both far above it."""
_BUSY = 0.02
"""Cores: where neither does anything, there is nothing to size the other by."""

Profiles = Mapping[tuple[Target, str], ResourceProfile]


def heat(cpu: ResourceProfile) -> float:
    """Cores: the 95th percentile of the hottest pods."""
    return percentile(cpu.hottest, 0.95, cpu.hottest_peak, cpu.resource)


@dataclass(frozen=True, slots=True)
class Twins:
    others: Counterparts
    images: Mapping[Target, str]
    """Container -> its image in the template, without tag and digest."""
    profiles: Profiles

    @classmethod
    def of(cls, cluster: Cluster, profiles: Profiles) -> "Twins":
        """Services that could not be read make no pairs: names still do."""
        workloads = known(cluster.workloads)
        images = {w.target.of(c.name): _repository(c.image) for w in workloads for c in w.containers}
        return cls(counterparts(workloads, known(cluster.services)), images, profiles)

    def twin(self, container: Target) -> Twin | None:
        """The busiest of its counterparts, where one of the two is idle beside the other."""
        own = self.profiles.get((container, "cpu"))
        pairs = {
            other.workload.of(container.container): other.why
            for other in self.others.get(container.workload, ())
            if self._is_pair(container, other)
        }
        if own is None or not pairs:
            return None
        used, busiest = max((heat(self.profiles[one, "cpu"]), one) for one in pairs)
        idle, busy = sorted((used, heat(own)))
        if busy < _BUSY or idle > _IDLE * busy:
            return None
        profiles = (self.profiles.get((busiest, resource)) for resource in ("cpu", "memory"))
        return Twin(busiest, pairs[busiest], *profiles)

    def _is_pair(self, container: Target, other: Counterpart) -> bool:
        its = other.workload.of(container.container)
        same = not other.same_image or self.images.get(container) == self.images.get(its)
        return same and (its, "cpu") in self.profiles


def _repository(image: str) -> str:
    return re.sub(r":[^:/]*$", "", image.partition("@")[0])
