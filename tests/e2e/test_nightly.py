"""A night's run on real servers: all of its parts, with the shipped manifest's own account, environment and words."""

import json
import re
import subprocess
import sys

import pytest
import yaml

from costkit.history.store import History
from tests.e2e.stage import END, ROOT

MANIFEST = ROOT / "deploy" / "manifests" / "nightly.yaml"
NOWHERE = "http://127.0.0.1:9"


def nightly(stage, folder, *words, **where):
    kept = ("--history", folder / "history", "-o", folder / "out")
    return stage.costkit("nightly", *kept, *words, **where)


def summary(run):
    return json.loads(run.out.splitlines()[-1])


@pytest.fixture(scope="module")
def night(stage, tmp_path_factory):
    """The first night of a history."""
    folder = tmp_path_factory.mktemp("night")
    return folder, nightly(stage, folder)


def test_a_night_leaves_report_plan_patches_and_a_run_and_ends_0_on_partial_data(night):
    folder, run = night
    assert run.code == 0, run.err
    out = folder / "out"
    assert "<html" in (out / "report.html").read_text()[:2000]
    plan = json.loads((out / "plan.json").read_text())
    assert (out / "patches" / "index.json").is_file()
    told = summary(run)
    assert set(told["parts"].values()) == {"ok"}
    assert list(told["parts"]) == ["collect", "recommend", "folder", "report", "plan", "patches", "run", "prune"]
    assert told["recommendations"] == len(plan["recommendations"]) > 10
    assert any(gap.startswith("widgets") for gap in told["gaps"])
    runs = History.open(str(folder / "history")).runs(plan["cluster"]["id"])
    assert json.loads(runs.latest(END) or b"") == plan
    assert len(runs.names()) == 1


def test_strict_ends_3_on_partial_data(stage, night):
    assert nightly(stage, night[0], "--strict").code == 3


def test_the_next_night_says_the_same_of_what_hardly_moved(stage, night, tmp_path):
    """Three hours on the sketches differ; sizes near the last run's are the last run's."""
    folder = tmp_path
    nightly(stage, folder, at=END - 9 * 3600)
    first = json.loads((folder / "out" / "plan.json").read_text())
    nightly(stage, folder)
    second = json.loads((folder / "out" / "plan.json").read_text())
    alone = json.loads((night[0] / "out" / "plan.json").read_text())

    def sizes(plan):
        return {r["id"]: r["after"] for r in plan["recommendations"]}

    assert changed(sizes(first), sizes(second)) <= changed(sizes(first), sizes(alone))


def changed(before, after):
    return sum(before.get(key) != value for key, value in after.items())


def test_without_prometheus_tonight_the_history_still_gives_a_report(stage, night):
    folder, _ = night
    run = nightly(stage, folder, url=NOWHERE)
    told = summary(run)
    assert run.code == 4, run.err
    assert "does not answer" in told["parts"]["metrics"]
    assert "run" not in told["parts"]
    assert told["recommendations"] > 10
    assert any("does not answer" in gap for gap in told["gaps"])


def test_a_part_that_fails_hides_no_other(stage, night, tmp_path):
    (tmp_path / "out").write_text("a file where the folder should be")
    run = stage.costkit("nightly", "--history", night[0] / "history", "-o", tmp_path / "out")
    told = summary(run)["parts"]
    assert run.code == 4
    assert [name for name, word in told.items() if word != "ok"] == ["folder", "report", "plan", "patches"]
    assert told["run"] == "ok"
    assert "Traceback" not in run.err


def test_without_a_cluster_there_is_one_line_of_json_all_the_same(stage, tmp_path):
    words = ("nightly", "--history", tmp_path / "h", "-o", tmp_path / "out", "--at", str(END))
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(re.sub(r"https://127\.0\.0\.1:\d+", "https://127.0.0.1:9", stage.kubeconfig.read_text()))
    run = subprocess.run(
        [sys.executable, "-m", "costkit", *map(str, words), "--kubeconfig", str(kubeconfig)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    told = json.loads(run.stdout)
    assert run.returncode == told["exit"] == 4
    assert list(told["parts"]) == ["collect"]
    assert not (tmp_path / "out").exists()


def documents(path):
    return [one for one in yaml.safe_load_all(path.read_text()) if one]


def test_the_manifests_rights_are_those_of_the_reader():
    reader, night = documents(ROOT / "deploy" / "rbac-reader.yaml"), documents(MANIFEST)
    assert night[: len(reader)] == reader


def test_the_manifest_is_taken_by_the_api_server_and_its_pod_runs_as_a_process(stage, tmp_path):
    """Its own command, arguments and environment; /data stands in a folder of the test's, Prometheus is the bed's."""
    stage.cluster.kubectl("apply", "-f", str(MANIFEST))
    spec = stage.cluster.get("cronjob", "costkit-nightly", "-n", "costkit")["spec"]
    assert (spec["timeZone"], spec["concurrencyPolicy"]) == ("Etc/UTC", "Forbid")
    pod = spec["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    env = {one["name"]: one["value"].replace("/data", str(tmp_path)) for one in container["env"]}
    own = {
        "COSTKIT_PROMETHEUS_URL": stage.prometheus.url,
        "COSTKIT_KUBECONFIG": str(stage.cluster.service_account_kubeconfig("costkit", pod["serviceAccountName"])),
        "COSTKIT_AT": str(END),
        "HOME": str(tmp_path),
    }
    run = subprocess.run(
        [sys.executable, "-m", *container["command"], *container["args"]],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **env, **own},
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout.splitlines()[-1])
    assert (told["cluster"], told["exit"]) == ("my-cluster", 0)
    assert (tmp_path / "nightly" / "report.html").is_file()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["history", "nightly"]
