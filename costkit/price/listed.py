"""A price book as rows: every price that is in force, and whether a price is far from what a list says of its type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from costkit.model.money import FamilyPrice, OwnPrice, PriceBook, PriceList
from costkit.model.policy import glob_matches
from costkit.price.catalog import Listing, listings

_FAR = 10.0
"""A price so many times above or below a list's is more likely a slip (a month's price, cents) than a discount."""


@dataclass(frozen=True, slots=True)
class PriceRow:
    """USD an hour for a whole node, or for each vCPU of any node of a family."""

    type: str
    """An instance type, a family, or what the user's file names."""
    per: Literal["node", "vCPU"]
    capacity_type: str
    """Empty: either."""
    hourly: float
    source: str
    provider: str = ""
    region: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows; empty: all. `type` is an instance type, a family, or a glob of either with `*`."""

    provider: str = ""
    region: str = ""
    type: str = ""


def price_rows(book: PriceBook, asked: Asked) -> Iterator[PriceRow]:
    """The user's own first, then list by list. A type that only its family prices is given when it is asked for."""
    if not asked.provider and not asked.region:
        yield from (row for row in map(_own, book.own, (book.own_source,) * len(book.own)) if _fits(row.type, asked))
    for prices in book.lists:
        if asked.provider in ("", prices.provider) and asked.region in ("", prices.region):
            yield from _of_list(prices, asked)


def far_off(price: OwnPrice, lists: Sequence[PriceList]) -> float | None:
    """What a list asks for the type, USD an hour, where the price is ten times above or below all lists; else None."""
    if price.match != "instance_type" or not price.hourly:
        return None
    found = [_asked_price(one, price.capacity_type) for one in listings(price.value, 0.0, tuple(lists))]
    known = [hourly for hourly in found if hourly > 0]
    return known[0] if known and all(is_far(price.hourly, hourly) for hourly in known) else None


def is_far(hourly: float, listed: float) -> bool:
    return not 1 / _FAR < hourly / listed < _FAR


def _own(price: OwnPrice, source: str) -> PriceRow:
    return PriceRow(price.value, "node", price.capacity_type, price.hourly, source)


def _fits(name: str, asked: Asked) -> bool:
    return not asked.type or glob_matches(asked.type, name)


def _of_list(prices: PriceList, asked: Asked) -> Iterator[PriceRow]:
    for name, family in prices.families.items():
        if _fits(name, asked):
            yield from _pair(prices, name, "vCPU", (family.per_vcpu, _family_spot(family)))
    for name, hourly in prices.types.items():
        if _fits(name, asked):
            yield from _pair(prices, name, "node", (hourly, prices.spot_types.get(name)))
    if asked.type and asked.type not in prices.types and asked.type not in prices.families:
        for one in listings(asked.type, 0.0, (prices,)):
            if one.on_demand:  # the name says how many vCPUs it has
                yield from _pair(prices, asked.type, "node", (one.on_demand, one.spot))


def _spot(on_demand: float, share: float) -> float:
    return round(on_demand * share, 6)


def _pair(
    prices: PriceList, name: str, per: Literal["node", "vCPU"], hourly: tuple[float, float | None]
) -> Iterator[PriceRow]:
    """On demand, and spot where the list has a price or a share to assume."""
    on_demand, spot = hourly
    source = (prices.source or prices.provider, prices.provider, prices.region, prices.date)
    yield PriceRow(name, per, "on-demand", on_demand, *source)
    if spot is not None:
        yield PriceRow(name, per, "spot", spot, *source)
    elif prices.spot_share is not None:
        note = f"assumed at {prices.spot_share:.0%} of on-demand"
        yield PriceRow(name, per, "spot", _spot(on_demand, prices.spot_share), *source, note)


def _family_spot(family: FamilyPrice) -> float | None:
    return None if family.spot_discount is None else _spot(family.per_vcpu, 1 - family.spot_discount)


def _asked_price(listing: Listing, capacity_type: str) -> float:
    return listing.spot if capacity_type == "spot" and listing.spot is not None else listing.on_demand
