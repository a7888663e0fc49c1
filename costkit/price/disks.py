"""Volumes and load balancers in, USD a month out: what a cluster pays beside its nodes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa

from costkit.model.cluster import Cluster
from costkit.model.listed import known
from costkit.model.money import DiskPrices, PriceBook
from costkit.model.objects import StorageClass, Volume
from costkit.model.quantities import GIBIBYTE
from costkit.model.window import MONTH_HOURS


@dataclass(frozen=True, slots=True)
class VolumeMonth:
    """What all volumes cost a month, USD."""

    monthly: float
    stand_in: Mapping[str, float]
    """Why a list gives no price -> the part of it that is at the unit price for that."""


class DiskPrice(NamedTuple):
    per_gib: float
    """USD a GiB-month."""
    note: str = ""
    """Why it is the unit price; empty where it is not."""


def volumes_month(cluster: Cluster, used: pa.Table, book: PriceBook) -> VolumeMonth:
    """All PersistentVolumes, bound or not: a disk is billed while it exists. `used` is the frame `volumes`."""
    classes = {c.meta.name: c for c in known(cluster.storage_classes)}
    bytes_used = _latest(used)
    total, stand_in = 0.0, dict[str, float]()
    for volume in known(cluster.volumes):
        storage_class = classes.get(volume.storage_class)
        driver = _driver(volume, storage_class)
        price = disk_price(driver, storage_class, book)
        monthly = _gib(volume, driver, book, bytes_used) * price.per_gib
        total += monthly
        if price.note and monthly:
            stand_in[price.note] = stand_in.get(price.note, 0.0) + monthly
    return VolumeMonth(total, stand_in)


def disk_price(driver: str, storage_class: StorageClass | None, book: PriceBook) -> DiskPrice:
    """By provisioner and disk type; the provisioner's default type where its class names none."""
    if driver in book.unit.on_nodes:
        return DiskPrice(0.0)
    unit = book.unit.storage * MONTH_HOURS
    disks = next((p.disks for p in book.lists if p.disks is not None and driver in p.disks.provisioners), None)
    if disks is None:
        return DiskPrice(unit, f"disks of {driver} are in no list" if driver else "disks of a provisioner not known")
    disk_type = _type(storage_class, disks)
    if disk_type not in disks.per_gib:
        return DiskPrice(unit, f"disk type {disk_type} of {driver} is in no list")
    return DiskPrice(disks.per_gib[disk_type])


def load_balancers_monthly(cluster: Cluster, book: PriceBook) -> float:
    """Services of type LoadBalancer; those that an Ingress made are in no list."""
    balancers = [s for s in known(cluster.services) if s.type == "LoadBalancer"]
    return len(balancers) * book.unit.load_balancer * MONTH_HOURS


def _driver(volume: Volume, storage_class: StorageClass | None) -> str:
    return volume.driver or (storage_class.provisioner if storage_class else "")


def _type(storage_class: StorageClass | None, disks: DiskPrices) -> str:
    named = next(iter(storage_class.parameters.values()), "") if storage_class else ""
    return next(
        (known_type for known_type in disks.per_gib if known_type.lower() == named.lower()), named or disks.default
    )


def _gib(volume: Volume, driver: str, book: PriceBook, bytes_used: Mapping[str, float]) -> float:
    """Bytes used where the provisioner bills those, nothing where no series tells them; else the size."""
    if driver in book.unit.by_use:
        return bytes_used.get(volume.claim, 0.0) / GIBIBYTE
    return volume.capacity / GIBIBYTE


def _latest(used: pa.Table) -> dict[str, float]:
    """namespace/name of each claim -> bytes used on its last day that has a figure."""
    rows = used.select(["day", "namespace", "claim", "used"]).to_pylist()
    return {
        f"{row['namespace']}/{row['claim']}": row["used"]
        for row in sorted(rows, key=lambda r: r["day"])
        if row["used"] is not None and row["used"] >= 0
    }
