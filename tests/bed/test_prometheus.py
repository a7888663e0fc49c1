"""Prometheus answers with what was back-filled, and to whom it should."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import urllib3

from tests.bed import exposition
from tests.bed.gate import gate
from tests.bed.ports import is_free
from tests.bed.prometheus import Prometheus, PrometheusError, Series
from tests.bed.scene import ContainerSeries, Floats, NodeSeries, PodSeries, Restart, Scene, Times, steady, traced
from tests.bed.test_process import alive
from tests.bed.web import Guard

END = 1_780_000_800 // 240 * 240
START = END - 40 * 86400
MINUTE = 60


def wave(times: Times) -> tuple[Floats, Floats]:
    """A day's rhythm with a sawtooth of memory: different at every time, the same at every call."""
    cores = 0.5 + 0.4 * np.sin(times / 86400 * 2 * np.pi)
    return cores, 2e8 + (times % 7200) * 4096.0


def pod(name: str, container: ContainerSeries, start: int = START, end: int | None = None) -> PodSeries:
    return PodSeries("shop", name, f"uid-{name}", "node-1", (container,), start, end)


@pytest.fixture(scope="module")
def prometheus(tools: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:  # noqa: ARG001
    folder = tmp_path_factory.mktemp("prometheus")
    restart = Restart(START + 10 * 86400, "OOMKilled", 137)
    pods = (
        pod("wave", ContainerSeries("main", wave, cpu_request=1.0, cpu_limit=2.0, throttled=0.25)),
        pod("killed", ContainerSeries("main", steady(0.25, 1e8), restarts=(restart,))),
        pod("gone", ContainerSeries("main", steady(0.1, 1e8)), end=START + 86400),
    )
    scene = Scene(START, END, pods=pods, nodes=(NodeSeries("node-1", 8.0, 32e9, START),))
    with Prometheus.start(folder, exposition.write(scene, folder)) as server:
        yield server


def one(answer: list[Series]) -> Series:
    assert len(answer) == 1
    return answer[0]


def test_the_rate_is_the_usage_it_was_made_from(prometheus: Prometheus) -> None:
    query = 'rate(container_cpu_usage_seconds_total{pod="wave",container="main"}[5m])'
    series = one(prometheus.query_range(query, START + 3600, START + 5 * 86400, 300))
    times, rates = np.array(series.samples).T
    # The samples at the ends of (t-5m, t] are t-4m and t: four means lie between them.
    truth = np.mean([wave(times - MINUTE * back)[0] for back in range(4)], axis=0)
    np.testing.assert_allclose(rates, truth, rtol=1e-3)


def test_a_trace_is_told_as_it_stands(tools: dict[str, Path], tmp_path: Path) -> None:  # noqa: ARG001
    times = START + 300 * np.arange(288)
    cores, memory = 0.1 + np.arange(288) / 100, 1e8 + np.arange(288) * 4096.0
    container = ContainerSeries("main", traced(times, cores, memory))
    scene = Scene(
        START, START + 86400, pods=(pod("traced", container),), nodes=(NodeSeries("node-1", 8.0, 32e9, START),)
    )
    with Prometheus.start(tmp_path, exposition.write(scene, tmp_path)) as server:
        said = one(
            server.query_range(
                'max_over_time(container_memory_working_set_bytes{pod="traced",container="main"}[1m])',
                START + 3600,
                START + 43200,
                300,
            )
        )

    asked, values = np.array(said.samples).T
    np.testing.assert_array_equal(values, memory[((asked - START) // 300).astype(int)])


def test_memory_is_exact_at_every_sample(prometheus: Prometheus) -> None:
    query = 'container_memory_working_set_bytes{pod="wave",container="main"}'
    series = one(prometheus.query_range(query, START, START + 7 * 86400, 60))
    times, memory = np.array(series.samples).T
    assert len(times) == 7 * 1440 + 1
    np.testing.assert_array_equal(memory, wave(times)[1])


def test_the_pods_own_row_and_its_sandbox_stand_beside(prometheus: Prometheus) -> None:
    rows = prometheus.query('container_memory_working_set_bytes{pod="wave"}', END)
    assert sorted((row.labels.get("container", ""), row.labels.get("image", "")[:20]) for row in rows) == [
        ("", ""),
        ("", "registry.k8s.io/paus"),
        ("main", "registry.example/app"),
    ]


def test_throttling_has_the_share_asked_for(prometheus: Prometheus) -> None:
    rate = 'rate(container_cpu_cfs_{}periods_total{{pod="wave"}}[1h])'
    answer = one(prometheus.query(f"{rate.format('throttled_')} / {rate.format('')}", END))
    assert answer.value == pytest.approx(0.25, rel=0.01)


def test_a_restart_starts_a_new_series_and_is_told(prometheus: Prometheus) -> None:
    at = START + 10 * 86400
    usage = 'container_cpu_usage_seconds_total{pod="killed",container="main"}'
    before, after = one(prometheus.query(usage, at - 600)), one(prometheus.query(usage, at + 600))
    assert before.labels["id"] != after.labels["id"]
    assert after.value < before.value
    reason = one(prometheus.query("kube_pod_container_status_last_terminated_reason", at + 600))
    assert (reason.labels["pod"], reason.labels["reason"]) == ("killed", "OOMKilled")
    count = one(prometheus.query('increase(kube_pod_container_status_restarts_total{pod="killed"}[1d])', at + 3600))
    assert count.value == pytest.approx(1, rel=0.01)


def test_the_oldest_day_is_kept_and_a_pod_that_went_is_not_seen_later(prometheus: Prometheus) -> None:
    gone = 'kube_pod_info{pod="gone"}'
    assert len(prometheus.query(gone, START + 3600)) == 1
    assert prometheus.query(gone, START + 90000) == []


@pytest.mark.usefixtures("tools")
def test_a_counter_that_keeps_its_id_falls_within_one_series(tmp_path: Path) -> None:
    restart = Restart(END - 1800, same_id=True)
    scene = Scene(END - 3600, END, (pod("kept", ContainerSeries("main", steady(1, 1e8), restarts=(restart,))),))
    with Prometheus.start(tmp_path, exposition.write(scene, tmp_path)) as server:
        answer = one(server.query('resets(container_cpu_usage_seconds_total{container="main"}[1h])', END))
    assert answer.value == 1


@pytest.mark.parametrize("guard", [Guard(), Guard(tls=True), Guard(password=True), Guard(tls=True, password=True)])
@pytest.mark.usefixtures("tools")
def test_a_guarded_server_answers_only_who_may_ask(tmp_path: Path, guard: Guard) -> None:
    with Prometheus.start(tmp_path, guard=guard) as server:
        assert one(server.query("vector(1)", END)).value == 1
        server.headers = {}
        if guard.password:
            with pytest.raises(PrometheusError, match="401"):
                server.query("vector(1)", END)
        pid, port = server.process.pid, int(server.url.rsplit(":", 1)[1])
    assert not alive(pid)
    assert is_free(port)


def test_a_gate_lets_only_the_right_header_through(prometheus: Prometheus) -> None:
    token = {"Authorization": "Bearer secret"}
    with gate(prometheus.url, token) as url, urllib3.PoolManager(retries=False) as http:
        query = f"{url}/api/v1/query"
        assert http.request("POST", query, fields={"query": "vector(1)"}, encode_multipart=False).status == 401
        answer = http.request("POST", query, fields={"query": "vector(1)"}, encode_multipart=False, headers=token)
        assert answer.json()["data"]["result"][0]["value"][1] == "1"


@pytest.mark.usefixtures("tools")
def test_a_hand_written_file_is_read_by_promtool(tmp_path: Path) -> None:
    text = tmp_path / "few.om"
    text.write_text(f"# TYPE up gauge\nup 1 {END - 60}\nup 0 {END}\n# EOF\n")
    with Prometheus.start(tmp_path, text) as server:
        assert one(server.query("sum_over_time(up[5m])", END)).value == 1


@pytest.mark.usefixtures("tools")
def test_a_hand_written_file_that_promtool_refuses_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.om"
    broken.write_text("not open metrics\n")
    with pytest.raises(PrometheusError, match=r"broken\.om"):
        Prometheus.start(tmp_path, broken)
