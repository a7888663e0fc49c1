"""`costkit collect` on real servers: every sketch field is what numpy says of the raw samples."""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from costkit.history.snapshots import read_snapshot
from costkit.model.listed import Missing, Present, known
from costkit.model.sketch import FLOORS, Sketch, percentile
from costkit.model.snapshot import Snapshot
from tests.bed import audit
from tests.e2e import truth
from tests.e2e.stage import DAYS, END, ROOT, Stage

READER = "system:serviceaccount:costkit:costkit-reader"
WINDOW_START = (END - DAYS * 86400) // 86400 * 86400


@pytest.fixture(scope="session")
def snapshot_file(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("snapshot") / "bed.zip"
    done = stage.costkit("collect", "-o", path)
    assert done.code == 3, done.err
    assert "widgets" in done.err
    return path


@pytest.fixture(scope="session")
def snapshot(snapshot_file: Path) -> Snapshot:
    return read_snapshot(snapshot_file)


def usage_rows(snapshot, resource):
    """(workload key, node class, revision, day) -> the row."""
    rows = {}
    for row in snapshot.frames.usage.to_pylist():
        if row["resource"] == resource:
            key = (row["namespace"], row["kind"], row["name"], row["container"])
            assert (key, row["node_class"], row["revision"], row["day"]) not in rows
            rows[(key, row["node_class"], row["revision"], row["day"])] = row
    return rows


def test_at_least_forty_workloads_of_every_kind_are_seen(snapshot):
    kinds = {w.target.kind for w in known(snapshot.cluster.workloads)}

    assert len(known(snapshot.cluster.workloads)) >= 40
    assert kinds >= {
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Job",
        "CronJob",
        "Pod",
        "Rollout",
        "Kafka",
        "Widget",
    }
    assert all(
        pod.workload.kind != "ReplicaSet" or pod.workload.name == "own-set" for pod in known(snapshot.cluster.pods)
    )


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_every_sketch_field_is_numpys_on_the_raw_samples(stage, snapshot, resource):
    rows = usage_rows(snapshot, resource)
    checked = 0
    for midnight in truth.midnights(WINDOW_START, END):
        for group, days in truth.groups(stage.scene, midnight, min(END, midnight + 86400)).items():
            row = rows.pop((*group, float(midnight)))
            same_sketch(row, "buckets", "counts", truth.all_samples(days, resource), resource)
            same_sketch(row, "hottest_buckets", "hottest_counts", truth.hottest(days, resource), resource)
            same_numbers(row, days, resource)
            same_half_hours(row, days, resource)
            checked += 1

    # a container that ran and that no series tells of has hours, and nothing else
    assert {(key[0][2:], row["samples"], row["pod_hours"] > 0) for key, row in rows.items()} == {
        (("paired", "logs"), 0, True)
    }
    assert checked > 40 * DAYS


def same_sketch(row, buckets, counts, samples, resource):
    sketch = Sketch(np.array(row[buckets], np.int32), np.array(row[counts], np.int64))
    assert sketch.samples == len(samples)
    for share in (0.5, 0.9, 0.95, 0.98, 0.99, 1.0):
        exact = max(np.quantile(samples, share, method="inverted_cdf"), FLOORS[resource])
        read = percentile(sketch, share, float("inf"), resource)
        assert exact * (1 - 1e-4) <= read <= exact * 1.011


def same_numbers(row, days, resource):
    samples = truth.all_samples(days, resource)
    at = {d.pod: getattr(d, resource) for d in days}[row["peak_pod"]][int((row["peak_at"] - row["day"]) / 300) - 1]

    assert row["peak"] == pytest.approx(samples.max(), rel=1e-3)
    assert at == pytest.approx(samples.max(), rel=1e-3)
    assert row["mean"] == pytest.approx(samples.mean(), rel=1e-3)
    assert row["samples"] == len(samples)
    vanished = sum(d.vanished for d in days)
    assert row["samples_expected"] == pytest.approx(sum(d.seconds // 300 for d in days), abs=vanished)
    assert row["pods"] == len(days)
    assert row["pod_hours"] == pytest.approx(sum(d.seconds for d in days) / 3600, rel=1e-6, abs=vanished / 12)


def same_half_hours(row, days, resource):
    stacked = np.stack([getattr(d, resource) for d in days])
    total = np.where(np.isnan(stacked).all(axis=0), np.nan, np.nansum(stacked, axis=0)).reshape(48, 6)
    known_half_hours = ~np.isnan(total).all(axis=1)

    expected = np.nanmean(total[known_half_hours], axis=1), np.nanmax(total[known_half_hours], axis=1)
    means = np.array(row["total_means"])[known_half_hours], np.array(row["total_peaks"])[known_half_hours]
    np.testing.assert_allclose(means, expected, rtol=2e-3)
    assert np.isnan(np.array(row["total_means"])[~known_half_hours]).all()


def test_the_pods_that_a_rollout_took_away_count_for_their_deployment(stage, snapshot):
    rows = usage_rows(snapshot, "cpu")
    key = ("shop", "Deployment", "web-01", "main")
    week_before = END - 7 * 86400
    rolled = week_before // 86400 * 86400

    def revisions(day):
        return {k[2]: row["pods"] for k, row in rows.items() if (k[0], k[3]) == (key, float(day))}

    assert set(revisions(rolled - 86400)) == {"5d4f8c7b69"}
    assert len(revisions(rolled)) == 2
    assert "5d4f8c7b69" not in revisions(rolled + 86400)
    assert revisions(rolled)["5d4f8c7b69"] == sum(p.owner_name == "web-01-5d4f8c7b69" for p in stage.scene.pods)


def test_signals_say_requests_limits_and_replicas_by_half_hour(snapshot):
    rows = {
        (r["kind"], r["name"], r["container"], r["signal"]): r["half_hours"]
        for r in snapshot.frames.signals.to_pylist()
        if r["day"] == WINDOW_START + 5 * 86400 and r["namespace"] == "shop"
    }

    assert set(rows[("Deployment", "web-02", "main", "request_cpu")]) == {0.75}
    assert set(rows[("Deployment", "web-02", "main", "limit_memory")]) == {1536.0 * 2**20}
    assert set(rows[("StatefulSet", "db-1", "", "replicas_desired")]) == {2.0}
    assert set(rows[("Deployment", "web-02", "", "replicas_ready")]) == {3.0}
    assert set(rows[("Deployment", "scaled", "", "hpa_minimum")]) == {3.0}
    assert set(rows[("Deployment", "scaled", "", "hpa_target")]) == {60.0}


def test_nodes_have_their_hours_types_and_requests(stage, snapshot):
    rows = [r for r in snapshot.frames.nodes.to_pylist() if r["day"] == WINDOW_START + 5 * 86400]

    assert {r["name"] for r in rows} == {n.name for n in stage.scene.nodes}
    assert {r["half_hours"].bit_count() for r in rows} == {48}
    assert {r["instance_type"] for r in rows} == {"m6i.4xlarge", "m6i.2xlarge"}
    assert {r["capacity_type"] for r in rows} == {"on-demand", "spot"}
    requested = sum(r["requested_cpu"][20] for r in rows)
    told = sum(c.cpu_request or 0 for p in stage.scene.pods for c in p.containers if p.phase == "Running" and not p.end)
    assert requested == pytest.approx(told, rel=1e-5)


def test_a_right_that_lacks_is_a_missing_list_and_the_pod_stands_under_its_direct_owner(snapshot):
    widget = next(p for p in known(snapshot.cluster.pods) if p.meta.name == "wheel-0")
    status = {c.source: c.status for c in snapshot.coverage}

    assert (widget.workload.kind, widget.workload.name) == ("Widget", "wheel")
    assert status["widgets"] == "missing"
    assert status["rollouts"] == "ok"


def test_the_reader_role_is_what_collect_asks_for_and_no_more(stage, snapshot):
    assert snapshot.cluster.id
    asked = {
        (r.verb, r.resource)
        for r in audit.requests(stage.cluster.audit_log, READER)
        if r.resource and r.resource != "widgets"
    }
    refused = {r.resource for r in audit.requests(stage.cluster.audit_log, READER) if r.code == 403}
    built_in = {
        (verb, resource)
        for group, resource, verb in granted()
        if "." not in group or group in ("storage.k8s.io", "discovery.k8s.io", "autoscaling.k8s.io")
    }

    assert refused == {"widgets"}
    assert built_in - asked == {("list", "verticalpodautoscalers")} - asked
    assert asked - {(verb, resource) for _, resource, verb in granted()} == set()


def test_the_reader_role_is_the_table_written_here():
    lists = {
        "": "limitranges namespaces nodes persistentvolumeclaims persistentvolumes pods replicationcontrollers "
        "resourcequotas services",
        "apps": "daemonsets deployments replicasets statefulsets",
        "batch": "cronjobs jobs",
        "autoscaling": "horizontalpodautoscalers",
        "autoscaling.k8s.io": "verticalpodautoscalers",
        "policy": "poddisruptionbudgets",
        "storage.k8s.io": "storageclasses",
        "discovery.k8s.io": "endpointslices",
        "argoproj.io": "cronworkflows rollouts workflows",
        "kubeflow.org": "mpijobs notebooks pytorchjobs tfjobs trainjobs xgboostjobs",
        "ray.io": "rayclusters rayjobs rayservices",
        "serving.knative.dev": "revisions services",
        "sparkoperator.k8s.io": "scheduledsparkapplications sparkapplications",
        "kafka.strimzi.io": "kafkaconnects kafkas strimzipodsets",
        "core.strimzi.io": "kafkaconnects kafkas strimzipodsets",
        "postgresql.cnpg.io": "clusters",
        "monitoring.coreos.com": "alertmanagers prometheuses thanosrulers",
    }
    table = {(group, resource, "list") for group, names in lists.items() for resource in names.split()}

    assert granted() == table | {("", "namespaces", "get")}


def granted():
    documents = yaml.safe_load_all((ROOT / "deploy" / "rbac-reader.yaml").read_text())
    (role,) = [d for d in documents if d["kind"] == "ClusterRole"]
    return {
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def test_nothing_secret_is_in_the_snapshot(stage, snapshot_file, snapshot):
    token = json.loads(json.dumps(yaml.safe_load(stage.kubeconfig.read_text())))["users"][0]["user"]["token"]

    assert token.encode() not in snapshot_file.read_bytes()
    assert not any("last-applied" in key for w in known(snapshot.cluster.workloads) for key in w.meta.annotations)
    assert isinstance(snapshot.cluster.pods, Present)
    assert not isinstance(snapshot.cluster.nodes, Missing)
