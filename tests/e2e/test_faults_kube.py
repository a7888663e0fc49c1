"""`costkit collect` from a real API server behind a proxy that spoils its answers.

Once: the snapshot is the same to the byte. For ever: a gap that is named, or one clear error and no file.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bed.certificates import Authority
from tests.bed.fault_proxy import Proxy, before, before_apiserver, redirected
from tests.bed.faults import Fault, Rule, cut, drip, login_page, redirect, reply, reset, stall
from tests.cli.servers import Seen, answering
from tests.cli.servers import login_page as any_page
from tests.e2e.faulty import Collection, collect, instead_of_waiting
from tests.e2e.stage import Stage

IDENTITY, PODS, DEPLOYMENTS = "/api/v1/namespaces/kube-system", "/api/v1/pods", "/apis/apps/v1/deployments"
PLACES = (IDENTITY, PODS, DEPLOYMENTS)

QUICK: dict[str, Fault] = {
    "500": reply(500, b'{"kind":"Status","message":"etcdserver: leader changed"}'),
    "503 with Retry-After": reply(503, retry_after="7"),
    "429": reply(429, b"Too many requests, please try again later.\n", retry_after="1"),
    "half of the JSON": cut,
    "half a body, then a reset": reset,
    "401": reply(401, b'{"kind":"Status","message":"Unauthorized"}'),
}
SLOW: dict[str, Fault] = {"a stall": stall(60), "a body that drips in": drip(60)}
"""Sixty seconds, to a client that waits for one."""
STEADY: dict[str, Fault] = {
    "400": reply(400, b'{"kind":"Status","message":"no"}'),
    "403": reply(403, b'{"kind":"Status","message":"pods is forbidden"}'),
    "410": reply(410, b'{"kind":"Status","message":"too old"}'),
    "422": reply(422, b'{"kind":"Status","message":"no"}'),
    "a login page": login_page,
}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    return instead_of_waiting(monkeypatch)


@pytest.fixture
def behind(stage: Stage, tmp_path: Path) -> Callable[..., tuple[Collection, Proxy]]:
    def run(*rules: Rule, words: tuple[str, ...] = ()) -> tuple[Collection, Proxy]:
        file = tmp_path / "kubeconfig"
        with before_apiserver(stage.cluster, stage.kubeconfig, file, *rules) as proxy:
            return collect(tmp_path / "out", file, stage.prometheus.url, *words), proxy

    return run


@pytest.fixture(scope="module")
def good(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Without a proxy."""
    folder = tmp_path_factory.mktemp("good") / "out"
    return collect(folder, stage.kubeconfig, stage.prometheus.url).bytes


@pytest.mark.parametrize("case", QUICK)
def test_a_failure_that_passes_changes_nothing(case: str, behind, good: bytes, waits) -> None:
    found, proxy = behind(*(Rule(QUICK[case], place) for place in PLACES))

    assert found.bytes == good
    assert len(proxy.spoiled) == len(PLACES)
    assert len(waits) == (0 if case == "401" else len(PLACES))
    assert case != "503 with Retry-After" or waits == [7.0] * len(PLACES)


@pytest.mark.parametrize("case", SLOW)
def test_slowness_that_passes_changes_nothing(case: str, behind, good: bytes, waits) -> None:
    found, proxy = behind(Rule(SLOW[case], PODS), words=("--request-timeout", "2s"))

    assert found.bytes == good
    assert (len(proxy.spoiled), len(waits)) == (1, 1)


def test_every_request_may_fail_once(behind, good: bytes, waits) -> None:
    """Each list's own first request, a different failure in turn."""
    faults = list(QUICK.values())
    plain, seen = behind()
    assert plain.bytes == good
    paths = sorted({asked.path for asked in seen.asked})
    (plain.folder / "s.zip").unlink()
    plain.folder.rmdir()

    found, proxy = behind(*(Rule(faults[number % len(faults)], path) for number, path in enumerate(paths)))

    assert len(paths) > 20
    assert found.bytes == good
    assert len(proxy.spoiled) == len(paths)
    assert len(waits) > len(paths) / 2


@pytest.mark.parametrize("case", [*QUICK, *SLOW, *STEADY])
def test_pods_that_cannot_be_had_are_missing_and_never_none(case: str, behind, waits) -> None:
    fault = (QUICK | SLOW | STEADY)[case]
    found, _ = behind(Rule(fault, PODS, times=None), words=("--request-timeout", "1s"))

    if case == "401":
        assert "refused the credentials (401)" in found.error
    else:
        assert found.gaps["pods"]
    assert sum(waits) < 60


@pytest.mark.parametrize("case", [*QUICK, *SLOW, *STEADY])
def test_without_the_clusters_identity_there_is_one_error_and_no_file(case: str, behind, waits) -> None:
    fault = (QUICK | SLOW | STEADY)[case]
    found, _ = behind(Rule(fault, IDENTITY, times=None), words=("--request-timeout", "1s"))

    assert found.error.startswith("error: ")
    assert len(waits) <= 4


def test_a_server_that_goes_away_in_the_middle_ends_the_run(behind, waits) -> None:
    found, proxy = behind(Rule(reset, after=4, times=None))

    assert "does not answer" in found.error
    assert len(proxy.spoiled) == 10
    assert len(waits) == 8


def test_a_redirect_is_an_error_and_no_credential_goes_where_it_leads(behind, waits) -> None:
    elsewhere: Seen = []
    with answering(any_page, elsewhere) as target:
        found, _ = behind(Rule(redirect(target), PODS, times=None))

    assert "redirects elsewhere (307)" in found.error
    assert (elsewhere, waits) == ([], [])


def test_a_certificate_of_ones_own_is_an_error_before_any_credential_is_sent(stage, tmp_path, waits) -> None:
    own = Authority(tmp_path / "own").server("server")
    with before(stage.cluster.url, authority=stage.cluster.ca, pair=own) as proxy:
        file = redirected(stage.kubeconfig, tmp_path / "kubeconfig", proxy.url)
        found = collect(tmp_path / "out", file, stage.prometheus.url)

    assert "its certificate is not trusted" in found.error
    assert (proxy.asked, waits) == ([], [])
