"""Volumes, claims and storage classes: those of living workloads, and what others left behind.

In: the table and the span. Out: model objects. No use of them: that is in `frames`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from costkit.demo.lives import Span
from costkit.demo.names import uid
from costkit.demo.workloads import WORKLOADS
from costkit.model.objects import Claim, StorageClass, Volume
from costkit.model.pods import Meta
from costkit.model.quantities import parse
from costkit.model.window import DAY

_DRIVERS = {"gp3": "ebs.csi.aws.com", "gp2": "kubernetes.io/aws-ebs"}


@dataclass(frozen=True, slots=True)
class Held:
    """A claim with its volume; the phase of either is empty where it does not exist."""

    namespace: str
    name: str
    size: str
    storage_class: str
    claim_phase: str = "Bound"
    volume_phase: str = "Bound"
    reclaim: str = "Delete"
    days: float = 180
    """Age."""


_LEFT_BEHIND = (
    # volumes that outlived their claims
    Held("data", "data-clickhouse-old-0", "800Gi", "gp2", "", "Released", "Retain", 160),
    Held("search", "data-solr-0", "300Gi", "gp3", "", "Released", "Retain", 95),
    Held("dev", "scratch-marco", "150Gi", "gp2", "", "Released", "Retain", 40),
    # a claim that never found a volume
    Held("ml-platform", "datasets-import", "500Gi", "gp4", "Pending", "", days=21),
    # bound, and mounted by nobody
    Held("ml-platform", "data-notebook-tom-0", "100Gi", "gp2", days=130),
    Held("staging", "data-elasticsearch-0", "200Gi", "gp3", days=75),
)


def _all() -> Iterator[Held]:
    for row in WORKLOADS:
        if row.disk:
            for ordinal in range(row.replicas):
                yield Held(row.namespace, f"data-{row.name}-{ordinal}", row.disk.size, row.disk.storage_class)
    yield from _LEFT_BEHIND


def volumes(seed: int, span: Span) -> tuple[Volume, ...]:
    return tuple(
        Volume(
            meta=Meta(_volume_name(held, seed), uid=uid(seed, "pv", held.name), created=_created(held, span)),
            capacity=parse(held.size),
            storage_class=held.storage_class,
            phase=held.volume_phase,
            claim=f"{held.namespace}/{held.name}",
            reclaim=held.reclaim,
            driver=_DRIVERS[held.storage_class],
        )
        for held in _all()
        if held.volume_phase
    )


def claims(seed: int, span: Span) -> tuple[Claim, ...]:
    return tuple(
        Claim(
            meta=Meta(held.name, held.namespace, uid(seed, "pvc", held.name), _created(held, span)),
            request=parse(held.size),
            phase=held.claim_phase,
            volume=_volume_name(held, seed) if held.volume_phase else "",
            storage_class=held.storage_class,
        )
        for held in _all()
        if held.claim_phase
    )


def storage_classes(seed: int, span: Span) -> tuple[StorageClass, ...]:
    return tuple(
        StorageClass(Meta(name, uid=uid(seed, "sc", name), created=span.founded), driver, {"type": name})
        for name, driver in _DRIVERS.items()
    )


def _volume_name(held: Held, seed: int) -> str:
    return f"pvc-{uid(seed, held.namespace, held.name)}"


def _created(held: Held, span: Span) -> float:
    return span.today - held.days * DAY
