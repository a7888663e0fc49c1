"""A real API server behind a proxy that spoils its answers: once, and nobody is to notice; for ever, and it is said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from costkit.connect.kube import Access, Kube, ListError, NoAnswerError
from costkit.errors import ClusterError
from tests.bed.certificates import Authority
from tests.bed.cluster import Cluster
from tests.bed.fault_proxy import Proxy, before, before_apiserver, redirected
from tests.bed.faults import Fault, Rule, cut, drip, login_page, redirect, reply, reset, stall
from tests.cli.servers import Seen, answering
from tests.cli.servers import login_page as any_page
from tests.e2e.stage import ROOT

NODES = "/api/v1/nodes"
BUSY = b"Too many requests, please try again later.\n"
"""What API Priority and Fairness answers: no Status, but text."""


@pytest.fixture(scope="module")
def reader(bed: Cluster) -> Path:
    """The shipped reader's kubeconfig."""
    bed.kubectl("apply", "-f", ROOT / "deploy" / "rbac-reader.yaml")
    return bed.service_account_kubeconfig("costkit", "costkit-reader")


@pytest.fixture
def behind(bed: Cluster, reader: Path, tmp_path: Path) -> Callable[..., object]:
    """A client of the API server behind rules, and the proxy."""

    @contextmanager
    def opened(*rules: Rule, timeout: float = 20.0) -> Iterator[tuple[Kube, Proxy]]:
        file = tmp_path / "kubeconfig"
        with before_apiserver(bed, reader, file, *rules) as proxy, Kube.open(Access(file, timeout=timeout)) as kube:
            yield kube, proxy

    return opened


def names(body: bytes) -> list[str]:
    return [item["metadata"]["name"] for item in msgspec.json.decode(body)["items"]]


PASSING: dict[str, Fault] = {
    "500": reply(500, b'{"kind":"Status","message":"etcdserver: request timed out"}'),
    "502": reply(502, b"<html>Bad Gateway</html>"),
    "503 with Retry-After": reply(503, retry_after="2"),
    "429": reply(429, BUSY, retry_after="1"),
    "half of the JSON": cut,
    "half a body, then a reset": reset,
    "a stall": stall(60),
    "a body that drips in": drip(60),
}


@pytest.mark.parametrize("case", PASSING)
def test_one_passing_failure_is_not_noticed(case: str, behind, waits) -> None:
    with behind(Rule(PASSING[case], NODES), timeout=1.0) as (kube, proxy):
        found = names(kube.get(NODES))

    assert found == ["node-0", "node-1", "node-2", "node-3"]
    assert (len(proxy.spoiled), proxy.passed) == (1, 1)
    assert len(waits) == 1


@pytest.mark.parametrize("case", PASSING)
def test_a_failure_that_does_not_pass_is_said_after_a_few_requests(case: str, behind, waits) -> None:
    expected = pytest.raises((ListError, NoAnswerError))
    with behind(Rule(PASSING[case], NODES, times=None), timeout=0.5) as (kube, proxy), expected as said:
        kube.get(NODES)

    assert (len(proxy.spoiled), proxy.passed) == (2 if "stall" in case or "drips" in case else 5, 0)
    assert len(waits) == len(proxy.spoiled) - 1
    assert str(said.value)


def test_the_servers_own_time_is_waited_for_but_no_longer_than_half_a_minute(behind, waits) -> None:
    rules = (Rule(reply(429, BUSY, retry_after="3")), Rule(reply(503, retry_after="3600"), after=1))
    with behind(*rules) as (kube, _):
        kube.get(NODES)

    assert waits == [3.0, 30.0]


def test_without_such_a_time_each_wait_is_longer_and_none_is_like_another(behind, waits) -> None:
    with behind(Rule(reply(429, BUSY, retry_after="soon"), times=None)) as (kube, _):
        with pytest.raises(ListError, match="HTTP 429"):
            kube.get(NODES)
        with pytest.raises(ListError):
            kube.get(NODES)

    for number, wait in enumerate(waits[:4]):
        assert 0.5 * 2**number <= wait <= 0.5 * 2**number + 0.5
    assert waits[:4] != waits[4:]


@pytest.mark.parametrize("status", [400, 403, 404, 410, 422])
def test_a_refusal_is_taken_at_its_word(status: int, behind, waits) -> None:
    rule = Rule(reply(status, b'{"message":"no"}'), NODES, times=None)
    with behind(rule) as (kube, proxy), pytest.raises(ListError) as said:
        kube.get(NODES)

    assert (said.value.status, said.value.reason) == (status, "no")
    assert (len(proxy.spoiled), waits) == (1, [])


def test_what_befell_is_said_in_its_own_words(behind, waits) -> None:  # noqa: ARG001  # nothing is waited for
    said = {}
    for fault, case in ((cut, "cut"), (reset, "reset"), (stall(60), "late"), (PASSING["500"], "500")):
        with behind(Rule(fault, NODES, times=None), timeout=0.5) as (kube, _), pytest.raises(Exception) as error:  # noqa: PT011
            kube.get(NODES)
        said[case] = str(error.value).rpartition("answer: ")[2]

    assert said == {
        "cut": "its answer is cut off",
        "reset": said["reset"],
        "late": "no answer in time",
        "500": "etcdserver: request timed out",
    }
    assert said["reset"] in ("connection reset by peer", "its answer is cut off")  # over TLS it may be only an end


def test_a_page_for_people_is_no_list(behind, waits) -> None:
    with behind(Rule(login_page, NODES, times=None)) as (kube, proxy), pytest.raises(ListError, match="no list"):
        list(kube.pages(NODES))

    assert (len(proxy.spoiled), waits) == (1, [])


def test_a_redirect_is_not_followed_and_nothing_reaches_where_it_leads(behind, waits) -> None:
    elsewhere: Seen = []
    said = pytest.raises(ClusterError, match=r"redirects elsewhere \(307\)")
    with answering(any_page, elsewhere) as target, behind(Rule(redirect(target), times=None)) as (kube, _), said:
        kube.get(NODES)

    assert (elsewhere, waits) == ([], [])


def test_a_certificate_of_another_authority_is_refused_at_once(bed, reader, waits, tmp_path) -> None:
    own = Authority(tmp_path / "own").server("server")
    with before(bed.url, authority=bed.ca, pair=own) as proxy:
        file = redirected(reader, tmp_path / "kubeconfig", proxy.url)
        with Kube.open(Access(file)) as kube, pytest.raises(NoAnswerError, match="certificate is not trusted"):
            kube.get(NODES)

    assert (proxy.asked, waits) == ([], [])


def test_a_server_that_has_answered_is_waited_for_when_it_is_gone(bed, reader, waits, tmp_path) -> None:
    with before_apiserver(bed, reader, tmp_path / "kubeconfig") as proxy:
        kube = Kube.open(Access(tmp_path / "kubeconfig"))
        kube.get(NODES)
    with kube, pytest.raises(NoAnswerError, match="connection refused"):
        kube.get(NODES)
    with Kube.open(Access(tmp_path / "kubeconfig")) as late, pytest.raises(NoAnswerError):
        late.get(NODES)

    assert proxy.passed == 1
    assert len(waits) == 4


def test_connections_are_used_again(behind) -> None:
    with behind() as (kube, proxy):
        for _ in range(3):
            kube.get(NODES)
        pool = kube.api.rest_client.pool_manager.connection_from_url(proxy.url)

    assert (pool.num_requests, pool.num_connections) == (3, 1)
