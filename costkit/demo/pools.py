"""The node pools: what they are made of, and the slots in which nodes stand.

In: nothing. Out: slots, in the order in which they are filled. Sizes and prices: AWS us-east-1, on demand, 2026-07-20.
"""

from dataclasses import dataclass
from functools import cache

from costkit.demo.rows import GPU
from costkit.model.nodes import CapacityType, node_class
from costkit.model.pods import ResourceMap
from costkit.model.quantities import GIBIBYTE, MEBIBYTE

REGION = "us-east-1"
_ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
_SPOT_SHARE = 0.36
"""Spot price over on-demand price, as the demo's Karpenter sees it."""


@dataclass(frozen=True, slots=True)
class InstanceType:
    name: str
    cores: int
    gibibytes: int
    hourly: float
    pods: int
    """The most that its network interfaces have addresses for."""
    gpus: int = 0

    @property
    def capacity(self) -> ResourceMap:
        """What the machine has; the hypervisor keeps 3 % of the memory."""
        gpu = {GPU: float(self.gpus)} if self.gpus else {}
        return {"cpu": float(self.cores), "memory": self._memory, "pods": float(self.pods), **gpu}

    @property
    def allocatable(self) -> ResourceMap:
        """Less what EKS reserves: 255 MiB + 11 MiB a pod + 100 MiB, and a share of the cores that falls by core."""
        reserved = 0.06 + 0.01 * (self.cores > 1) + 0.005 * (min(self.cores, 4) - 2) + 0.0025 * max(self.cores - 4, 0)
        memory = self._memory - (355 + 11 * self.pods) * MEBIBYTE
        return {**self.capacity, "cpu": round(self.cores - reserved, 4), "memory": memory}

    @property
    def _memory(self) -> float:
        return float(int(self.gibibytes * GIBIBYTE * 0.97) // MEBIBYTE * MEBIBYTE)


M6I_XLARGE = InstanceType("m6i.xlarge", 4, 16, 0.192, 58)
M6I_2XLARGE = InstanceType("m6i.2xlarge", 8, 32, 0.384, 58)
M6I_4XLARGE = InstanceType("m6i.4xlarge", 16, 64, 0.768, 234)
C6I_2XLARGE = InstanceType("c6i.2xlarge", 8, 16, 0.34, 58)
R6I_2XLARGE = InstanceType("r6i.2xlarge", 8, 64, 0.504, 58)
G5_2XLARGE = InstanceType("g5.2xlarge", 8, 32, 1.212, 58, gpus=1)
G4DN_XLARGE = InstanceType("g4dn.xlarge", 4, 16, 0.526, 29, gpus=1)


@dataclass(frozen=True, slots=True)
class Pool:
    name: str
    type: InstanceType
    standing: int
    """Nodes that are always there."""
    passing: int = 0
    """Nodes that are there while a pod needs them."""
    capacity_type: CapacityType = "on-demand"
    karpenter: bool = True
    """Else a managed node group that nobody scales."""
    taint: str = ""

    @property
    def node_class(self) -> str:
        return node_class(self.type.name, self.capacity_type, {})


POOLS = (
    Pool("system", M6I_XLARGE, standing=2, karpenter=False),
    Pool("general", M6I_2XLARGE, standing=7, passing=2),
    Pool("compute", M6I_4XLARGE, standing=2),
    Pool("memory", R6I_2XLARGE, standing=2),
    Pool("spot", C6I_2XLARGE, standing=2, passing=1, capacity_type="spot", taint="costkit.io/spot=true:NoSchedule"),
    Pool("gpu", G5_2XLARGE, standing=1, passing=2, taint=f"{GPU}=present:NoSchedule"),
    Pool("notebooks", G4DN_XLARGE, standing=1, taint=f"{GPU}=present:NoSchedule"),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one node at a time."""

    number: int
    pool: Pool
    standing: bool

    @property
    def zone(self) -> str:
        return _ZONES[self.number % len(_ZONES)]

    @property
    def price(self) -> float:
        """USD an hour as Karpenter's metrics give it; NaN for a node that is not Karpenter's."""
        if not self.pool.karpenter:
            return float("nan")
        share = _SPOT_SHARE if self.pool.capacity_type == "spot" else 1.0
        return round(self.pool.type.hourly * share, 4)


@cache
def slots() -> tuple[Slot, ...]:
    places = [(pool, i < pool.standing) for pool in POOLS for i in range(pool.standing + pool.passing)]
    return tuple(Slot(number, pool, standing) for number, (pool, standing) in enumerate(places))
