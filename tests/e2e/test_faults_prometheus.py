"""`costkit collect` from a real Prometheus behind a proxy that spoils its answers.

Once: the snapshot is the same to the byte, also where a query was refused for its size and came in parts. For ever:
a gap that is named, or one clear error and no file.
"""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bed.certificates import Authority
from tests.bed.fault_proxy import Proxy, before
from tests.bed.faults import Fault, Rule, cut, drip, login_page, redirect, reply, reset, stall
from tests.cli.servers import Seen, answering
from tests.cli.servers import login_page as any_page
from tests.e2e.faulty import Collection, collect, instead_of_waiting
from tests.e2e.stage import Stage

NAMES, INSTANT, RANGE = "/api/v1/label/__name__/values", "/api/v1/query", "/api/v1/query_range"
PLACES = (NAMES, INSTANT, RANGE)
MEMORY = "by (namespace,pod,container) (max_over_time(container_memory_working_set_bytes"
CPU = "by (namespace,pod,container) (rate(container_cpu_usage_seconds_total"
NODE_MEMORY = "by (node) (max_over_time(container_memory_working_set_bytes"
SECRET = "Bearer a-token-that-nobody-may-see"  # noqa: S105  # no server knows it


def error(status: int, kind: str, words: str) -> Fault:
    """In Prometheus' own shape."""
    body = f'{{"status":"error","errorType":"{kind}","error":"{words}"}}'
    return reply(status, body.encode(), content_type="application/json")


TOO_MANY = error(400, "execution", "query processing would load too many samples into memory in query execution")
PASSING: dict[str, Fault] = {
    "500": error(500, "internal", "out of order blocks"),
    "503 with Retry-After": reply(503, b"Service Unavailable", retry_after="7"),
    "429": reply(429, b"too many outstanding requests", retry_after="1"),
    "half of the JSON": cut,
    "half a body, then a reset": reset,
}
SLOW: dict[str, Fault] = {"a stall": stall(60), "a body that drips in": drip(60)}
"""Sixty seconds, to a client that waits for one or two."""
TOO_BIG: dict[str, Fault] = {
    "400": TOO_MANY,
    "422": error(422, "execution", "query timed out in expression evaluation"),
}
PLAIN: dict[str, Fault] = {
    "400": error(400, "bad_data", "parse error: unexpected character"),
    "401": reply(401, b"unauthorized"),
    "403": reply(403, b"forbidden"),
    "404": reply(404, b"<h1>404</h1>"),
    "a login page": login_page,
}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    return instead_of_waiting(monkeypatch)


@pytest.fixture
def behind(stage: Stage, tmp_path: Path) -> Callable[..., tuple[Collection, Proxy]]:
    def run(*rules: Rule, words: tuple[str | Path, ...] = ()) -> tuple[Collection, Proxy]:
        with before(stage.prometheus.url, *rules) as proxy:
            return collect(tmp_path / "out", stage.kubeconfig, proxy.url, *words), proxy

    return run


@pytest.fixture(scope="module")
def good(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Without a proxy."""
    folder = tmp_path_factory.mktemp("good") / "out"
    return collect(folder, stage.kubeconfig, stage.prometheus.url).bytes


def test_the_proxy_by_itself_changes_nothing(behind, good: bytes) -> None:
    found, proxy = behind()

    assert found.bytes == good
    assert {asked.path for asked in proxy.asked} == set(PLACES)
    assert (proxy.spoiled, proxy.passed) == ([], len(proxy.asked))


@pytest.mark.parametrize("case", PASSING)
def test_a_failure_that_passes_changes_nothing(case: str, behind, good: bytes, waits) -> None:
    rules = (*(Rule(PASSING[case], place) for place in PLACES), Rule(PASSING[case], RANGE, MEMORY, after=1))
    found, proxy = behind(*rules)

    assert found.bytes == good
    assert len(proxy.spoiled) >= len(PLACES)
    assert len(waits) == len(proxy.spoiled)
    assert case != "503 with Retry-After" or set(waits) == {7.0}


@pytest.mark.parametrize("case", SLOW)
def test_slowness_that_passes_changes_nothing(case: str, behind, good: bytes, waits) -> None:
    found, proxy = behind(Rule(SLOW[case], RANGE, MEMORY), words=("--request-timeout", "2s"))

    assert found.bytes == good
    assert (len(proxy.spoiled), len(waits)) == (1, 1)


@pytest.mark.parametrize("case", TOO_BIG)
def test_what_is_refused_for_its_size_comes_in_parts_and_is_the_same(case: str, behind, good: bytes, waits) -> None:
    found, proxy = behind(Rule(TOO_BIG[case], RANGE, MEMORY), Rule(TOO_BIG[case], RANGE, CPU))

    assert found.bytes == good
    assert (len(proxy.spoiled), waits) == (2, [])


def test_what_is_refused_for_its_size_and_has_no_parts_is_a_gap(behind, waits) -> None:
    found, proxy = behind(Rule(TOO_MANY, RANGE, NODE_MEMORY))

    assert "would load too many samples" in found.gaps["series node_memory"]
    assert (len(proxy.spoiled), waits) == (1, [])


@pytest.mark.parametrize("case", PASSING)
def test_what_fails_for_ever_is_a_gap_or_an_error(case: str, behind, waits) -> None:
    found, proxy = behind(Rule(PASSING[case], RANGE, MEMORY, times=None))

    assert_ends_well(found)
    assert len(proxy.spoiled) < 60
    assert len(waits) < 60


@pytest.mark.parametrize("case", SLOW)
def test_what_is_slow_for_ever_is_a_gap_by_the_deadline_at_the_latest(case: str, behind, waits) -> None:
    began = time.monotonic()
    words = ("--request-timeout", "500ms", "--deadline", "6s")
    found, _ = behind(Rule(SLOW[case], RANGE, MEMORY, times=None), words=words)

    assert_ends_well(found)
    assert time.monotonic() - began < 20
    assert waits


def test_what_is_too_big_for_ever_is_a_gap_after_a_bounded_number_of_parts(behind, waits) -> None:
    found, proxy = behind(Rule(TOO_MANY, RANGE, MEMORY, times=None))

    assert found.gaps["series memory"]
    assert 2 < len(proxy.spoiled) < 1_000
    assert waits == []


@pytest.mark.parametrize("case", PLAIN)
def test_a_refusal_is_taken_at_its_word_and_said(case: str, behind) -> None:
    found, proxy = behind(Rule(PLAIN[case], RANGE, MEMORY, times=None))

    assert_ends_well(found)
    assert set(Counter(asked.text for asked in proxy.spoiled).values()) == {1}


def assert_ends_well(found: Collection) -> None:
    if found.done.code == 3:
        assert {"series memory", "deadline"} & found.gaps.keys()
    else:
        assert "Prometheus" in found.error or "proxy" in found.error


@pytest.mark.parametrize("case", [*PASSING, *SLOW, *PLAIN])
def test_a_server_that_only_fails_is_one_error_and_no_file(case: str, behind, waits) -> None:
    fault = (PASSING | SLOW | PLAIN)[case]
    found, _ = behind(Rule(fault, times=None), words=("--request-timeout", "1s"))

    assert found.error.startswith("error: ")
    assert len(waits) <= 10


def test_a_redirect_is_an_error_and_no_credential_goes_where_it_leads(behind, tmp_path, waits) -> None:
    elsewhere: Seen = []
    (tmp_path / "headers").write_text(f"Authorization: {SECRET}\n")
    words = ("--prometheus-headers", tmp_path / "headers")
    with answering(any_page, elsewhere) as target:
        found, proxy = behind(Rule(redirect(target), RANGE, times=None), words=words)

    assert "redirects elsewhere (307)" in found.error
    assert (elsewhere, waits) == ([], [])
    assert {asked.headers["authorization"] for asked in proxy.asked} == {SECRET}


def test_a_certificate_of_ones_own_is_an_error_before_any_credential_is_sent(stage, tmp_path, waits) -> None:
    (tmp_path / "headers").write_text(f"Authorization: {SECRET}\n")
    own = Authority(tmp_path / "own").server("server")
    with before(stage.prometheus.url, pair=own) as proxy:
        words = ("--prometheus-headers", tmp_path / "headers")
        found = collect(tmp_path / "out", stage.kubeconfig, proxy.url, *words)

    assert "its certificate is not trusted" in found.error
    assert (proxy.asked, waits) == ([], [])
