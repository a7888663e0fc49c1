"""How often and how long a Prometheus is asked, at a real socket; and what goes along."""

from time import monotonic

import pytest

from costkit.connect.prometheus import DeadlineError, Endpoint, Prometheus, QueryRefusedError
from costkit.errors import MetricsError
from tests.bed.fault_proxy import before
from tests.bed.faults import Exchange, Rule, drip, redirect, reply, stall
from tests.connect.asking import GOOD, JSON, NOWHERE, asking, failed, good


def broken(exchange: Exchange) -> None:
    """The header and a half of the body, then a reset."""
    exchange.begin(200, {}, len(GOOD))
    exchange.send(GOOD[:40])
    exchange.closing.wait(0.05)
    exchange.reset()


def hung_up(exchange: Exchange) -> None:
    exchange.reset()


PASSING = [
    *(reply(status) for status in (429, 500, 502, 503, 504)),
    broken,
    hung_up,
    reply(200, GOOD[:-20], **JSON),
]


@pytest.mark.parametrize("fault", PASSING)
def test_what_may_pass_is_asked_again_after_longer_and_longer_waits(fault, rests):
    with asking(Rule(fault, times=4)) as (prometheus, server):
        assert prometheus.instant("up", None).series[0].value == (9.0, 1.5)
        assert len(server.asked) == 5

    assert len(rests) == 4
    assert all(base <= wait <= base + 0.5 for base, wait in zip((0.5, 1, 2, 4), rests, strict=True))


def test_waits_differ_so_that_clients_do_not_come_back_together(rests):
    for _ in range(3):
        with asking(Rule(reply(503))) as (prometheus, _):
            prometheus.instant("up", None)

    assert len(set(rests)) == 3


@pytest.mark.parametrize("fault", PASSING)
def test_what_does_not_pass_is_said_after_five_tries(fault, rests):
    with asking(Rule(fault, times=None)) as (prometheus, server):
        with pytest.raises(MetricsError):
            prometheus.instant("up", None)
        assert len(server.asked) == 5
    assert len(rests) == 4


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 413, 422])
def test_what_will_not_pass_is_asked_once(status, rests):
    with asking(Rule(reply(status, failed("no"), location="http://127.0.0.1:1/"))) as (prometheus, server):
        with pytest.raises(MetricsError, match=str(status)):
            prometheus.instant("up", None)
        assert len(server.asked) == 1
    assert rests == []


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("3600", 30.0)])
def test_the_wait_that_the_server_asks_for_is_kept_up_to_30_seconds(asked, waited, rests):
    with asking(Rule(reply(503, retry_after=asked))) as (prometheus, _):
        prometheus.instant("up", None)
    assert rests == [waited]


def test_a_time_out_is_tried_once_more_and_is_then_of_a_query_that_is_too_big(rests):
    with asking(Rule(stall(9), times=None), timeout=0.2) as (prometheus, server):
        with pytest.raises(QueryRefusedError, match="no answer in time") as caught:
            prometheus.instant("up", None)
        assert len(server.asked) == 2
    assert caught.value.too_big
    assert len(rests) == 1


def test_a_body_that_drips_in_is_late_although_no_wait_for_a_byte_is_long(rests):
    def dripping(exchange: Exchange) -> None:
        exchange.begin(200, {}, 100)
        while not exchange.closing.wait(0.1):
            exchange.send(b" ")

    with asking(Rule(dripping, times=None), timeout=0.5) as (prometheus, _):
        began = monotonic()
        with pytest.raises(QueryRefusedError, match="no answer in time"):
            prometheus.instant("up", None)
    assert monotonic() - began < 3
    assert len(rests) == 1


def test_who_has_a_wrong_address_hears_it_at_once(rests):
    with Prometheus(Endpoint(NOWHERE)) as prometheus, pytest.raises(MetricsError, match="connection refused") as caught:
        prometheus.instant("up", None)
    assert rests == []
    assert not isinstance(caught.value, QueryRefusedError)


def test_a_server_that_goes_away_is_waited_for(rests):
    with asking() as (prometheus, _):
        prometheus.instant("up", None)
    with prometheus, pytest.raises(MetricsError, match="refused"):
        prometheus.instant("up", None)
    assert len(rests) == 4


def test_past_the_deadline_nothing_is_asked(rests):
    with asking(deadline=monotonic() - 1) as (prometheus, server):
        for ask in (lambda: prometheus.instant("up", None), lambda: prometheus.names(0, 60)):
            with pytest.raises(DeadlineError, match="deadline"):
                ask()
        assert server.asked == []
    assert rests == []


def test_no_retry_begins_past_the_deadline(rests):
    with asking(Rule(reply(503, retry_after="20"), times=None), deadline=monotonic() + 15) as (prometheus, server):
        with pytest.raises(DeadlineError):
            prometheus.instant("up", None)
        assert len(server.asked) == 1
    assert rests == []


@pytest.mark.parametrize("fault", [stall(9), drip(9)])
def test_a_request_takes_no_longer_than_the_deadline_leaves(fault, rests):
    with before(NOWHERE, Rule(good(), times=None)) as upstream:
        server = before(upstream.url, Rule(fault, times=None))
        with server as slow, Prometheus(Endpoint(slow.url, deadline=monotonic() + 0.5)) as prometheus:
            began = monotonic()
            with pytest.raises(DeadlineError):
                prometheus.instant("up", None)
            assert len(slow.asked) == 1
    assert monotonic() - began < 3
    assert rests == []


def test_a_redirect_is_never_followed(rests):
    with before(NOWHERE, Rule(good(), times=None)) as elsewhere:
        with asking(Rule(redirect(elsewhere.url), times=None)) as (prometheus, _):
            for ask in (lambda: prometheus.instant("up", None), lambda: prometheus.names(0, 60)):
                with pytest.raises(MetricsError):
                    ask()
        assert elsewhere.asked == []
    assert rests == []


def test_credentials_are_put_on_anew_for_each_try(rests):
    numbers = iter(range(10))

    def numbered(request):
        request.headers["Authorization"] = f"Bearer {next(numbers)}"
        return request

    with asking(Rule(reply(503), times=2), credentials=numbered) as (prometheus, server):
        prometheus.instant("up", None)
        assert [asked.headers["authorization"] for asked in server.asked] == ["Bearer 0", "Bearer 1", "Bearer 2"]
    assert len(rests) == 2


def test_credentials_of_netrc_are_not_sent(tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login costkit password not-for-this\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with asking() as (prometheus, server):
        prometheus.instant("up", None)
        assert "authorization" not in server.asked[0].headers
