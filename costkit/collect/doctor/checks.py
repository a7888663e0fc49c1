"""Looks at a cluster and its Prometheus before any work is done: what a collection would meet, a check a line.

Each check judges what was read, in a module of its own; here it is read, and what raises becomes a line like others.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from costkit.collect import queries as q
from costkit.collect.doctor.access import IDENTITY_RIGHT, access, lists, read_rights
from costkit.collect.doctor.metrics import About, metrics_checks, node_prices, reachable
from costkit.collect.doctor.part import Loss, ran
from costkit.collect.doctor.time import Wanted, clock
from costkit.collect.kube import read_cluster
from costkit.connect.access import Account, Right, who_am_i
from costkit.connect.kube import Kube
from costkit.connect.prometheus import Prometheus
from costkit.connect.storage import Storage
from costkit.errors import CostkitError
from costkit.model.checkup import Check
from costkit.model.cluster import Cluster, Coverage
from costkit.model.listed import known

_ALL = Loss("everything", ("recommend",))
_NO_METRICS = Loss("sizes; costs of what is requested now are told all the same", ("rightsize",))
_FIND_PROMETHEUS = (
    "--prometheus-url http://localhost:9090, after kubectl -n monitoring port-forward svc/prometheus-operated 9090"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is looked at, and how."""

    kube: Callable[[], Kube]
    """Opens the connection: that it fails is a check's finding."""
    prometheus: Prometheus | None
    """None where no address was given: then it is looked for in the cluster."""
    discover: Callable[[Kube], tuple[Prometheus | None, Coverage]]
    selector: tuple[str, ...]
    wanted: Wanted
    history: str
    """Folder or URL; empty where none is given."""
    now: Callable[[], float]
    cluster_name: str = ""
    configured: tuple[q.Query, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """All checks but that of prices, and what prices are asked for."""

    checks: tuple[Check, ...]
    cluster: Cluster
    """Its lists are Missing where they could not be read."""
    hourly: Mapping[str, float] | None
    """Node -> USD an hour that a series gives; None without a Prometheus."""


@dataclass
class _Seen:
    """What is known so far."""

    cluster: Cluster = field(default_factory=lambda: Cluster("", ""))
    rights: dict[Right, bool] = field(default_factory=dict)
    prometheus: Prometheus | None = None


def examine(ask: Ask) -> Examined:
    """Three sides at once at first, so that servers that never answer are waited for together."""
    seen = _Seen(prometheus=ask.prometheus)
    with ThreadPoolExecutor(2) as pool:
        history = pool.submit(_history_checks, ask)
        named = pool.submit(_reached, ask.prometheus, ask)
        checks = [*_cluster_checks(ask, seen), *named.result()]
        if ask.prometheus is None:
            checks += _reached(seen.prometheus, ask)
        hourly: Mapping[str, float] | None = None
        if seen.prometheus is not None and not any(check.group == "prometheus" and check.stops for check in checks):
            with seen.prometheus as prometheus:
                about = About(ask.selector, ask.wanted, seen.cluster, ask.configured, ask.now)
                checks += metrics_checks(prometheus, about)
                hourly = node_prices(prometheus, about)
        return Examined((*checks, *history.result()), seen.cluster, hourly)


def _reached(prometheus: Prometheus | None, ask: Ask) -> tuple[Check, ...]:
    return () if prometheus is None else reachable(prometheus, ask.wanted.window)


def _cluster_checks(ask: Ask, seen: _Seen) -> Iterator[Check]:
    """Nothing more is asked of a server that does not answer."""
    try:
        kube = ask.kube()
    except CostkitError as error:
        yield Check("API server", "connection", "FAIL", error.message, _ALL.text, error.hint, _ALL.stops)
        return
    with kube:
        account = ran("API server", "connection", _ALL, partial(_account, ask, kube))
        yield from account
        if any(check.level == "FAIL" for check in account if check.group == "API server"):
            return
        yield from ran("access", "all", Loss("the check of what may be read"), partial(_access, kube, seen))
        if seen.rights.get(IDENTITY_RIGHT, True):
            yield from ran("cluster", "lists", _ALL, partial(_lists, ask, kube, seen))
        if ask.prometheus is None:
            yield from ran("prometheus", "service", _NO_METRICS, partial(_discovered, ask, kube, seen))


def _account(ask: Ask, kube: Kube) -> Iterator[Check]:
    before = ask.now()
    account = who_am_i(kube)
    here = (before + ask.now()) / 2
    yield Check("API server", "connection", "ok", f"{kube.host} answers{_as(account)}")
    # The header has no fractions of a second: half of one is the least wrong.
    yield clock("API server", None if account.date is None else account.date + 0.5, here)


def _as(account: Account) -> str:
    return f"; this account is {account.name}" if account.name else ""


def _access(kube: Kube, seen: _Seen) -> Iterable[Check]:
    seen.rights = read_rights(kube)
    return access(seen.rights)


def _lists(ask: Ask, kube: Kube, seen: _Seen) -> Iterator[Check]:
    seen.cluster, _ = read_cluster(kube, ask.cluster_name)
    cluster = seen.cluster
    version = f", Kubernetes {cluster.version}" if cluster.version else ""
    held = (
        f"{len(known(cluster.nodes))} nodes, {len(known(cluster.pods))} pods, {len(known(cluster.workloads))} workloads"
    )
    yield Check("cluster", cluster.name, "ok", held + version)
    yield from lists(cluster.coverage, seen.rights)


def _discovered(ask: Ask, kube: Kube, seen: _Seen) -> Iterator[Check]:
    seen.prometheus, note = ask.discover(kube)
    if seen.prometheus is None:
        yield Check("prometheus", "service", "warn", note.detail, _NO_METRICS.text, _FIND_PROMETHEUS, _NO_METRICS.stops)
    else:
        yield Check("prometheus", "service", "ok", note.detail)


def _history_checks(ask: Ask) -> tuple[Check, ...]:
    if not ask.history:
        return ()
    return ran("history", "storage", Loss("days kept for later runs"), partial(_writable, ask.history))


def _writable(url: str) -> Iterator[Check]:
    storage = Storage.open(url)
    probe = f".doctor-{secrets.token_hex(8)}"
    storage.write(probe, b"written by costkit doctor, to be removed at once\n")
    storage.remove(probe)
    yield Check("history", "storage", "ok", f"{storage.url} can be written to")
