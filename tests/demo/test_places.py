"""Pods on nodes: what is asked for fits at all times, nodes come and go, and the samples are of the cluster's pods."""

from collections import Counter

import numpy as np
import pytest

from costkit.demo.lives import FOREVER, Span
from costkit.demo.place import Machine, homes, place
from costkit.demo.pools import POOLS
from costkit.demo.specs import reserved
from costkit.demo.workloads import WORKLOADS
from costkit.k8s.requests import effective_requests
from costkit.model.target import Target
from costkit.model.window import DAY
from tests.demo.conftest import AT


@pytest.fixture(scope="module")
def places():
    return place(7, Span(AT - 28 * DAY, AT))


def test_requests_fit_on_their_nodes_at_every_hour(places):
    for hour in range(28 * 24):
        at = AT - hour * 3600
        asked: dict[Machine, Counter[str]] = {}
        for life in places.lives:
            if life.run.start <= at < life.run.end:
                total = asked.setdefault(life.machine, Counter(pods=0))
                total.update({**reserved(life.row), "pods": 1})
        for machine, total in asked.items():
            offer = machine.slot.pool.type.allocatable
            assert all(amount <= offer.get(name, 0) + 1e-9 for name, amount in total.items()), (machine, total)


def test_a_pod_stands_on_its_node_for_all_of_its_life(places):
    assert all(li.machine.start <= li.run.start and min(li.run.end, AT) <= li.machine.end for li in places.lives)


def test_requests_in_the_cluster_fit_on_its_nodes(cluster):
    asked: dict[str, Counter[str]] = {node.name: Counter() for node in cluster.nodes}
    for pod in cluster.pods:
        if pod.holds_resources:
            asked[pod.node].update(effective_requests(pod))
    for node in cluster.nodes:
        assert all(amount <= node.allocatable[name] + 1e-9 for name, amount in asked[node.name].items())


def test_pods_keep_to_their_pools(places):
    for life in places.lives:
        if life.row.kind != "DaemonSet":
            assert life.machine.slot.pool.name == life.row.pool


def test_every_pod_that_can_be_has_a_home():
    wanted = {(row.key, ordinal) for row in WORKLOADS for ordinal in range(row.ordinals)}
    assert homes().keys() == wanted


def test_about_twenty_nodes_at_the_highest_and_fewer_at_night(places):
    hours = [AT - 3600 * hour for hour in range(28 * 24)]
    counts = [sum(m.start <= at < m.end for m in places.machines) for at in hours]
    assert 18 <= max(counts) <= 22
    assert min(counts) <= max(counts) - 3


def test_nodes_of_a_day_have_other_hours_than_those_of_now(cluster, days):
    seen = sum(bits.bit_count() / 2 for day in days for bits in day.nodes["half_hours"].to_pylist())
    hours = sum(1 for _ in range(28 * 24)) + 19
    assert 0.75 * len(cluster.nodes.items) * hours < seen < 0.97 * len(cluster.nodes.items) * hours


def test_every_node_has_a_name_of_its_own(places):
    names = Counter(machine.name for machine in places.machines)
    assert max(names.values()) == 1


def test_nodes_that_are_gone_are_told_of(cluster, days):
    living = {node.name for node in cluster.nodes}
    told = {name for day in days for name in day.nodes["name"].to_pylist()}
    assert living <= told
    assert len(told - living) > 20


def test_nodes_have_what_a_price_needs(cluster):
    for node in cluster.nodes:
        assert node.provider == "aws"
        assert node.region == "us-east-1"
        assert node.provider_id.startswith(f"aws:///{node.zone}/i-0")
        assert node.pool in {pool.name for pool in POOLS}
        assert ("karpenter.sh/nodepool" in node.meta.labels) != ("eks.amazonaws.com/nodegroup" in node.meta.labels)
    assert {"spot", "on-demand"} == {node.capacity_type for node in cluster.nodes}


def test_nodes_use_no_more_than_they_have_and_are_asked_for_what_runs_on_them(days):
    for day in days:
        for row in day.nodes.to_pylist():
            asked = np.array(row["requested_cpu"], float)
            there = np.array([row["half_hours"] >> i & 1 for i in range(48)], bool)
            assert np.isnan(asked[~there]).all()
            assert (asked[there] <= row["allocatable_cpu"] + 1e-3).all()
            assert np.nanmax(np.array(row["cpu_p95"], float)) < row["allocatable_cpu"]
            assert np.nanmax(np.array(row["memory_peak"], float)) < row["allocatable_memory"]


def _of(name, days):
    return [(s, v) for day in days for s, v in zip(day.samples[0].series, day.samples[0].values, strict=True)
            if s.target.name == name]  # fmt: skip


def test_living_pods_are_in_the_last_days_samples_and_the_other_way_round(cluster, days):
    sampled = {(s.target.workload, s.pod) for s in days[-1].samples[0].series if s.end == FOREVER}
    running = {(pod.workload, pod.meta.name) for pod in cluster.pods if pod.phase == "Running"}
    assert sampled == running


def test_pods_that_are_gone_are_in_the_samples_alone(cluster, days):
    living = {pod.meta.name for pod in cluster.pods}
    gone = {s.target.name for day in days for s in day.samples[0].series if s.pod not in living}
    assert {"gateway", "checkout", "query-api", "train-recommender", "finetune-bert-*", "reindex-*"} <= gone


def test_samples_lie_within_the_life_of_their_pod(days):
    for day in days[::7]:
        for samples in day.samples:
            moments = samples.day + 300 * np.arange(1, 289)
            for series, values in zip(samples.series, samples.values, strict=True):
                there = (moments > series.start) & (moments <= min(series.end, samples.until))
                assert (np.isfinite(values) == there).all(), series


def test_a_rollout_leaves_two_revisions_with_no_gap(days):
    revisions = {s.revision for s, _ in _of("gateway", days)}
    assert len(revisions) in (4, 5)
    replicas = [
        row["half_hours"]
        for day in days
        for row in day.signals.to_pylist()
        if row["name"] == "gateway" and row["namespace"] == "payments" and row["signal"] == "replicas_ready"
    ]
    assert {value for half_hours in replicas for value in half_hours if not np.isnan(value)} == {3.0}


def test_a_family_of_jobs_is_one_workload(cluster, days):
    family = Target("ml-platform", "PyTorchJob", "finetune-bert-*", "", "kubeflow.org/v1")
    (found,) = [w for w in cluster.workloads.items if w.target == family]
    assert found.containers == ()
    pods = {s.pod for day in days for s in day.samples[0].series if s.target.workload == family}
    assert len(pods) in (9, 10)
