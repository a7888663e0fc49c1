"""Which series that the product asks for are there: counts by metric go in, a check a metric comes out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from costkit.collect.doctor.needs import NEEDS, OPTIONAL, OWNER, STAND_INS, Need
from costkit.model.checkup import Check
from costkit.model.cluster import Cluster

_EXPORTERS = {
    "container_": "scrape the kubelets' /metrics/cadvisor, and drop none of this name (metric_relabel_configs)",
    "kubelet_": "scrape the kubelets' /metrics, and drop none of this name (metric_relabel_configs)",
    "kube_": "let kube-state-metrics (2.x) give it: see its --resources, --metric-allowlist and --metric-denylist",
    "DCGM_": "run NVIDIA's dcgm-exporter on the nodes with GPUs, and scrape it",
}
"""Beginning of a metric's name -> what to do where it lacks."""
_NO_STATE_METRICS = "run kube-state-metrics and scrape it: not one of its series is there"


@dataclass(frozen=True, slots=True)
class Series:
    """What is there of the metrics that are read."""

    counts: Mapping[str, int]
    """Metric -> series now, or on the last day where there are none now."""
    gone: float | None = None
    """Share of the last day's samples that are of pods which are gone; None where nothing tells."""


def series(found: Series, cluster: Cluster) -> Iterator[Check]:
    for need in NEEDS:
        for name in need.metrics:
            count = found.counts.get(name, 0)
            yield _there(name, count) if count else _absent(need, name, found, cluster)
    for name, meaning in OPTIONAL.items():
        count = found.counts.get(name, 0)
        yield _there(name, count) if count else Check("series", name, "ok", f"absent: {meaning}")


def _there(name: str, count: int) -> Check:
    return Check("series", name, "ok", f"{count} series")


def _absent(need: Need, name: str, found: Series, cluster: Cluster) -> Check:
    stand_in = next((one for one in STAND_INS.get(name, ()) if found.counts.get(one)), None)
    if stand_in is not None:
        return Check("series", name, "ok", f"absent: {stand_in} is read in its place")
    if need.thing and not need.thing.is_in(cluster):
        return Check("series", name, "ok", f"absent: no {need.thing.name} is known here")
    share = f" ({found.gone:.0%} of samples)" if name in OWNER and found.gone is not None else ""
    return Check("series", name, need.level, "absent", need.lost + share, _fix(name, found.counts), need.stops)


def _fix(name: str, counts: Mapping[str, int]) -> str:
    if name.startswith("kube_") and not any(one.startswith("kube_") for one, count in counts.items() if count):
        return _NO_STATE_METRICS
    return next(text for prefix, text in _EXPORTERS.items() if name.startswith(prefix))
