"""Which price a node has, and from where: the user's file, a metric, a list, unit prices, in this order."""

from dataclasses import dataclass

from costkit.model.money import NodePrice, OwnPrice, PriceBook, PriceSource, UnitPrices
from costkit.price.catalog import Listing, listings
from costkit.price.machine import Machine

_BELIEVED = 10.0
"""A metric that is this many times above or below the estimate is a fault of its exporter, not a discount: OpenCost was
seen to report 72.8 million USD an hour (bytes taken for GiB) and 0.0067 for a 72-core node."""


@dataclass(frozen=True, slots=True)
class Quote:
    hourly: float
    source: PriceSource
    known: bool = True


def price_of(machine: Machine, metric: float | None, book: PriceBook) -> NodePrice:
    """The price of one node; `metric` is the USD an hour that a series gives for it, None where none does."""
    return split(quote(machine, metric, book), machine, book.unit)


def quote(machine: Machine, metric: float | None, book: PriceBook) -> Quote:
    if (own := _own(machine, book.own)) is not None:
        return Quote(own.hourly, PriceSource(book.own_source))
    listed = None if machine.pod_billed else _listed(machine, book)
    estimate = listed or _unit(machine, book.unit)
    if metric is None or not metric > 0:
        return estimate
    if estimate.hourly and not 1 / _BELIEVED <= metric / estimate.hourly <= _BELIEVED:
        return _with_note(estimate, f"the metric's ${metric:g} an hour is not believed")
    return Quote(metric, PriceSource("metrics"))


def split(quoted: Quote, machine: Machine, unit: UnitPrices) -> NodePrice:
    """Cores x cpu + GiB x memory + GPUs x gpu == hourly, the three in the ratio of the unit prices."""
    whole = machine.cores * unit.cpu + machine.gib * unit.memory + machine.gpus * unit.gpu
    factor = quoted.hourly / whole if whole else 0.0
    gpu = unit.gpu * factor if machine.gpus else 0.0
    return NodePrice(quoted.hourly, unit.cpu * factor, unit.memory * factor, gpu, quoted.source, quoted.known)


def _own(machine: Machine, prices: tuple[OwnPrice, ...]) -> OwnPrice | None:
    """The closest match: this very machine before its type, a line with its capacity type before one for either."""
    values = {"provider_id": machine.provider_id, "node": machine.name, "instance_type": machine.instance_type}
    closeness = list(values)
    fitting = [
        p for p in prices if values[p.match] == p.value and p.capacity_type in ("", machine.capacity_type) and p.value
    ]
    return min(fitting, key=lambda p: (closeness.index(p.match), not p.capacity_type), default=None)


def _listed(machine: Machine, book: PriceBook) -> Quote | None:
    """From the list of its provider, of its region before another's."""
    providers = {p.provider for p in book.lists}
    lists = tuple(p for p in book.lists if machine.provider == p.provider or machine.provider not in providers)
    found = listings(machine.instance_type, machine.cores, lists)
    listing = min(found, key=lambda e: e.price_list.region != machine.region, default=None)
    return None if listing is None else _quoted(listing, machine, book.unit)


def _quoted(listing: Listing, machine: Machine, unit: UnitPrices) -> Quote:
    prices = listing.price_list
    notes = [] if machine.region == prices.region else [f"{prices.region} price"]
    hourly, certain = listing.on_demand, True
    if machine.provider and machine.provider != prices.provider:
        notes.append(f"type read as one of {prices.provider}, provider is {machine.provider}")
        certain = False
    if machine.capacity_type == "spot":
        hourly, note, certain = _spot(listing, certain)
        notes += [note] if note else []
    if listing.family is not None and machine.gpus:
        hourly += machine.gpus * unit.gpu
        notes.append("attached GPUs at the unit price")
        certain = False
    source = PriceSource(prices.source or prices.provider, prices.region, prices.date, "; ".join(notes))
    return Quote(hourly, source, certain)


def _spot(listing: Listing, certain: bool) -> tuple[float, str, bool]:
    """Price, what is to be said of it, and whether it may count as known."""
    share = listing.price_list.spot_share
    if listing.spot is not None:
        return listing.spot, "", certain
    if share is not None:
        return listing.on_demand * share, f"spot assumed at {share:.0%} of on-demand", certain
    return listing.on_demand, "no spot price: on-demand price", False


def _unit(machine: Machine, unit: UnitPrices) -> Quote:
    spot = machine.capacity_type == "spot"
    cpu, memory = (unit.spot_cpu, unit.spot_memory) if spot else (unit.cpu, unit.memory)
    note = _why_unit(machine)
    if spot and machine.gpus:
        note += "; GPUs at the on-demand price"
    hourly = machine.cores * cpu + machine.gib * memory + machine.gpus * unit.gpu
    return Quote(hourly, PriceSource(unit.source, date=unit.date, note=note), known=False)


def _why_unit(machine: Machine) -> str:
    if machine.pod_billed:
        return "billed by its pods' requests"
    return f"type {machine.instance_type} is in no list" if machine.instance_type else "type unknown"


def _with_note(quoted: Quote, note: str) -> Quote:
    s = quoted.source
    source = PriceSource(s.name, s.region, s.date, f"{s.note}; {note}" if s.note else note)
    return Quote(quoted.hourly, source, quoted.known)
