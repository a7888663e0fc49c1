"""What is sent to a Prometheus, at a real socket; what becomes of its answers and refusals."""

import pytest
import structlog

from costkit.connect.prometheus import Endpoint, QueryRefusedError
from costkit.errors import MetricsError
from tests.bed.faults import Rule, reply
from tests.connect.asking import NAMES, asking, failed

TOO_MANY = "query processing would load too many samples into memory in query execution"


REFUSALS = {
    422: {TOO_MANY: True, "found duplicate series for the match group {node=a}": False},
    400: {
        "exceeded maximum resolution of 11,000 points per timeseries": True,
        'invalid parameter "query": 1:5: parse error: unexpected identifier "max"': False,
        "unknown function with name max_over": False,
    },
    503: {"query timed out in expression evaluation": True, "shutting down": False},
    500: {"context deadline exceeded": True, "expanding series: no such file": False},
    429: {"too many outstanding requests": False},
    413: {"": True},
    504: {"": True},
    502: {"": False},
}


@pytest.mark.parametrize(
    ("status", "text", "too_big"), [(s, text, big) for s, texts in REFUSALS.items() for text, big in texts.items()]
)
def test_a_refusal_says_whether_a_smaller_query_may_pass(status, text, too_big, rests):
    spoiled = asking(Rule(reply(status, failed(text)), times=None))
    with spoiled as (prometheus, _), pytest.raises(QueryRefusedError) as caught:
        prometheus.range("up", 0, 60, 60)

    assert caught.value.too_big == too_big
    assert (text or "no reason given") in caught.value.message
    assert len(rests) == (4 if status in (429, 500, 502, 503, 504) else 0)


def test_the_base_path_is_kept():
    with asking(Rule(reply(200, NAMES), path="/values"), path="/select/0/prometheus/") as (prometheus, server):
        prometheus.range("up", 0, 60, 60)
        prometheus.instant("up", 60)
        assert prometheus.names(0, 60) == {"up", "kube_pod_info"}
        assert [asked.path for asked in server.asked] == [
            "/select/0/prometheus/api/v1/query_range",
            "/select/0/prometheus/api/v1/query",
            "/select/0/prometheus/api/v1/label/__name__/values",
        ]
        assert [asked.text for asked in server.asked] == [
            "&query=up&start=0.000&end=60.000&step=60",
            "&query=up&time=60.000",
            "start=0&end=60&",
        ]


def test_names_are_asked_for_with_the_same_patience(rests):
    with asking(Rule(reply(503), times=2), Rule(reply(200, NAMES), times=None)) as (prometheus, server):
        assert prometheus.names(0, 60) == {"up", "kube_pod_info"}
        assert len(server.asked) == 3
    with asking(Rule(reply(401))) as (prometheus, _), pytest.raises(MetricsError, match="401"):
        prometheus.names(0, 60)
    assert len(rests) == 2


def test_short_queries_go_by_get_where_that_is_wanted_and_long_ones_by_post():
    with asking(longest_get=200) as (prometheus, server):
        prometheus.instant("up", 60)
        prometheus.instant("up" + " " * 200, 60)
        assert [asked.text.startswith("query=up") for asked in server.asked] == [True, False]


def test_headers_are_sent_with_every_request_and_shown_by_none():
    secret = "a-tenant-that-nobody-may-see"  # noqa: S105  # made up
    endpoint_headers = {"X-Scope-OrgID": secret}
    opened = asking(Rule(reply(200, NAMES), path="/values"), headers=endpoint_headers)
    with structlog.testing.capture_logs() as logs, opened as (prometheus, server):
        prometheus.instant("up", None)
        prometheus.names(0, 60)
        assert [asked.headers["x-scope-orgid"] for asked in server.asked] == [secret, secret]
    assert secret not in repr(Endpoint("http://x", endpoint_headers)) + str(logs)


def test_each_query_is_logged_with_its_seconds_series_and_samples():
    with structlog.testing.capture_logs() as logs, asking() as (prometheus, _):
        prometheus.instant("up", None)
    (line,) = [line for line in logs if line["event"] == "query"]
    assert (line["series"], line["samples"], line["expression"]) == (1, 1, "up")
    assert 0 <= line["seconds"] < 5


@pytest.mark.parametrize("body", [b"<html>", b'{"status":"success"}', b"[]", b'{"data":null}'])
def test_names_that_are_none_are_said_to_be_none(body):
    with asking(Rule(reply(200, body))) as (prometheus, _), pytest.raises(MetricsError, match="not with Prometheus"):
        prometheus.names(0, 60)


def test_the_kind_of_what_is_no_answer_is_said():
    for body, kind in ((b"<html>", "a web page"), (b'{"status":"wrong"}', "something else")):
        with asking(Rule(reply(200, body))) as (prometheus, _), pytest.raises(MetricsError, match=kind):
            prometheus.instant("up", None)
