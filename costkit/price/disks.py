"""Volumes and load balancers in, USD a month out: what a cluster pays beside its nodes."""

from collections.abc import Mapping

import pyarrow as pa

from costkit.model.cluster import Cluster
from costkit.model.listed import known
from costkit.model.money import DiskPrices, PriceBook
from costkit.model.objects import StorageClass, Volume
from costkit.model.quantities import GIBIBYTE
from costkit.model.window import MONTH_HOURS


def volumes_monthly(cluster: Cluster, used: pa.Table, book: PriceBook) -> float:
    """All PersistentVolumes, bound or not: a disk is billed while it exists. `used` is the frame `volumes`."""
    classes = {c.meta.name: c for c in known(cluster.storage_classes)}
    bytes_used = _latest(used)
    return sum(
        _gib(volume, book, bytes_used) * price_per_gib(volume, classes.get(volume.storage_class), book)
        for volume in known(cluster.volumes)
    )


def price_per_gib(volume: Volume, storage_class: StorageClass | None, book: PriceBook) -> float:
    """USD a GiB-month by provisioner and disk type; the provisioner's default type where its class names none."""
    driver = _driver(volume, storage_class)
    if driver in book.unit.on_nodes:
        return 0.0
    disks = next((p.disks for p in book.lists if p.disks is not None and driver in p.disks.provisioners), None)
    fallback = book.unit.storage * MONTH_HOURS
    return fallback if disks is None else disks.per_gib.get(_type(storage_class, disks), fallback)


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


def _gib(volume: Volume, book: PriceBook, bytes_used: Mapping[str, float]) -> float:
    """Bytes used where the provisioner bills those, nothing where no series tells them; else the size."""
    if volume.driver in book.unit.by_use:
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
