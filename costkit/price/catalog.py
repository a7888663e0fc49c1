"""Instance types in, list prices out: what a type's name says of its family and size, and what the lists ask for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from costkit.model.money import FamilyPrice, PriceList

_AWS = re.compile(r"([a-z][a-z0-9-]*)\.(?:(medium)|(large)|(\d*)xlarge|metal.*)")
_GCE = re.compile(r"([a-z]\d+[a-z]*-[a-z]+)-(\d+)")
_AZURE = re.compile(r"Standard_([A-Z]+)(\d+)([a-z]*_v\d+)")


@dataclass(frozen=True, slots=True)
class TypeName:
    """What a name says. AWS: large 2 vCPU, xlarge 4, Nxlarge 4 N; GCP and Azure write the number."""

    family: str
    vcpus: int | None
    """None where the name does not say (metal)."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A type's entry in a list: whole instance, or by the vCPU."""

    price_list: PriceList
    on_demand: float
    spot: float | None
    """None where the list has neither a price nor a discount."""
    family: FamilyPrice | None
    """None where the whole instance is listed, its GPUs included."""


def type_name(instance_type: str) -> TypeName | None:
    """None for a name that no provider of the lists would give."""
    if aws := _AWS.fullmatch(instance_type):
        family, medium, large, times = aws.groups()
        return TypeName(family, 1 if medium else 2 if large else None if times is None else 4 * int(times or 1))
    if gce := _GCE.fullmatch(instance_type):
        return TypeName(gce[1], int(gce[2]))
    if azure := _AZURE.fullmatch(instance_type):
        return TypeName(azure[1] + azure[3], int(azure[2]))
    return None


def listings(instance_type: str, cores: float, lists: tuple[PriceList, ...]) -> Iterator[Listing]:
    """The type's entry in each list that has it; `cores` of the machine count where the name does not say the size."""
    name = type_name(instance_type)
    for price_list in lists:
        if (whole := price_list.types.get(instance_type)) is not None:
            yield Listing(price_list, whole, price_list.spot_types.get(instance_type), None)
        elif name is not None and (family := price_list.families.get(name.family)) is not None:
            vcpus = name.vcpus or cores
            discount = family.spot_discount
            spot = None if discount is None else vcpus * family.per_vcpu * (1 - discount)
            yield Listing(price_list, vcpus * family.per_vcpu, spot, family)


def nominal_size(instance_type: str, lists: tuple[PriceList, ...]) -> tuple[float, float] | None:
    """Cores and GiB of a type as its family is sold; None where the lists do not know it or the name gives no size."""
    name = type_name(instance_type)
    if name is None or name.vcpus is None:
        return None
    family = next((p.families[name.family] for p in lists if name.family in p.families), None)
    return None if family is None else (float(name.vcpus), name.vcpus * family.gib_per_vcpu)
