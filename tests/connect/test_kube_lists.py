"""Lists in pages from a real API server: all of a list, at one moment, or none of it."""

import base64
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from costkit.collect.lists import Lists
from costkit.collect.wire import WireNamespace
from costkit.connect.kube import Access, ExpiredError, Kube, ListError
from costkit.model.listed import Missing, Present
from tests.bed.bare import Bare
from tests.bed.fault_proxy import Proxy, before_apiserver
from tests.bed.faults import Exchange, Fault, Reply, Rule, drip, first, reply

COUNT, PAGE = 1_200, 500
PATH = "/api/v1/limitranges"
OF_MANY = "/api/v1/namespaces/many/limitranges"
NEXT = "continue="


def bounds(name: str) -> dict[str, object]:
    return {"metadata": {"name": name}, "spec": {"limits": [{"type": "Container", "default": {"cpu": "400m"}}]}}


@pytest.fixture(scope="module")
def server(tools: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:  # noqa: ARG001  # built
    """With 1,200 LimitRanges: a kind that is read, and that nobody but us looks at."""
    with Bare.start(tmp_path_factory.mktemp("bare")) as bare:
        bare.create("/api/v1/namespaces", [{"metadata": {"name": "many"}}])
        bare.create(OF_MANY, [bounds(f"bounds-{number:04d}") for number in range(COUNT)])
        yield bare


@pytest.fixture(scope="module")
def reader(server: Bare, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return server.reader(tmp_path_factory.mktemp("reader") / "kubeconfig")


@pytest.fixture
def behind(server: Bare, reader: Path, tmp_path: Path):
    @contextmanager
    def opened(*rules: Rule, timeout: float = 20.0) -> Iterator[tuple[Kube, Proxy]]:
        file = tmp_path / "kubeconfig"
        with before_apiserver(server, reader, file, *rules) as proxy, Kube.open(Access(file, timeout=timeout)) as kube:
            yield kube, proxy

    return opened


def read(kube: Kube) -> tuple[Present[WireNamespace] | Missing, str]:
    """The list of LimitRanges, and what its row of coverage says."""
    lists = Lists(kube)
    found = lists.read(PATH, WireNamespace)
    (row,) = lists.coverage
    return found, f"{row.status}: {row.detail}"


def names(found: Present[WireNamespace] | Missing) -> list[str]:
    assert isinstance(found, Present)
    return [item.metadata.name for item in found]


ALL = [f"bounds-{number:04d}" for number in range(COUNT)]


def moments(proxy: Proxy) -> list[str]:
    """Of each request for a page: where it goes on from, empty for the first."""
    return [json.loads(token)["start"] if (token := _token(asked.text)) else "" for asked in proxy.asked]


def _token(text: str) -> bytes:
    token = text.partition(NEXT)[2].partition("&")[0]
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def test_a_long_list_comes_in_pages_whole_and_in_order(behind) -> None:
    with behind() as (kube, proxy):
        found, said = read(kube)

    assert names(found) == ALL
    assert said == "ok: 1200"
    assert [f"limit={PAGE}" in asked.text for asked in proxy.asked] == [True] * 3
    assert moments(proxy) == ["", "/many/bounds-0499\0", "/many/bounds-0999\0"]


def test_what_changes_between_the_pages_is_not_in_the_list(behind, server: Bare) -> None:
    change = first(lambda: server.create(OF_MANY, [bounds("bounds-0000-new"), bounds("bounds-1100-new")]))
    with behind(Rule(change, PATH, NEXT)) as (kube, _):
        found, _ = read(kube)
    server.delete(OF_MANY, ["bounds-0000-new", "bounds-1100-new"])

    assert names(found) == ALL


def test_a_token_that_has_really_expired_begins_the_list_anew(behind, server: Bare, waits) -> None:
    def expire() -> None:
        """etcd compacted, and the server's own snapshots gone: it looks for that every 15 s."""
        server.create(OF_MANY, [bounds("bounds-0000-new")])
        server.compact()

    with behind(Rule(until_expired(expire), PATH, NEXT)) as (kube, proxy):
        found, said = read(kube)
    server.delete(OF_MANY, ["bounds-0000-new"])

    assert names(found) == sorted([*ALL, "bounds-0000-new"])
    assert said == "ok: 1201"
    assert moments(proxy) == ["", "/many/bounds-0499\0", "", "/many/bounds-0498\0", "/many/bounds-0998\0"]
    assert waits == []


def until_expired(expire) -> Fault:
    """Nothing is made up: the server is asked until it has forgotten, and its own 410 is passed on."""

    def fault(exchange: Exchange) -> None:
        expire()
        deadline = time.monotonic() + 30
        while (told := exchange.upstream(True)).status != 410:
            assert time.monotonic() < deadline, told
            exchange.closing.wait(0.2)
        assert json.loads(told.body)["metadata"]["continue"], "the token for the rest, which must not be used"
        exchange.answer(told)

    return fault


EXPIRED = json.dumps(
    {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {"continue": base64.b64encode(b'{"v":"meta.k8s.io/v1","rv":-1,"start":"many/x"}').decode()},
        "status": "Failure",
        "message": "The provided continue parameter is too old to display a consistent list result.",
        "reason": "Expired",
        "code": 410,
    }
).encode()
"""In the shape of the server's own, which the test above waits for."""


def test_a_list_whose_tokens_always_expire_comes_in_one_piece(behind) -> None:
    with behind(Rule(reply(410, EXPIRED), PATH, NEXT, times=None)) as (kube, proxy):
        found, said = read(kube)

    assert names(found) == ALL
    assert said == "ok: 1200"
    assert ["limit=" in asked.text for asked in proxy.asked] == [True] * 4 + [False]


def test_a_list_that_is_expired_even_so_is_missing(behind) -> None:
    with behind(Rule(reply(410, EXPIRED), PATH, after=1, times=None)) as (kube, proxy):
        found, said = read(kube)

    assert isinstance(found, Missing)
    assert said.startswith("missing: The provided continue parameter is too old")
    assert len(proxy.asked) == 4


def page_of_another_moment(exchange: Exchange) -> None:
    """The page as it is now, of a server that goes on without a word from where the list was."""
    told = exchange.upstream(True)
    body = json.loads(told.body)
    body["metadata"]["resourceVersion"] = "1"
    exchange.answer(Reply(200, told.headers, json.dumps(body).encode()))


def test_pages_of_two_moments_are_not_put_together(behind) -> None:
    with behind(Rule(page_of_another_moment, PATH, NEXT, after=1)) as (kube, proxy):
        found, _ = read(kube)

    assert names(found) == ALL
    assert len(proxy.asked) == 6
    with (
        behind(Rule(page_of_another_moment, PATH, NEXT)) as (kube, _),
        pytest.raises(ExpiredError, match="two moments"),
    ):
        list(kube.pages(PATH))


def same_page() -> Fault:
    """What a proxy gives that drops the query: the first page, whatever is asked for."""
    kept: list[Reply] = []

    def fault(exchange: Exchange) -> None:
        kept.append(kept[0] if kept else exchange.upstream(True))
        exchange.answer(kept[0])

    return fault


def test_the_same_page_for_ever_is_no_endless_list(behind) -> None:
    with behind(Rule(same_page(), PATH, times=None)) as (kube, proxy):
        found, said = read(kube)

    assert isinstance(found, Missing)
    assert said == "missing: the server gives the same page again and again"
    assert len(proxy.asked) == 2


def test_a_page_that_fails_once_is_asked_for_again_and_not_the_whole_list(behind, waits) -> None:
    with behind(Rule(reply(500), PATH, after=2)) as (kube, proxy):
        found, _ = read(kube)

    assert names(found) == ALL
    assert Counter(moments(proxy)) == {"": 1, "/many/bounds-0499\0": 1, "/many/bounds-0999\0": 2}
    assert len(waits) == 1


def test_a_list_that_fails_half_way_is_missing_and_never_a_shorter_one(behind, waits) -> None:
    with behind(Rule(reply(500), PATH, after=2, times=None)) as (kube, proxy):
        found, said = read(kube)

    assert isinstance(found, Missing)
    assert said == "missing: HTTP 500"
    assert (len(proxy.asked), len(waits)) == (7, 4)


def test_a_page_that_takes_too_long_is_missing_and_the_next_list_is_read(behind, waits) -> None:
    with behind(Rule(drip(20), PATH, NEXT, times=None), timeout=0.5) as (kube, _):
        lists = Lists(kube)
        found = lists.read(PATH, WireNamespace)
        spaces = lists.read("/api/v1/namespaces", WireNamespace)

    assert found == Missing("no answer in time")
    assert "many" in names(spaces)
    assert {row.source: row.status for row in lists.coverage} == {"limitranges": "missing", "namespaces": "ok"}
    assert len(waits) == 1


def test_answers_that_are_no_lists_are_not_empty_lists(behind) -> None:
    for body in (b"{}", b'{"login":"https://sso.example/"}', b'{"metadata":{},"items":{}}', b"[]"):
        with behind(Rule(reply(200, body), PATH)) as (kube, _):
            found, said = read(kube)
        assert isinstance(found, Missing), body
        assert said.startswith("missing: ")


def test_pages_are_raw(behind) -> None:
    with behind() as (kube, _):
        sizes = [len(msgspec.json.decode(page)["items"]) for page in kube.pages(PATH)]
        with pytest.raises(ListError, match="HTTP 404"):
            list(kube.pages("/apis/nowhere/v1/things"))

    assert sizes == [500, 500, 200]
