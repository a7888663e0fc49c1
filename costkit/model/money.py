"""Prices and costs in USD. A month is 730 hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from costkit.model.target import Target


@dataclass(frozen=True, slots=True)
class PriceSource:
    """Where a price comes from: a list's provider, region and date, a user's file, a metric, or unit prices."""

    name: str
    region: str = ""
    date: str = ""
    note: str = ""
    """What is not as it should be, such as another region's price."""


@dataclass(frozen=True, slots=True)
class NodePrice:
    """USD an hour for one node, and its split: cores x cpu + GiB x memory + GPUs x gpu == hourly."""

    hourly: float
    cpu: float
    """USD an hour and core."""
    memory: float
    """USD an hour and GiB."""
    gpu: float
    """USD an hour and GPU."""
    source: PriceSource
    known: bool
    """False where the type is in no list and unit prices stand in."""


@dataclass(frozen=True, slots=True)
class FamilyPrice:
    """On-demand price of an instance family: a node costs vCPU x per_vcpu."""

    per_vcpu: float
    gib_per_vcpu: float
    spot_discount: float | None = None
    """Share off; None where the provider publishes none."""


@dataclass(frozen=True, slots=True)
class UnitPrices:
    """For what no list knows. USD an hour and core, GiB or GPU."""

    cpu: float
    memory: float
    gpu: float
    spot_cpu: float
    spot_memory: float
    storage: float
    """USD an hour and GiB."""
    load_balancer: float
    """USD an hour."""
    source: str = "unit prices"
    date: str = ""
    on_nodes: tuple[str, ...] = ()
    """Provisioners whose volumes lie on the nodes' own disks: they cost nothing beside the nodes."""
    by_use: tuple[str, ...] = ()
    """Provisioners that bill the bytes used, not the size claimed."""


@dataclass(frozen=True, slots=True)
class DiskPrices:
    """What volumes of some provisioners cost, USD a GiB-month by disk type."""

    provisioners: tuple[str, ...]
    default: str
    """The type where a storage class names none."""
    per_gib: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PriceList:
    """One provider's list for one region."""

    provider: str
    """`aws`, `gce` or `azure`, as node.provider says it."""
    region: str
    date: str
    source: str = ""
    """What kind of list it is, for people."""
    families: Mapping[str, FamilyPrice] = field(default_factory=dict)
    types: Mapping[str, float] = field(default_factory=dict)
    """Whole instance, USD an hour, on demand."""
    spot_types: Mapping[str, float] = field(default_factory=dict)
    spot_share: float | None = None
    """Assumed spot price over on-demand price where neither a discount nor a spot price is listed."""
    disks: DiskPrices | None = None


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A line of the user's price file: USD an hour for the nodes it matches."""

    match: str
    """`node`, `instance_type` or `provider_id`."""
    value: str
    capacity_type: str
    """Empty: either."""
    hourly: float


@dataclass(frozen=True, slots=True)
class PriceBook:
    """All prices of a run, in the order in which they are asked: own, metrics, lists, unit prices."""

    own: tuple[OwnPrice, ...]
    lists: tuple[PriceList, ...]
    unit: UnitPrices
    own_source: str = ""
    """The user's file."""


@dataclass(frozen=True, slots=True)
class NodeCost:
    """A node of the window with its price; gone nodes too."""

    name: str
    instance_type: str
    capacity_type: str
    node_class: str
    hours: float
    """Of the window; those of a whole month where nodes have no history."""
    price: NodePrice
    monthly: float
    cores: float = 0.0
    gib: float = 0.0
    gpus: float = 0.0
    """What the price is split over."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """What one container cost: max(request, usage) x hours x unit price, scaled to a month."""

    target: Target
    labels: Mapping[str, str]
    monthly: float


@dataclass(frozen=True, slots=True)
class Books:
    """Where the month's money goes: nodes == allocated + idle, to the cent."""

    nodes: tuple[NodeCost, ...]
    allocations: tuple[Allocation, ...]
    idle: float
    volumes: float
    load_balancers: float
    basis: str
    """`node-hours`, or `now` where the nodes have no history: then it is one moment's nodes, not a month."""
    hours: float
    """Hours of the window that nodes were seen in."""

    @property
    def nodes_monthly(self) -> float:
        return sum(n.monthly for n in self.nodes)

    @property
    def monthly(self) -> float:
        return self.nodes_monthly + self.volumes + self.load_balancers
