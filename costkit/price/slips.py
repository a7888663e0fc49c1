"""Prices that are ten times off: a person's own and the shipped lists go in, a check for each slip comes out.

A month's price taken for an hour's, cents for dollars, a point for a comma: a run would believe them.
"""

from collections.abc import Iterator, Sequence

from costkit.model.checkup import Check
from costkit.model.money import OwnPrice, PriceList
from costkit.price.listed import far_off, is_far

_FIX = "see that it is USD, and an hour's price"


def own_slip(where: str, price: OwnPrice, shipped: Sequence[PriceList]) -> Check | None:
    """None where the price is near the lists', or no list has the type."""
    listed = far_off(price, shipped)
    return None if listed is None else _check(where, price.value, price.hourly, listed)


def slips(lists: Sequence[PriceList], shipped: Sequence[PriceList]) -> Iterator[Check]:
    """Of lists that a person gave, type by type and family by family against the shipped ones."""
    known = {name: hourly for one in shipped for name, hourly in _prices(one).items()}
    for one in lists:
        for name, hourly in _prices(one).items():
            if hourly and known.get(name) and is_far(hourly, known[name]):
                yield _check(f"{one.provider} {one.region}", name, hourly, known[name])


def _prices(prices: PriceList) -> dict[str, float]:
    return {**{name: family.per_vcpu for name, family in prices.families.items()}, **prices.types}


def _check(where: str, name: str, hourly: float, listed: float) -> Check:
    found = f"${hourly:g} an hour for {name}, which the shipped list has at ${listed:g}"
    return Check("prices", where, "warn", found, "", _FIX)
