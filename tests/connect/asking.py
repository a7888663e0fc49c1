"""A Prometheus of made-up answers at a real socket, and what it was asked."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from costkit.connect.prometheus import Endpoint, Prometheus
from tests.bed.fault_proxy import Proxy, before
from tests.bed.faults import Rule, reply

NOWHERE = "http://127.0.0.1:1"
GOOD = msgspec.json.encode(
    {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {"node": "a"}, "value": [9, "1.5"]}]}}
)
NAMES = b'{"status":"success","data":["up","kube_pod_info"]}'
JSON = {"content_type": "application/json"}


def failed(text):
    return msgspec.json.encode({"status": "error", "errorType": "execution", "error": text})


def good(**headers):
    return reply(200, GOOD, **JSON, **headers)


@contextmanager
def asking(*rules: Rule, **terms) -> Iterator[tuple[Prometheus, Proxy]]:
    """A server that is spoiled by these rules, and good after them."""
    with before(NOWHERE, *rules, Rule(good(), times=None)) as server:
        path = terms.pop("path", "")
        with Prometheus(Endpoint(server.url + path, **terms)) as prometheus:
            yield prometheus, server
