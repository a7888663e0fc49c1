"""`costkit doctor`: what works here and what does not, before any work is done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from costkit import pipeline
from costkit.cli import exits
from costkit.cli.checks import check_form
from costkit.cli.flags import CLUSTER, METRICS, TALK, ClusterFlags, MetricsFlags, TalkFlags
from costkit.cli.inputs import past_moment, window_of
from costkit.cli.metrics import in_cluster, metrics_endpoint
from costkit.cli.stdout import write_stdout
from costkit.cli.talk import progress
from costkit.collect.doctor.time import Wanted
from costkit.report.checkup import checkup_json, checkup_table
from costkit.settings.check import require_folder
from costkit.settings.policies import load_policies
from costkit.settings.prices import load_prices
from costkit.settings.values import seconds

if TYPE_CHECKING:
    from costkit.collect.doctor.checks import Ask
    from costkit.connect.kube import Access, Kube
    from costkit.connect.prometheus import Prometheus
    from costkit.model.cluster import Coverage

_PATIENCE = 4.0
"""Seconds that a request may take at most: a server that is slower is a finding."""
_IN_ALL = 8.0
"""Seconds after which nothing more is asked."""


def doctor(  # noqa: PLR0913 - each is a flag or a group of flags
    *,
    output: Annotated[str, Parameter(name=["--output", "-o"], help="table or json.")] = "table",
    at: Annotated[str, Parameter(help="The moment up to which metrics are looked at: RFC 3339, or now.")] = "now",
    window: Annotated[str, Parameter(help="How far back a later run shall look.")] = "14d",
    history: Annotated[str, Parameter(help="Folder or URL where later runs shall keep days: can it be written?")] = "",
    rules: Annotated[Path | None, Parameter(help="Folder of your own rules and price lists.")] = None,
    prices: Annotated[Path | None, Parameter(help="CSV of your own node prices.")] = None,
    cluster: ClusterFlags = CLUSTER,
    metrics: MetricsFlags = METRICS,
    talk: TalkFlags = TALK,
) -> int:
    """Check rights, metrics, clocks and prices, and say what is lost by each that lacks, and how to mend it."""
    check_form(output)
    if rules is not None:
        require_folder(rules)
    book, policies = load_prices(rules, prices), load_policies(rules)
    moment = past_moment(at)
    wanted = Wanted(window_of(window, moment), moment, policies.rightsize.classes[-1].minimum_days)
    with _asked(cluster, metrics, wanted, history) as ask:
        found = pipeline.checkup(ask, book, progress(talk))
    write_stdout(checkup_json(found) if output == "json" else checkup_table(found, brief=talk.quiet))
    if not found.runs:
        return exits.FAILED
    return exits.DONE if found.is_lossless else exits.PARTIAL


@contextmanager
def _asked(cluster: ClusterFlags, metrics: MetricsFlags, wanted: Wanted, history: str) -> "Iterator[Ask]":
    from costkit.collect.doctor.checks import Ask
    from costkit.collect.live import LiveOptions
    from costkit.collect.selector import matchers
    from costkit.connect.hurried import HurriedKube
    from costkit.connect.kube import Access
    from costkit.connect.prometheus import Prometheus

    patience = min(_PATIENCE, seconds("--request-timeout", cluster.request_timeout) or _PATIENCE)
    deadline = time.monotonic() + _IN_ALL
    access = Access(cluster.kubeconfig, cluster.context, cluster.as_, patience)
    signals = LiveOptions(request_rate=metrics.request_rate_query, consumer_lag=metrics.consumer_lag_query)
    endpoint = metrics_endpoint(metrics, patience, deadline)
    with nullcontext() if endpoint is None else Prometheus(endpoint) as prometheus:
        yield Ask(
            kube=partial(HurriedKube.until, deadline, access),
            prometheus=prometheus,
            discover=partial(_discovered, metrics, access, wanted.window.end, deadline),
            selector=matchers(metrics.prometheus_selector),
            wanted=wanted,
            history=history,
            now=time.time,
            cluster_name=cluster.cluster_name,
            configured=signals.configured,
        )


def _discovered(
    metrics: MetricsFlags, access: "Access", at: float, deadline: float, kube: "Kube"
) -> "tuple[Prometheus | None, Coverage]":
    """As `recommend` finds it, but in less time."""
    from costkit.connect.prometheus import Prometheus

    endpoint, note = in_cluster(metrics, access, kube, at, deadline)
    return None if endpoint is None else Prometheus(endpoint), note
