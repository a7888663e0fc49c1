"""Every flag of `costkit collect` on real servers: what it asks of them, and what it writes."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from costkit.history.snapshots import read_snapshot
from costkit.model.snapshot import Snapshot
from tests.cli.command import FAILED, PARTIAL, Call, complaint, environment
from tests.cli.servers import silent
from tests.e2e.stage import END, Stage

Collect = Callable[..., Snapshot]


@pytest.fixture
def collect(stage: Stage, call: Call, tmp_path: Path) -> Collect:
    """A snapshot by the reader's account of the last day, with these words more."""

    def collected(*words: str | Path) -> Snapshot:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.zip"
        base = {"--kubeconfig": stage.kubeconfig, "--prometheus-url": stage.prometheus.url}
        base |= {"--at": str(END), "--window": "1d"}
        given = [word for flag, value in base.items() if flag not in words for word in (flag, value)]
        done = call("collect", *given, *words, "-o", path)
        assert done.code == PARTIAL, done.err
        return read_snapshot(path)

    return collected


def test_the_window_and_the_moment_bound_what_is_read(collect: Collect) -> None:
    assert collect("--window", "3d").window.days > 3
    assert collect("--at", str(END - 3600)).window.end == END - 3600


def test_the_cluster_is_called_what_people_call_it(collect: Collect) -> None:
    named, plain = collect("--cluster-name", "prod-eu"), collect()

    assert (named.cluster.name, named.cluster.id) == ("prod-eu", plain.cluster.id)
    assert plain.cluster.name == plain.cluster.id


def test_a_selector_that_all_series_have_changes_nothing_and_one_that_none_has_is_refused(
    stage: Stage, collect: Collect, call: Call
) -> None:
    same = collect("--prometheus-selector", '{job=~"kubelet|kube-state-metrics"}')
    assert repr(same.frames.usage.to_pylist()) == repr(collect().frames.usage.to_pylist())

    words = ("--kubeconfig", stage.kubeconfig, "--prometheus-url", stage.prometheus.url, "--at", str(END))
    for selector, code in (('cluster="other"', FAILED), ("cluster=prod", 2)):
        complaint(call("collect", *words, "--prometheus-selector", selector), code)


@pytest.mark.parametrize(("flag", "signal"), [("request-rate", "request_rate"), ("consumer-lag", "consumer_lag")])
def test_configured_signals_are_read(flag: str, signal: str, collect: Collect) -> None:
    taken = collect(f"--{flag}-query", "sum by (namespace, pod) (kube_pod_info)")

    assert signal in taken.frames.signals.column("signal").to_pylist()
    assert signal not in collect().frames.signals.column("signal").to_pylist()


def test_a_query_that_is_none_is_a_gap_of_its_own(stage: Stage, call: Call) -> None:
    words = ("--kubeconfig", stage.kubeconfig, "--prometheus-url", stage.prometheus.url, "--at", str(END))
    done = call("recommend", *words, "--window", "1d", "--request-rate-query", "sum by (", "-o", "json")

    rows = {row["source"]: row["status"] for row in json.loads(done.out)["coverage"]}
    assert rows["series request_rate"] == "missing"
    assert rows["series cpu"] == "ok"
    assert "request_rate" in complaint(done, PARTIAL)


def test_the_account_that_is_named_with_as_is_the_one_that_asks(stage: Stage, call: Call) -> None:
    reader = "system:serviceaccount:costkit:costkit-reader"
    done = call("collect", "--kubeconfig", stage.cluster.kubeconfig, "--as", reader, "-o", "s.zip")
    nobody = call("collect", "--kubeconfig", stage.cluster.kubeconfig, "--as", "nobody", "-o", "n.zip")

    assert done.code == PARTIAL
    assert f'User "{reader}" cannot list resource "widgets"' in done.err
    assert '"nobody"' in complaint(nobody, FAILED)
    assert not Path("n.zip").exists()


def test_the_context_is_the_one_that_is_named(stage: Stage, call: Call, tmp_path: Path) -> None:
    content = yaml.safe_load(stage.kubeconfig.read_text())
    content["clusters"].append({"name": "gone", "cluster": {"server": "http://127.0.0.1:1"}})
    content["contexts"].append({"name": "gone", "context": {"cluster": "gone", "user": "user"}})
    file = tmp_path / "two"
    file.write_text(yaml.safe_dump(content))

    assert call("collect", "--kubeconfig", file, "--context", "bed", "-o", "s.zip").code == PARTIAL
    assert "127.0.0.1:1 " in complaint(call("collect", "--kubeconfig", file, "--context", "gone"), FAILED)


def test_a_request_takes_no_longer_than_it_may(stage: Stage, call: Call) -> None:
    with silent() as place:
        words = ("collect", "--kubeconfig", stage.kubeconfig, "--prometheus-url", f"http://{place}")
        began = time.monotonic()
        complaint(call(*words, "--request-timeout", "300ms"), FAILED)

    assert time.monotonic() - began < 60


def test_without_a_name_the_file_is_called_by_cluster_and_time(stage: Stage, call: Call, tmp_path: Path) -> None:
    words = ("--kubeconfig", stage.kubeconfig, "--at", str(END), "--cluster-name", "../a b/ünï")

    done = call("collect", *words)

    (file,) = tmp_path.iterdir()
    assert file.name == "snapshot-a-b-n-20260529T0900Z.zip"
    assert file.name in done.err


def test_talk_is_as_much_as_was_asked_for(stage: Stage, call: Call) -> None:
    where = ("--kubeconfig", stage.kubeconfig, "--prometheus-url", stage.prometheus.url)
    words = ("collect", *where, "--at", str(END), "--window", "1d", "-o", "s.zip")

    usual, verbose, quiet = call(*words), call(*words, "-v"), call(*words, "-q")

    assert [line.partition(" ")[0] for line in usual.err.splitlines()] == ["seen:", "s.zip:", "error:", "help:"]
    assert verbose.err.count("event='query'") > 20
    assert "path='/api/v1/pods'" in verbose.err
    assert [line.partition(" ")[0] for line in quiet.err.splitlines()] == ["error:", "help:"]
    token = yaml.safe_load(stage.kubeconfig.read_text())["users"][0]["user"]["token"]
    assert token not in verbose.err


def test_a_traceback_is_shown_to_those_who_ask_for_it(call: Call) -> None:
    assert "Traceback" in call("collect", "--kubeconfig", "nowhere", "--debug").err
    assert "Traceback" not in call("collect", "--kubeconfig", "nowhere").err


def test_the_command_is_found_by_kubectl(tools: dict[str, Path], tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}:{environment(tmp_path)['PATH']}"
    env = {**environment(tmp_path), "PATH": path}
    done = subprocess.run(
        [tools["kubectl"], "costkit", "--version"], capture_output=True, text=True, check=False, env=env
    )

    assert (done.returncode, done.stderr) == (0, "")
