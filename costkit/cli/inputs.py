"""From flags to what the pipeline takes: a snapshot, and the request for a plan."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from costkit import pipeline
from costkit.cli.flags import ClusterFlags, MetricsFlags, PlanFlags, ReadingFlags, SourceFlags, TalkFlags
from costkit.cli.metrics import in_cluster, metrics_endpoint
from costkit.cli.talk import complain, progress, say
from costkit.collect.source import Source
from costkit.errors import SnapshotError, UsageError
from costkit.k8s.selectors import parse_selector
from costkit.model.labels import DEFAULT_KEYS
from costkit.model.recommendation import RISKS, Risk
from costkit.model.snapshot import Snapshot
from costkit.model.window import DAY, LONGEST, Window
from costkit.recommend.catalog import kinds
from costkit.recommend.selected import Selection
from costkit.settings.policies import load_policies
from costkit.settings.prices import load_prices
from costkit.settings.values import moment, seconds

if TYPE_CHECKING:
    from costkit.connect.kube import Access
    from costkit.history.store import History


@dataclass(frozen=True, slots=True)
class Where:
    """Everything that says where data comes from."""

    cluster: ClusterFlags
    metrics: MetricsFlags
    reading: ReadingFlags
    source: SourceFlags
    talk: TalkFlags
    reach: float = LONGEST
    """Days that a history is filled back."""


def snapshot(where: Where) -> Snapshot:
    """Read from the file that was named, else taken of the cluster now."""
    at = past_moment(where.source.at)
    if where.source.snapshot is not None:
        from costkit.history.snapshots import read_snapshot

        read = read_snapshot(where.source.snapshot)
        return pipeline.as_of(read, read.taken_at if where.source.at == "now" else at)
    return take(where, at)


def past_moment(text: str) -> float:
    """What `--at` means, unix seconds; UsageError for what is to come: nothing is known of it."""
    now = time.time()
    at = moment("--at", text, now)
    if at > now:
        raise UsageError(f"--at {text} lies in the future", "give a moment that has passed, or leave it out")
    return at


def take(where: Where, at: float) -> Snapshot:
    """A snapshot of the cluster, its metrics up to `at`; days that the history has are not read again."""
    window, kept = window_of(where.reading.window, at), history(where.reading.history, where.reach)
    _check_samples(where.reading.max_samples)
    with _source(where, window if kept is None else Window.back_from(at, LONGEST)) as source:
        taken = pipeline.observe(source, window, at, progress(where.talk), kept)
    say(_seen(taken), where.talk)
    return taken


def _seen(taken: Snapshot) -> str:
    """`seen: 412 containers; 15 days in the window, 1 read now; gaps in coverage: 2`."""
    containers = taken.frames.usage.group_by(["namespace", "kind", "name", "container"]).aggregate([]).num_rows
    days = next(row.detail for row in taken.coverage if row.source == "days")
    gaps = sum(row.status in ("partial", "missing") for row in taken.coverage)
    return f"seen: {containers} containers; {days}; gaps in coverage: {gaps or 'none'}"


def without_metrics(where: Where, at: float, why: str) -> Snapshot:
    """The cluster now, and of its past what the history has; `why` Prometheus is not read."""
    from costkit.collect.bare import BareSource
    from costkit.collect.noted import Noted
    from costkit.connect.kube import Kube
    from costkit.model.cluster import Coverage

    with Kube.open(_access(where.cluster)) as kube:
        source = Noted(BareSource(kube, where.cluster.cluster_name), Coverage("prometheus", "missing", why))
        window, kept = window_of(where.reading.window, at), history(where.reading.history, where.reach)
        return pipeline.observe(source, window, at, progress(where.talk), kept)


def history(url: str, reach: float = LONGEST) -> "History | None":
    """None where none is named; `reach`: days that it is filled back."""
    from costkit.history.store import History

    return History.open(url, reach) if url else None


def with_last(asked: pipeline.Request, url: str, taken: Snapshot) -> pipeline.Request:
    """The request with the sizes of the last run in a history. A run that cannot be read is none, and it is said."""
    from costkit.report.last import last_sizes

    kept = history(url)
    plan = None if kept is None else kept.runs(taken.cluster.id).latest(taken.taken_at)
    try:
        return asked if plan is None else replace(asked, last=last_sizes(plan, f"the last run in {url}"))
    except SnapshotError as error:
        complain(error)
        return asked


def window_of(text: str, at: float) -> Window:
    """What `--window` means at a moment."""
    days = seconds("--window", text) / DAY
    if not 1 <= days <= LONGEST:
        raise UsageError(f"--window {text} is not from 1d to {LONGEST}d", "14d is a good start")
    return Window.back_from(at, days)


def request(flags: PlanFlags) -> pipeline.Request:
    if flags.rules is not None and not flags.rules.is_dir():
        raise UsageError(f"there is no folder {flags.rules}", "--rules names a folder of files such as rightsize.yaml")
    return pipeline.Request(
        policies=load_policies(flags.rules),
        prices=load_prices(flags.rules, flags.prices),
        label_keys=DEFAULT_KEYS if flags.group_by is None else _listed(flags.group_by),
        selection=Selection(
            namespace=None if flags.all_namespaces else flags.namespace or None,
            labels=_labels(flags.selector),
            only=_only(flags.only),
            max_risk=_risk(flags.max_risk),
        ),
        minimum_saving=money("--min-saving", flags.min_saving or 0.0),
    )


def money(flag: str, amount: float) -> float:
    """USD a month; UsageError for what no bill can say."""
    if not 0 <= amount < float("inf"):
        raise UsageError(f"{flag} {amount} is no amount of money", "write it as 12.50, in USD a month")
    return amount


@contextmanager
def _source(where: Where, window: Window) -> Iterator[Source]:
    from costkit.collect.bare import BareSource
    from costkit.collect.live import LiveOptions, LiveSource
    from costkit.collect.noted import Noted
    from costkit.connect.kube import Kube
    from costkit.connect.prometheus import Prometheus

    flags, metrics, access = where.cluster, where.metrics, _access(where.cluster)
    spent = seconds("--deadline", where.reading.deadline)
    deadline = time.monotonic() + spent if spent else None
    named = metrics_endpoint(metrics, access.timeout, deadline)
    with Kube.open(access) as kube:
        place, note = (named, None) if named else in_cluster(metrics, access, kube, window.end, deadline)
        if place is None:
            bare = BareSource(kube, flags.cluster_name)
            yield bare if note is None else Noted(bare, note)
            return
        options = LiveOptions(
            cluster_name=flags.cluster_name,
            selector=metrics.prometheus_selector,
            request_rate=metrics.request_rate_query,
            consumer_lag=metrics.consumer_lag_query,
            max_samples=where.reading.max_samples,
        )
        with Prometheus(place) as prometheus, LiveSource(kube, prometheus, window, options) as source:
            yield source if note is None else Noted(source, note)


def _access(flags: ClusterFlags) -> "Access":
    from costkit.connect.kube import Access

    timeout = seconds("--request-timeout", flags.request_timeout) or DAY  # kubectl's 0: no end
    return Access(flags.kubeconfig, flags.context, flags.as_, timeout)


def _check_samples(most: int) -> None:
    if most < 1_000:
        raise UsageError(
            f"--max-samples {most} is less than one pod's day", "5000000 is a tenth of Prometheus' own limit"
        )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _labels(text: str) -> Callable[[Mapping[str, str]], bool] | None:
    try:
        return parse_selector(text) if text else None
    except ValueError as error:
        raise UsageError(f"--selector: {error}", "write it as app=web,tier!=db") from error


def _only(text: str) -> frozenset[str]:
    wanted = frozenset(_listed(text))
    unknown = sorted(wanted - set(kinds()))
    if unknown:
        raise UsageError(f"--only {unknown[0]!r} is no kind of recommendation", f"kinds are: {', '.join(kinds())}")
    return wanted


def _risk(text: str) -> Risk:
    found = next((risk for risk in RISKS if risk == text), None)
    if found is None:
        raise UsageError(f"--max-risk {text!r} is no risk", f"one of: {', '.join(RISKS)}")
    return found
