"""What servers say when they give no data, and what a person hears of it."""

import json
import ssl

import pytest
import requests

from costkit.connect.refusals import NotLetInError, QueryRefusedError, refused, unreachable

URL = "https://prometheus.example"

TOO_BIG = {
    "prometheus": (422, "query processing would load too many samples into memory in query execution"),
    "prometheus' points": (400, "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing"),
    "prometheus' time": (503, "query timed out in expression evaluation"),
    "thanos' store": (422, "expand series: exceeded series limit: rpc error: code = ResourceExhausted"),
    "thanos' samples": (500, "limit 50000 violated (got 50001)"),
    "mimir's chunks": (
        422,
        "the query exceeded the maximum number of chunks (limit: 2 chunks) (err-mimir-max-chunks-per-query)",
    ),
    "amp's range": (400, "the query time range exceeds the limit (query length: 800h0m0s, limit: 768h0m0s)"),
    "victoria's samples": (422, "cannot select more than -search.maxSamplesPerQuery=10 samples; possible solutions"),
    "grpc": (500, "rpc error: code = ResourceExhausted desc = grpc: received message larger than max (1 vs. 2)"),
}
HOWEVER_SMALL = {
    "a word": (400, 'invalid parameter "query": 1:7: parse error: unexpected identifier "exceeded"'),
    "a quoted expression": (400, 'error when executing query="max_ovr(exceeded_limit)" : unsupported function'),
    "many to many": (422, 'found duplicate series for the match group {a="b"} on the right hand-side'),
    "one to many": (422, "multiple matches for labels: many-to-one matching must be explicit"),
    "a tenant's rate": (429, "the request has been rejected because the tenant exceeded the request rate limit"),
    "starting": (503, "the server is starting"),
}


def error(status, text):
    return refused(URL, status, b'{"status":"error","error":' + json.dumps(text).encode() + b"}")


@pytest.mark.parametrize("who", TOO_BIG)
def test_limits_of_each_server_are_those_of_size(who):
    found = error(*TOO_BIG[who])
    assert isinstance(found, QueryRefusedError)
    assert found.too_big


@pytest.mark.parametrize("who", HOWEVER_SMALL)
def test_what_a_smaller_query_would_hear_too_is_not_of_size(who):
    found = error(*HOWEVER_SMALL[who])
    assert isinstance(found, QueryRefusedError)
    assert not found.too_big


def test_the_words_of_a_proxy_and_of_an_api_server_are_told():
    assert "upstream timed out" in refused(URL, 500, b"upstream timed out\nsecond line").message
    assert "second line" not in refused(URL, 500, b"upstream timed out\nsecond line").message
    assert "no reason given" in refused(URL, 500, b"<html>500</html>").message
    status = b'{"kind":"Status","status":"Failure","message":"services \\"p:9090\\" is forbidden","code":403}'
    found = refused(URL, 403, status)
    assert isinstance(found, NotLetInError)
    assert found.words == 'services "p:9090" is forbidden'


def tls(reason):
    """As OpenSSL's binding raises it."""
    error = ssl.SSLError(1, f"[SSL: {reason}] while TLS begins")
    error.reason = reason
    return requests.exceptions.SSLError(error)


def test_a_server_that_wants_our_certificate_is_told_from_one_without_tls():
    for reason in ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "TLSV1_ALERT_UNKNOWN_CA"):
        found = unreachable(URL, tls(reason))
        assert "client certificate" in found.message
        assert "--prometheus-client-certificate" in found.hint
    assert "client certificate" not in unreachable(URL, tls("WRONG_VERSION_NUMBER")).message
