"""`costkit doctor` on real servers: what is there, what is taken away, and what that costs."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
import urllib3
import yaml

from costkit.cli import doctor
from costkit.collect.doctor.access import rights
from tests.bed import exposition, live
from tests.bed.cluster import KubectlError
from tests.bed.gate import gate
from tests.bed.prometheus import Prometheus
from tests.bed.scene import Scene
from tests.bed.victoria import VictoriaMetrics
from tests.cli.command import FAILED, PARTIAL, USAGE, Call, Done, complaint, within
from tests.cli.kubeconfigs import kubeconfig
from tests.cli.servers import Answer, Seen, answering, with_warnings
from tests.e2e import platform
from tests.e2e.stage import END, ROOT, Stage

NAMESPACE = "costkit"
FORM = {"content-type": "application/x-www-form-urlencoded"}
DAY = 86400
Found = dict[str, dict[str, Any]]
Look = Callable[..., tuple[Done, Found]]
UNEXPLAINED = {
    "lists: widgets",
    "series: kube_replicationcontroller_spec_replicas",
    "series: kube_replicationcontroller_status_ready_replicas",
    "series: kube_horizontalpodautoscaler_status_condition",
    "series: kube_horizontalpodautoscaler_status_target_metric",
    "series: kubelet_volume_stats_used_bytes",
    "series: kube_pod_spec_volumes_persistentvolumeclaims_info",
}
"""What the stage lacks: a right that the reader has not, and series that the bed does not write."""


@pytest.fixture(scope="module")
def account(stage: Stage) -> str:
    """An account of its own with the reader's role: that of the stage asks for what `collect` asks for, alone."""
    stage.cluster.apply([*bound("doctor", "costkit-reader")])
    settled(stage, user("doctor"), "services")
    return user("doctor")


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Call]:
    """The command in this process. The home folder stays: the bed's tools, which tests here use, are found by it.

    A request may take longer than it may for a person: other tests may keep the machine busy.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(doctor, "_PATIENCE", 30.0)
    monkeypatch.setattr(doctor, "_IN_ALL", 60.0)
    for name in [name for name in os.environ if name.startswith(("COSTKIT_PROMETHEUS", "KUBE"))]:
        monkeypatch.delenv(name)

    with within(capfd) as called:
        yield called


@pytest.fixture
def look(stage: Stage, account: str, call: Call) -> Look:
    """The doctor's answer with these words more, as `user_name`, of another Prometheus, or (`url=""`) of none."""

    def looked(
        *words: str | Path, user_name: str = account, url: str | None = None, at: float = END
    ) -> tuple[Done, Found]:
        metrics = ("--prometheus-url", stage.prometheus.url if url is None else url) if url != "" else ()
        where = ("--kubeconfig", stage.cluster.kubeconfig, "--as", user_name, *metrics, "--at", str(at))
        done = call("doctor", "-o", "json", *where, *words)
        return done, found(done)

    return looked


@pytest.fixture(scope="module")
def past(stage: Stage) -> Scene:
    """The platform's last two days; half a day ago a Deployment was rolled out."""
    scene = live.from_cluster(stage.cluster, platform.usage_of, END, days=2)
    older = platform.usage_of(live.Who("shop", "Deployment", "web-01", "older", "main"))
    return live.with_older_replicas(scene, "shop", "web-01", END - DAY // 2, older)


@contextmanager
def watching(folder: Path, scene: Scene) -> Iterator[Prometheus]:
    with Prometheus.start(folder / "prometheus", exposition.write(scene, folder)) as server:
        yield server


def user(name: str) -> str:
    return f"system:serviceaccount:{NAMESPACE}:{name}"


def bound(name: str, role: str) -> Iterator[dict[str, Any]]:
    yield {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": NAMESPACE}}
    yield {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": name},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": NAMESPACE}],
    }


def settled(stage: Stage, name: str, resource: str) -> None:
    """Waits until the API server has seen the rights of the account."""
    deadline = time.monotonic() + 30
    while stage.cluster.kubectl("auth", "can-i", "list", resource, "--as", name, check=False).strip() != "yes":
        if time.monotonic() > deadline:
            raise KubectlError(f"{name} has no right to list {resource}")
        time.sleep(0.2)


def found(done: Done) -> Found:
    checks = json.loads(done.out)["checks"] if done.out else []
    return {f"{check['group']}: {check['name']}": check for check in checks}


def ready(done: Done) -> dict[str, str]:
    told: dict[str, str] = json.loads(done.out)["ready"]
    return told


def failed(checks: Found) -> set[str]:
    return {name for name, check in checks.items() if check["level"] == "FAIL"}


def lost(checks: Found) -> set[str]:
    return {name for name, check in checks.items() if check["lost"]}


def test_with_the_readers_role_all_is_well_or_says_what_is_lost_and_how_to_mend_it(look: Look) -> None:
    began = time.monotonic()
    done, checks = look()

    assert time.monotonic() - began < 10  # it takes one or two
    assert done.code == PARTIAL
    assert lost(checks) == UNEXPLAINED
    assert all(checks[name]["fix"] for name in UNEXPLAINED)
    assert failed(checks) == set()
    assert ready(done) == {"rightsize": "yes", "money": "list-price"}
    assert checks["API server: connection"]["found"].endswith(user("doctor"))
    assert checks["scrape interval: cAdvisor"]["found"].startswith("60 s")
    assert "6 of 6 nodes" in checks["prometheus: node check"]["found"]


def test_the_table_folds_what_is_well_and_ends_with_what_can_be_had(stage: Stage, account: str, call: Call) -> None:
    words = ("--kubeconfig", stage.cluster.kubeconfig, "--as", account, "--prometheus-url", stage.prometheus.url)
    whole, brief = (call("doctor", *words, "--at", str(END), *more) for more in ((), ("-q",)))

    lines = whole.out.splitlines()
    assert f"ok    access: {len(rights())} of {len(rights())}" in lines
    assert lines[-1] == "ready: rightsize yes, money list-price"
    assert {line[:4] for line in lines[:-1]} == {"ok  ", "warn", "    "}
    assert not any(line.startswith("ok") for line in brief.out.splitlines())


@pytest.fixture(scope="module")
def without(stage: Stage) -> Mapping[str, str]:
    """Right -> an account that has all of the reader's but this one."""
    documents = list(yaml.safe_load_all((ROOT / "deploy" / "rbac-reader.yaml").read_text()))
    (role,) = [d for d in documents if d["kind"] == "ClusterRole"]
    names = {f"{right.verb} {right.resource}": f"no-{right.verb}-{right.resource}" for right in rights()}
    for right, name in names.items():
        rules = [rest for rest in (less(rule, right) for rule in role["rules"]) if rest]
        body = {**role, "metadata": {"name": name}, "rules": rules}
        stage.cluster.apply([body, *bound(name, name)])
    for name in names.values():
        settled(stage, user(name), "services" if name != "no-list-services" else "nodes")
    return names


def less(rule: dict[str, Any], right: str) -> dict[str, Any] | None:
    verb, resource = right.split()
    if verb not in rule["verbs"] or rule["apiGroups"] == ["serving.knative.dev"]:
        return rule
    rest = [one for one in rule["resources"] if one != resource]
    return {**rule, "resources": rest} if rest else None


@pytest.mark.parametrize("right", [f"{right.verb} {right.resource}" for right in rights()])
def test_a_right_that_is_taken_away_is_the_one_line_that_fails(
    right: str, without: Mapping[str, str], look: Look
) -> None:
    done, checks = look(user_name=user(without[right]), url="")

    (name,) = failed(checks)
    assert name.startswith(f"access: {right}")
    assert "- {apiGroups: [" in checks[name]["fix"]
    assert yaml.safe_load(checks[name]["fix"].partition(": - ")[2])["resources"] == [right.split()[1]]
    assert done.code == (FAILED if right == "get namespaces" else PARTIAL)


@pytest.mark.parametrize(
    "right",
    [
        "list pods",
        "list namespaces",
        "list horizontalpodautoscalers",
        "list limitranges",
        "list nodes",
        "list services",
    ],
)
def test_what_a_missing_right_is_said_to_stop_is_what_it_stops(
    right: str, without: Mapping[str, str], look: Look, stage: Stage, call: Call
) -> None:
    done, _ = look(user_name=user(without[right]))
    where = ("--kubeconfig", stage.cluster.kubeconfig, "--prometheus-url", stage.prometheus.url, "--at", str(END))
    plan = call("recommend", "-o", "json", "--window", "3d", "--as", user(without[right]), *where)

    sized = bool(json.loads(plan.out)["recommendations"])
    assert ready(done)["rightsize"] == ("yes" if sized else "no")


def test_the_line_that_is_to_be_pasted_gives_the_right(stage: Stage, look: Look) -> None:
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "pasted"},
        "rules": [],
    }
    stage.cluster.apply([role, *bound("pasted", "pasted")])
    _, checks = look(user_name=user("pasted"), url="")
    rules = [yaml.safe_load(checks[name]["fix"].partition(": - ")[2]) for name in failed(checks)]
    stage.cluster.apply({**role, "rules": rules})
    settled(stage, user("pasted"), "services")
    done, checks = look(user_name=user("pasted"))

    assert failed(checks) == set()
    assert ready(done)["rightsize"] == "yes"


def test_without_any_prometheus_the_rest_works_and_it_is_said_once(look: Look) -> None:
    done, checks = look(url="")

    assert done.code == PARTIAL
    assert lost(checks) == {"prometheus: service", "lists: widgets"}
    assert ready(done) == {"rightsize": "no", "money": "list-price"}


def test_a_prometheus_that_is_not_there_is_one_line(look: Look) -> None:
    done, checks = look(url="http://127.0.0.1:1")

    assert failed(checks) == {"prometheus: connection"}
    assert [name for name in checks if name.startswith(("series", "labels"))] == []
    assert (done.code, ready(done)) == (FAILED, {"rightsize": "no", "money": "no"})


def test_without_kube_state_metrics_each_of_its_series_says_what_is_lost(look: Look) -> None:
    _, checks = look("--prometheus-selector", 'job="kubelet"')

    absent = {name for name in lost(checks) if name.startswith("series: kube_")}
    assert {"series: kube_pod_owner", "series: kube_node_info", "series: kube_deployment_spec_replicas"} <= absent
    assert {checks[name]["fix"] for name in absent} == {
        "run kube-state-metrics and scrape it: not one of its series is there"
    }
    assert checks["series: container_cpu_usage_seconds_total"]["level"] == "ok"
    assert "labels: kube_node_labels" in lost(checks)


def test_another_clusters_prometheus_stops_all_that_is_told(past: Scene, look: Look, tmp_path: Path) -> None:
    other = replace(
        past,
        nodes=tuple(replace(node, name=f"other-{node.name}") for node in past.nodes),
        pods=tuple(replace(pod, node=f"other-{pod.node}") for pod in past.pods),
    )
    with watching(tmp_path, other) as server:
        done, checks = look(url=server.url)

    assert "another cluster's" in checks["prometheus: node check"]["found"]
    assert failed(checks) == {"prometheus: node check", "history: window"}
    assert done.code == FAILED


def test_a_short_past_slow_scrapes_and_labels_that_lack_are_told(past: Scene, look: Look, tmp_path: Path) -> None:
    poor = replace(past, container_names=False, label_series=False)
    with watching(tmp_path / "poor", poor) as server:
        done, checks = look(url=server.url)

    assert done.code == PARTIAL
    assert checks["container labels: cAdvisor"]["level"] == "warn"
    several = sum(len(pod.containers) > 1 for pod in past.pods)
    assert checks["container labels: cAdvisor"]["lost"] == f"sizes of {several} pods of several containers"
    allowed = checks["labels: kube_node_labels"]["fix"]
    assert "--metric-labels-allowlist=pods=[pod-template-hash,controller-revision-hash," in allowed
    assert "node.kubernetes.io/instance-type" in allowed
    assert "labels: kube_pod_labels" in lost(checks)

    with watching(tmp_path / "slow", replace(past, step=120)) as server:
        done, checks = look(url=server.url)

    assert checks["scrape interval: cAdvisor"]["level"] == "warn"
    assert checks["scrape interval: cAdvisor"]["found"].startswith("120 s; CPU is a rate over 8m")
    assert failed(checks) == {"history: window"}
    assert ready(done)["rightsize"] in ("in 1 day", "in 2 days")


def test_victoria_metrics_is_looked_at_alike(past: Scene, look: Look, tmp_path: Path) -> None:
    with VictoriaMetrics.start(tmp_path / "victoria", exposition.write(past, tmp_path)) as server:
        _, checks = look(url=server.url)

    assert lost(checks) == UNEXPLAINED | {"history: window"}
    assert checks["scrape interval: cAdvisor"]["found"].startswith("60 s")
    assert float(checks["history: window"]["found"].split()[2]) == pytest.approx(2, abs=0.2)
    assert checks["clock: Prometheus"]["level"] == "ok"
    assert checks["labels: kube_node_labels"]["found"].startswith("carries node.kubernetes.io/instance-type")


def hiding(url: str, metric: str) -> Callable[[str, bytes], Answer]:
    """A stand-in for a server that lacks one metric: a real one's answers without it."""
    http = urllib3.PoolManager(retries=False)

    def answer(path: str, body: bytes) -> Answer:
        told = http.request("POST" if body else "GET", url + path, body=body or None, headers=FORM)
        content = told.json()
        if "/values" in path:
            content["data"] = [name for name in content["data"] if name != metric]
        elif unquote_plus(body.decode()).startswith(f"query=count(max_over_time({metric}{{"):
            content["data"]["result"] = []
        else:
            rows = content["data"]["result"]
            content["data"]["result"] = [row for row in rows if row["metric"].get("__name__") != metric]
        return told.status, {"content-type": "application/json"}, json.dumps(content).encode()

    return answer


def test_the_share_of_samples_that_is_lost_with_a_series_is_counted(past: Scene, look: Look, tmp_path: Path) -> None:
    with watching(tmp_path, past) as server, answering(hiding(server.url, "kube_pod_owner")) as url:
        _, checks = look(url=url)

    gone = sum(pod.end is not None and pod.phase == "Running" for pod in past.pods)
    whole = len([pod for pod in past.pods if pod.phase == "Running"])
    text = checks["series: kube_pod_owner"]["lost"]
    share = float(text.rpartition("(")[2].partition("%")[0]) / 100
    assert failed(checks) >= {"series: kube_pod_owner"}
    assert 0 < share < 1.5 * gone / whole


def skewed(stage: Stage, seen: Seen) -> Callable[[str, bytes], Answer]:
    """A stand-in for an API server whose clock is wrong: the real one's answers, under this process' own Date."""
    http = urllib3.PoolManager(retries=False, ca_certs=str(stage.cluster.ca))

    def answer(path: str, body: bytes) -> Answer:
        token = next(value for name, value in seen[-1].items() if name.lower() == "authorization")
        headers = {"Authorization": token, "Content-Type": "application/json"}
        told = http.request("POST" if body else "GET", stage.cluster.url + path, body=body or None, headers=headers)
        return told.status, {"content-type": "application/json"}, told.data

    return answer


def fronting(stage: Stage, seen: Seen) -> Callable[[str, bytes], Answer]:
    """A stand-in for an API server with a Prometheus behind a Service: the bed's reaches nothing on loopback.

    The Service is made up and is proxied to the stage's Prometheus, whose now is its data's end; all else is the real
    API server's.
    """
    real = skewed(stage, seen)
    http = urllib3.PoolManager(retries=False)
    service = {
        "metadata": {"name": "prometheus-operated", "namespace": "monitoring"},
        "spec": {"ports": [{"port": 9090}]},
    }
    listed = json.dumps({"kind": "ServiceList", "metadata": {}, "items": [service]}).encode()
    proxy = "/api/v1/namespaces/monitoring/services/prometheus-operated:9090/proxy"

    def answer(path: str, body: bytes) -> Answer:
        if path.startswith("/api/v1/services?"):
            return 200, {"content-type": "application/json"}, listed
        if not path.startswith(proxy):
            return real(path, body)
        url = stage.prometheus.url + path.removeprefix(proxy)
        url += f"&time={END}" if "/query?" in url and "&time=" not in url else ""
        told = http.request("POST" if body else "GET", url, body=body or None, headers=FORM)
        return told.status, {"content-type": "application/json"}, told.data

    return answer


def late(url: str, seconds: float) -> Callable[[str, bytes], Answer]:
    """A stand-in for a Prometheus whose clock is wrong: the real one's answers, but for its own time."""
    http = urllib3.PoolManager(retries=False)

    def answer(path: str, body: bytes) -> Answer:
        told = http.request("POST" if body else "GET", url + path, body=body or None, headers=FORM)
        content = told.json()
        if "vector(time())" in unquote_plus(body.decode()):
            content["data"]["result"][0]["value"][1] = str(time.time() + seconds)
        return told.status, {"content-type": "application/json"}, json.dumps(content).encode()

    return answer


def test_a_prometheus_whose_clock_differs_is_told(stage: Stage, look: Look) -> None:
    with answering(late(stage.prometheus.url, -90)) as url:
        _, checks = look(url=url)

    assert (checks["clock: Prometheus"]["level"], checks["clock: API server"]["level"]) == ("warn", "ok")
    assert checks["clock: Prometheus"]["found"] in ("89s behind this machine's", "90s behind this machine's")


def test_an_api_server_whose_clock_differs_is_told(
    stage: Stage, account: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = stage.cluster.kubectl("create", "token", account.rpartition(":")[2], "-n", NAMESPACE).strip()
    wrong = formatdate(time.time() + 7200, usegmt=True)
    seen: Seen = []
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda *_: wrong)
    with answering(skewed(stage, seen), seen) as url:
        done = call("doctor", "-o", "json", "--kubeconfig", kubeconfig(tmp_path, url, token=token))

    assert found(done)["clock: API server"]["level"] == "FAIL"
    assert found(done)["clock: API server"]["found"].startswith("2h ahead of")
    assert token not in done.out + done.err


def test_a_prometheus_of_the_cluster_is_found_and_looked_at(
    stage: Stage, account: str, call: Call, tmp_path: Path
) -> None:
    token = stage.cluster.kubectl("create", "token", account.rpartition(":")[2], "-n", NAMESPACE).strip()
    seen: Seen = []
    with answering(fronting(stage, seen), seen) as url:
        words = ("--kubeconfig", kubeconfig(tmp_path, url, token=token), "--at", str(END))
        done = call("doctor", "-o", "json", *words)

    checks = found(done)
    assert checks["prometheus: service"]["found"] == "monitoring/prometheus-operated:9090, through the API server"
    assert checks["prometheus: node check"]["level"] == "ok"
    assert ready(done) == {"rightsize": "yes", "money": "list-price"}


def test_a_warning_of_the_server_is_told(stage: Stage, look: Look) -> None:
    with answering(with_warnings(stage.prometheus.url)) as url:
        _, checks = look(url=url)

    assert checks["history: warnings"]["found"] == "store b is gone"


def test_a_server_that_wants_one_name_a_query_is_asked_name_by_name(stage: Stage, look: Look) -> None:
    with answering(one_name(stage.prometheus.url)) as url:
        done, checks = look(url=url)

    assert lost(checks) == UNEXPLAINED
    assert ready(done)["rightsize"] == "yes"


def one_name(url: str) -> Callable[[str, bytes], Answer]:
    """A stand-in for a server that refuses a selector without a metric's name: a real one's answers, but for those."""
    http = urllib3.PoolManager(retries=False)

    def answer(path: str, body: bytes) -> Answer:
        if "{__name__=~" in unquote_plus(body.decode()):
            return 400, {"content-type": "application/json"}, b'{"status":"error","error":"name a metric"}'
        told = http.request("POST" if body else "GET", url + path, body=body or None, headers=FORM)
        return told.status, {"content-type": "application/json"}, told.data

    return answer


def test_nodes_without_a_price_are_named_with_the_line_that_gives_them_one(look: Look, tmp_path: Path) -> None:
    (tmp_path / "rules" / "prices").mkdir(parents=True)
    (tmp_path / "rules" / "prices" / "aws.yaml").write_text(
        "provider: aws\nregion: us-east-1\ndate: 2026-01-01\nsource: mine\n"
    )
    own = tmp_path / "own.csv"
    own.write_text("instance_type,hourly\nm6i.4xlarge,0.5\n")

    done, checks = look("--rules", tmp_path / "rules", url="")
    assert checks["prices: nodes"]["found"] == "6 of 6 nodes have none: 2 x m6i.2xlarge, 4 x m6i.4xlarge"
    assert "m6i.2xlarge,0.10" in checks["prices: nodes"]["fix"]
    assert ready(done)["money"] == "unit-price"

    done, checks = look("--rules", tmp_path / "rules", "--prices", own, url="")
    assert checks["prices: nodes"]["found"] == "2 of 6 nodes have none: 2 x m6i.2xlarge"
    assert ready(done)["money"] == "own-price and unit-price"


def test_a_history_that_can_be_written_is_left_as_it_was(look: Look, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = tmp_path / "history"
    kept.mkdir()

    _, checks = look("--history", kept, url="")
    assert checks["history: storage"]["level"] == "ok"
    assert list(kept.iterdir()) == []

    done, checks = look("--history", tmp_path / "file" / "below", url="")
    assert "history: storage" in failed(checks)
    assert done.code == PARTIAL


def test_own_signals_are_tried(look: Look) -> None:
    _, checks = look(
        *("--request-rate-query", "sum by (namespace, pod) (kube_pod_info)"),
        *("--consumer-lag-query", "sum by (namespace, pod) (nobody_exports_this)"),
    )

    assert checks["signals: request_rate"]["level"] == "ok"
    assert "--consumer-lag-query" in checks["signals: consumer_lag"]["lost"]

    _, checks = look("--request-rate-query", "sum by (")
    assert failed(checks) == {"signals: own"}


def test_the_window_the_moment_and_the_name_change_what_is_said(look: Look) -> None:
    _, checks = look("--cluster-name", "prod-eu", url="")
    assert "cluster: prod-eu" in checks

    _, checks = look("--window", "28d")
    assert checks["history: window"]["level"] == "warn"
    assert "--storage.tsdb.retention.time=29d" in checks["history: window"]["fix"]

    done, checks = look(at=END - 13 * DAY)
    assert float(checks["history: window"]["found"].split()[2]) == pytest.approx(2, abs=0.2)
    assert ready(done)["rightsize"] in ("in 1 day", "in 2 days")
    complaint(look("--window", "90d")[0], USAGE)


def test_headers_are_sent_and_never_shown(stage: Stage, look: Look, tmp_path: Path) -> None:
    secret = "Bearer a-token-that-nobody-may-see"  # noqa: S105  # no server but the gate knows it
    (tmp_path / "headers").write_text(f"Authorization: {secret}\n")
    with gate(stage.prometheus.url, {"Authorization": secret}) as url:
        refused, checks = look(url=url)
        let_in, _ = look("--prometheus-headers", tmp_path / "headers", "-v", url=url)

    assert "401" in checks["prometheus: connection"]["found"]
    assert refused.code == FAILED
    assert let_in.code == PARTIAL
    assert "event='query'" in let_in.err
    assert secret not in let_in.out + let_in.err
