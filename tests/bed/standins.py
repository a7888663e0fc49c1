"""Hosted servers that cannot run here: each STANDS IN for one, before a real Prometheus that gives the data.

A stand-in keeps to what the server's documents and issues show: the path before /api/v1, who may ask, how a limit is
refused, and how partial data is told. What lies behind (stores, tenants, shards) is not there.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3

from tests.bed import aws
from tests.bed.ports import HOST, free_port
from tests.bed.serving import serving

MOST = 500
"""Series of one answer above which each of them refuses."""


@dataclass(frozen=True, slots=True)
class Request:
    """`headers` have names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class StandIn:
    """One hosted server's ways."""

    name: str
    base: str
    """The path before /api/v1."""
    lets_in: Callable[[Request], bool]
    turned_away: tuple[int, str]
    """Status and body for who may not come in."""
    limit: tuple[int, str]
    """Status and words for who asks for too much."""
    warning: str = ""
    """What it adds to each answer; empty: nothing."""


def _of_tenant(request: Request) -> bool:
    return request.headers.get("x-scope-orgid") == TENANT


def _bearing(request: Request) -> bool:
    return request.headers.get("authorization") == f"Bearer {TOKEN}"


def _signed(request: Request) -> bool:
    told = request.headers.get("authorization", "")
    if not told.startswith(f"AWS4-HMAC-SHA256 Credential={aws.KEY}/"):
        return False
    expected = aws.signature(request.method, request.target, request.headers, request.body)
    return aws.scope(told)[1:] == [REGION, "aps", "aws4_request"] and aws.fields(told)["Signature"] == expected


TENANT, TOKEN, REGION = "shop", "of-a-service-account", "eu-central-1"
THANOS = StandIn(
    "thanos",
    "/thanos",
    lambda _: True,
    (200, ""),
    (422, "expanding series: rpc error: code = ResourceExhausted desc = exceeded series limit: limit 500 violated"),
    "No StoreAPIs matched for this query",
)
MIMIR = StandIn(
    "mimir",
    "/prometheus",
    _of_tenant,
    (401, "no org id"),
    (422, "expanding series: the query exceeded the maximum number of series (err-mimir-max-series-per-query)"),
)
AMP = StandIn(
    "amp",
    "/workspaces/ws-b226cc2a-a446-46a9-933a-ac50479a5568",
    _signed,
    (403, '{"message":"Missing Authentication Token"}'),
    (422, "query timeout"),
)
GMP = StandIn(
    "gmp",
    "/v1/projects/shop/location/global/prometheus",
    _bearing,
    (401, '{"error":{"code":401,"message":"Request had invalid authentication credentials."}}'),
    (500, "expanding series: generic::aborted: refusing to grant further memory for this query"),
    "PromQL info: metric might not be a counter",
)
ALL = (THANOS, MIMIR, AMP, GMP)


@contextmanager
def standing_in(ways: StandIn, url: str) -> Iterator[str]:
    """The stand-in's address, its base path with it; `url` is of the real Prometheus."""
    server = ThreadingHTTPServer((HOST, free_port()), _handler(ways, url))
    with serving(server):
        yield f"http://{HOST}:{server.server_port}{ways.base}"


def _handler(ways: StandIn, url: str) -> type[BaseHTTPRequestHandler]:
    http = urllib3.PoolManager(retries=False)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._answer(*_answered(ways, url, http, Request(self.command, self.path, headers, body)))

        do_POST = do_GET  # noqa: N815  # the server's name for it

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet: pytest's output is for the tests."""

    return Handler


def _answered(ways: StandIn, url: str, http: urllib3.PoolManager, request: Request) -> tuple[int, bytes]:
    if not request.target.startswith(f"{ways.base}/api/v1/"):
        return 404, b"404 page not found"
    if not ways.lets_in(request):
        return ways.turned_away[0], ways.turned_away[1].encode()
    kept = {name: request.headers[name] for name in ("content-type",) if name in request.headers}
    target = url + request.target.removeprefix(ways.base)
    got = http.request(request.method, target, body=request.body or None, headers=kept)
    return (got.status, got.data) if got.status != 200 else _as_it_would(ways, got.json())


def _as_it_would(ways: StandIn, answer: dict[str, Any]) -> tuple[int, bytes]:
    data = answer["data"]
    if isinstance(data, dict) and len(data["result"]) > MOST:
        refusal = {"status": "error", "errorType": "execution", "error": ways.limit[1]}
        return ways.limit[0], json.dumps(refusal).encode()
    told = {"warnings": [ways.warning]} if ways.warning else {}
    return 200, json.dumps(answer | told).encode()
