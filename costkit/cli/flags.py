"""The flags that commands share, as frozen dataclasses. kubectl's flags have kubectl's meanings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ClusterFlags:
    """Which cluster."""

    kubeconfig: Annotated[Path | None, Parameter(help="Path of the kubeconfig file.")] = None
    context: Annotated[str | None, Parameter(help="Context of the kubeconfig to use.")] = None
    as_: Annotated[str | None, Parameter(name="--as", help="User to impersonate.")] = None
    request_timeout: Annotated[
        str, Parameter(help="How long one request may take, to the API server or to Prometheus.")
    ] = "2m"
    cluster_name: Annotated[str, Parameter(help="Name of the cluster, for people.")] = ""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class MetricsFlags:
    """Which Prometheus."""

    prometheus_url: Annotated[
        str, Parameter(help="Base address of Prometheus or what speaks its API; else the cluster's.")
    ] = ""
    prometheus_selector: Annotated[
        str, Parameter(help='Matchers that pick this cluster\'s series, such as cluster="prod".')
    ] = ""
    prometheus_headers: Annotated[Path | None, Parameter(help="File of HTTP headers to send, a line each.")] = None
    prometheus_ca: Annotated[Path | None, Parameter(help="CA bundle to verify Prometheus with.")] = None
    prometheus_bearer_token_file: Annotated[
        Path | None, Parameter(help="File of a bearer token, read again for each request.")
    ] = None
    prometheus_username: Annotated[str, Parameter(help="User for basic authentication.")] = ""
    prometheus_password_file: Annotated[Path | None, Parameter(help="File of that user's password.")] = None
    prometheus_client_certificate: Annotated[Path | None, Parameter(help="Client certificate for TLS.")] = None
    prometheus_client_key: Annotated[Path | None, Parameter(help="Key of the client certificate.")] = None
    prometheus_aws_region: Annotated[
        str, Parameter(help="AWS region to sign requests for (Signature Version 4), or auto.")
    ] = ""
    request_rate_query: Annotated[
        str, Parameter(help="PromQL of requests a second that keeps the labels namespace and pod.")
    ] = ""
    consumer_lag_query: Annotated[
        str, Parameter(help="PromQL of messages not yet consumed that keeps the labels namespace and pod.")
    ] = ""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ReadingFlags:
    """How much is read, and what is kept of it."""

    window: Annotated[str, Parameter(help="How far back to look.")] = "14d"
    history: Annotated[
        str, Parameter(help="Folder or URL (s3://, gs://, az://) where days that were read are kept.")
    ] = ""
    max_samples: Annotated[int, Parameter(help="Samples that one query may bring.")] = 5_000_000
    deadline: Annotated[str, Parameter(help="How long reading the metrics may take in all.")] = "30m"


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class SourceFlags:
    """A snapshot instead of a cluster, and the moment to look from."""

    snapshot: Annotated[Path | None, Parameter(help="Run from this snapshot, without a cluster.")] = None
    at: Annotated[str, Parameter(help="The moment to look from: RFC 3339, or now.")] = "now"


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class PlanFlags:
    """What to look for."""

    namespace: Annotated[str | None, Parameter(name=["--namespace", "-n"], help="Only this namespace.")] = None
    all_namespaces: Annotated[
        bool, Parameter(name=["--all-namespaces", "-A"], negative="", help="All namespaces, whatever -n says.")
    ] = False
    selector: Annotated[str, Parameter(name=["--selector", "-l"], help="Only workloads with these labels.")] = ""
    only: Annotated[str, Parameter(help="Only these kinds, separated by commas.")] = ""
    group_by: Annotated[
        str | None,
        Parameter(help="Cost labels, separated by commas; team,env,cost-center. The first makes a folder a value."),
    ] = None
    rules: Annotated[Path | None, Parameter(help="Folder of your own rules; what it lacks is the shipped one's.")] = (
        None
    )
    prices: Annotated[Path | None, Parameter(help="CSV of your own node prices.")] = None
    min_saving: Annotated[float | None, Parameter(help="USD a month below which a cut is not proposed.")] = None
    max_risk: Annotated[str, Parameter(help="low, medium or high.")] = "high"


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class RowFlags:
    """Which rows a table shows."""

    top: Annotated[int, Parameter(help="Rows of the table.")] = 20
    all: Annotated[bool, Parameter(negative="", help="All rows.")] = False
    min_change: Annotated[str, Parameter(help="Change below which a row is not shown.")] = "10%"


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class TalkFlags:
    """What is said on the way, on stderr."""

    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative="", help="Errors only.")] = False
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="", help="Every query and list.")] = False
    very_verbose: Annotated[
        bool, Parameter(name=["--very-verbose", "-vv"], negative="", help="And every HTTP request, without headers.")
    ] = False
    no_progress: Annotated[bool, Parameter(negative="", help="No progress.")] = False
    debug: Annotated[bool, Parameter(negative="", help="A traceback with an error.")] = False


CLUSTER, METRICS, READING, SOURCE = ClusterFlags(), MetricsFlags(), ReadingFlags(), SourceFlags()
PLAN, ROWS, TALK = PlanFlags(), RowFlags(), TalkFlags()
"""Every flag at its default."""
