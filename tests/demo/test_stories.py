"""What each named workload is there to show is really in the data."""

from collections import Counter

import numpy as np
import pytest

from costkit.demo.copies import HOSTILE
from costkit.demo.objects import UNUSED_NAMESPACE
from costkit.demo.rows import DEFAULT_REQUESTS, pair
from costkit.model.labels import UNLABELLED, CostLabels, find, fold
from costkit.model.quantities import GIBIBYTE, MEBIBYTE
from costkit.model.target import Target
from tests.demo.conftest import AT


def _target(place):
    namespace, kind, name = place.split("/")
    versions = {"CronJob": "batch/v1", "Job": "batch/v1", "Pod": "v1", "Rollout": "argoproj.io/v1alpha1"}
    return Target(namespace, kind, name, "", versions.get(kind, "apps/v1"))


def _workload(cluster, place):
    (found,) = [w for w in cluster.workloads.items if w.target == _target(place)]
    return found


def _pods(cluster, place):
    return [pod for pod in cluster.pods if pod.workload == _target(place)]


def _used(days, place, container, resource="cpu"):
    """Every sample of a container: rows are pods' days."""
    target = _target(place).of(container)
    rows = [
        values
        for day in days
        for samples in day.samples
        if samples.resource == resource
        for series, values in zip(samples.series, samples.values, strict=True)
        if series.target == target
    ]
    return np.array(rows)


def _events(days, place, event):
    rows = [row for day in days for row in day.events.to_pylist() if row["event"] == event]
    namespace, kind, name = place.split("/")
    return [r for r in rows if (r["namespace"], r["kind"], r["name"]) == (namespace, kind, name)]


def _signal(days, place, signal):
    namespace, kind, name = place.split("/")
    found = [
        row["half_hours"]
        for day in days
        for row in day.signals.to_pylist()
        if (row["namespace"], row["kind"], row["name"], row["signal"]) == (namespace, kind, name, signal)
    ]
    return np.array(found, float)


def test_the_textbook_case_is_exact(cluster, days):
    container = _workload(cluster, "search/Deployment/ranking-api").containers[0]
    assert container.requests == {"cpu": 8.0, "memory": 16.0 * GIBIBYTE}
    assert container.limits == {"cpu": 16.0, "memory": 32.0 * GIBIBYTE}
    cpu = _used(days, "search/Deployment/ranking-api", "ranking")
    memory = _used(days, "search/Deployment/ranking-api", "ranking", "memory")
    assert np.nanquantile(cpu, 0.98) == 2.0 == np.nanmax(cpu)
    assert np.nanquantile(memory, 0.98) == 4.0 * GIBIBYTE == np.nanmax(memory)


def test_about_sixty_workloads_of_six_teams_in_three_environments(cluster):
    workloads = cluster.workloads.items
    assert 50 <= len(workloads) <= 70
    namespaces = cluster.namespace_labels()
    found = [
        {key: find(key, [w.template_labels, w.labels, namespaces[w.target.namespace]]) for key in ("team", "env")}
        for w in workloads
    ]
    assert {fold(f["team"]) for f in found if f["team"]} == {
        "search", "payments", "ml-team", "data", "web", "platform",
    }  # fmt: skip
    assert {f["env"] for f in found if f["env"]} == {"production", "staging", "dev"}


def test_label_twins_become_one_and_the_unlabelled_stay_a_row(cluster):
    workloads = cluster.workloads.items
    teams = {w.labels["team"] for w in workloads if "team" in w.labels}
    keys = {key for w in workloads for key in w.labels}
    assert {"ML-Team", "ml-team"} <= teams
    assert {"cost-center", "costCenter", "cost_center"} <= keys
    labels = CostLabels.seen(("team", "cost-center"), [w.labels["team"] for w in workloads if "team" in w.labels])
    values = [labels.of([w.labels]) for w in workloads]
    assert Counter(v["team"] for v in values)["ML-Team"] == 0
    assert Counter(v["team"] for v in values)[UNLABELLED] >= 3


def test_a_label_and_an_annotation_hold_markup(cluster):
    probe = _workload(cluster, "dev/Deployment/xss-probe")
    assert HOSTILE in probe.labels.values()
    assert HOSTILE in probe.meta.annotations.values()


def test_every_workload_of_staging_and_dev_idles_at_night_and_on_weekends(days):
    """From 5 to 6 UTC nobody works in either zone; from 15:15 to 16:15 UTC everybody does."""
    checked = 0
    for day in days[:-1]:
        weekend = int(day.samples[0].day // 86_400 + 3) % 7 >= 5
        for series, values in zip(day.samples[0].series, day.samples[0].values, strict=True):
            place = series.target
            broken = (place.namespace, place.name) == ("dev", "checkout")
            office = place.namespace in ("staging", "dev") and place.kind == "Deployment" and not broken
            if office and not weekend and np.isfinite(values).all():
                night, busy = values[5 * 12 : 6 * 12].mean(), values[int(15.25 * 12) : int(16.25 * 12)].mean()
                assert night < 0.1 * busy, series
                checked += 1
            if office and weekend and np.isfinite(values).all():
                assert values[6 * 12 :].max() < 0.03
    assert checked > 200


def test_oom_kills_carry_the_limit_that_the_memory_peak_sits_at(days):
    place = "payments/Deployment/invoice-renderer"
    kills = _events(days, place, "oom_kill")
    assert len(kills) in (19, 20, 21)
    assert {kill["value"] for kill in kills} == {640.0 * MEBIBYTE}
    assert {kill["container"] for kill in kills} == {"renderer"}
    assert np.nanmax(_used(days, place, "renderer", "memory")) == 640.0 * MEBIBYTE
    restarts, exits = _events(days, place, "restart"), _events(days, place, "exit")
    assert len(restarts) == len(kills)
    assert {row["detail"] for row in exits} == {"OOMKilled"}
    assert len({kill["pod"] for kill in kills}) >= 2


def test_a_throttled_container_sits_at_its_cpu_limit(days):
    place = "payments/Deployment/fraud-scorer"
    throttled, periods = (np.nansum(_signal(days, place, f"cfs_{name}")) for name in ("throttled", "periods"))
    assert 0.1 < throttled / periods < 0.6
    assert np.nanmax(_used(days, place, "scorer")) == 0.6
    calm = "search/Deployment/autocomplete"
    assert np.nansum(_signal(days, calm, "cfs_throttled")) == 0
    assert np.nansum(_signal(days, calm, "cfs_periods")) > 0


def test_a_leak_grows_until_it_is_restarted(cluster, days):
    place = "web/Deployment/cms"
    peaks = np.nanmax(_used(days, place, "cms", "memory"), axis=1)
    falls = peaks[1:] < peaks[:-1] / 1.3
    assert falls.sum() in (3, 4)
    assert (peaks[1:] > 1.01 * peaks[:-1])[~falls].mean() > 0.9
    assert len(_events(days, place, "restart")) == falls.sum()
    assert _pods(cluster, place)[0].states[0].restarts >= 3


def test_a_jvm_uses_a_constant_share_of_its_limit(cluster, days):
    container = _workload(cluster, "search/StatefulSet/elasticsearch").containers[0]
    assert container.memory_reader == "MaxRAMPercentage"
    used = _used(days, "search/StatefulSet/elasticsearch", "elasticsearch", "memory")
    assert np.nanmax(used) / np.nanmin(used) < 1.25


def test_headroom_is_pause_pods_of_negative_priority(cluster):
    pods = _pods(cluster, "platform/Deployment/headroom")
    assert len(pods) == 2
    assert all(pod.priority < 0 and "pause" in pod.containers[0].image for pod in pods)


def test_a_proxy_is_in_the_pods_and_in_the_samples_but_not_in_the_template(cluster, days):
    place = "payments/Deployment/gateway"
    assert [c.name for c in _workload(cluster, place).containers] == ["gateway"]
    assert all([c.name for c in pod.containers] == ["gateway", "istio-proxy"] for pod in _pods(cluster, place))
    assert np.isfinite(_used(days, place, "istio-proxy")).any()


def test_sidecars_and_init_containers_are_told_apart(cluster, days):
    shipper = _workload(cluster, "web/Deployment/notifications").containers[1]
    assert shipper.sidecar
    assert shipper.runs_on
    warm = _workload(cluster, "web/Deployment/storefront").containers[1]
    assert warm.init
    assert not warm.runs_on
    assert len(_used(days, "web/Deployment/notifications", "log-shipper"))
    assert not len(_used(days, "web/Deployment/storefront", "warm-cache"))


def test_a_crash_loop_is_waiting_and_not_ready(cluster, days):
    place = "dev/Deployment/checkout"
    (pod,) = _pods(cluster, place)
    assert pod.states[0].waiting == "CrashLoopBackOff"
    assert pod.states[0].restarts > 100
    assert np.nanmax(_signal(days, place, "replicas_ready")) == 0
    assert np.nanmin(_signal(days, place, "replicas_desired")) == 1
    assert len(_events(days, place, "restart")) > 1000
    assert all(s.pods == () for s in cluster.endpoint_slices if (s.meta.namespace, s.service) == ("dev", "checkout"))


def test_a_young_workload_has_less_than_three_days(days):
    used = _used(days, "web/Deployment/promo-banner", "banner")
    assert len(used) == 2 * 3
    assert np.isfinite(used).sum() / 288 / 2 < 3


@pytest.mark.parametrize("metric", ["cpu", "memory", "kafka_consumer_lag"])
def test_an_autoscaler_of_each_kind_follows_the_load(cluster, days, metric):
    (scaler,) = [a for a in cluster.autoscalers if a.metrics[0].name == metric and a.meta.name != "storefront"]
    assert scaler.metrics[0].divides_by_request == (metric != "kafka_consumer_lag")
    place = f"{scaler.meta.namespace}/{scaler.workload.kind}/{scaler.meta.name}"
    desired, ready = _signal(days, place, "hpa_desired"), _signal(days, place, "replicas_ready")
    np.testing.assert_array_equal(desired, ready)
    assert (np.nanmin(desired), np.nanmax(desired)) == (scaler.minimum, scaler.maximum)
    current, target = _signal(days, place, "hpa_current"), _signal(days, place, "hpa_target")
    assert np.nanmax(current) <= np.nanmax(target) + 0.5
    assert scaler.desired == _workload(cluster, place).replicas == len(_pods(cluster, place))


def test_requests_that_come_from_a_limit_range_are_in_the_pods_alone(cluster):
    place = "dev/Deployment/scratch-api"
    assert _workload(cluster, place).containers[0].requests == {}
    cpu, memory = pair(DEFAULT_REQUESTS)
    assert _pods(cluster, place)[0].containers[0].requests == {"cpu": cpu, "memory": memory}
    assert next(iter(cluster.limit_ranges)).default_requests == {"cpu": cpu, "memory": memory}
    assert _pods(cluster, "ml-platform/Deployment/label-studio")[0].containers[0].requests == {}


def test_a_log_agent_uses_more_on_larger_nodes(days):
    by_class: dict[str, list[float]] = {}
    for series, values in zip(days[5].samples[0].series, days[5].samples[0].values, strict=True):
        if series.target.name == "log-agent":
            by_class.setdefault(series.node_class, []).append(np.nanmean(values))
    assert np.mean(by_class["m6i.4xlarge/on-demand"]) > 3 * np.mean(by_class["m6i.xlarge/on-demand"])


def test_training_runs_on_demand_with_gpus_and_sometimes_fails(days):
    gpu = [
        (series, np.nanmax(values))
        for day in days
        for samples in day.samples
        if samples.resource == "gpu"
        for series, values in zip(samples.series, samples.values, strict=True)
    ]
    training = [(s, peak) for s, peak in gpu if s.target.name == "train-recommender"]
    assert len(training) in (28, 29)
    assert all("on-demand" in series.node_class and peak > 0.8 for series, peak in training)
    idle = [peak for series, peak in gpu if series.target.name == "notebook-ana"]
    assert max(idle) < 0.1
    ends = Counter(row["detail"] for row in _events(days, "ml-platform/CronJob/train-recommender", "job_end"))
    assert ends["complete"] > 20
    assert ends["failed"] in (3, 4)


def test_what_was_left_behind_is_there(cluster):
    phases = Counter(volume.phase for volume in cluster.volumes)
    assert phases["Released"] == 3
    assert Counter(claim.phase for claim in cluster.claims)["Pending"] == 1
    failed = {pod.workload.name for pod in cluster.pods if pod.phase == "Failed"}
    assert failed == {"ledger-migrate", "notebook-shared"}
    assert all(pod.end < AT and not pod.holds_resources for pod in cluster.pods if pod.phase == "Failed")
    old = _workload(cluster, "web/Deployment/storefront-v1")
    assert old.replicas == 0
    inhabited = {w.target.namespace for w in cluster.workloads}
    assert {n.meta.name for n in cluster.namespaces} - inhabited == {UNUSED_NAMESPACE}


def test_claims_have_volumes_and_those_of_living_pods_are_mounted(cluster, days):
    volumes = {volume.meta.name for volume in cluster.volumes}
    assert all(claim.volume in volumes for claim in cluster.claims if claim.phase == "Bound")
    claims = {(claim.meta.namespace, claim.meta.name): claim for claim in cluster.claims}
    mounted = {(row["namespace"], row["claim"]): row for row in days[-1].volumes.to_pylist()}
    assert mounted.keys() < claims.keys()
    assert all(0 < row["used"] < claims[key].request for key, row in mounted.items())
    assert len(claims.keys() - mounted.keys()) == 3


def test_one_service_is_a_load_balancer_and_some_have_nothing_behind_them(cluster):
    assert [s.meta.name for s in cluster.services if s.type == "LoadBalancer" and s.addresses] == ["ingress-nginx"]
    empty = {s.service for s in cluster.endpoint_slices if not s.pods}
    assert empty == {"storefront-v1", "checkout"}
    names = {pod.meta.name for pod in cluster.pods}
    assert all(set(s.pods) <= names for s in cluster.endpoint_slices)


def test_owners_and_managers_are_said(cluster):
    prometheus = _workload(cluster, "platform/StatefulSet/prometheus-k8s")
    assert prometheus.owner is not None
    assert prometheus.owner.kind == "Prometheus"
    assert "argocd.argoproj.io/tracking-id" in _workload(cluster, "payments/Rollout/checkout").meta.annotations
    assert _workload(cluster, "web/Deployment/reviews").meta.annotations["meta.helm.sh/release-name"] == "reviews"
    assert _pods(cluster, "data/Pod/adhoc-export")[0].meta.name == "adhoc-export"
    assert next(iter(cluster.vertical_autoscalers)).mode == "Auto"


def test_quotas_hold(cluster):
    for quota in cluster.quotas:
        assert all(0 < quota.used[name] <= hard for name, hard in quota.hard.items())


def test_no_container_uses_more_than_its_limit(cluster, days):
    limits = {(p.workload.of(c.name), r): v for p in cluster.pods for c in p.containers for r, v in c.limits.items()}
    for samples in days[10].samples:
        for series, values in zip(samples.series, samples.values, strict=True):
            assert np.nanmax(values) <= limits.get((series.target, samples.resource), np.inf)
            assert np.nanmin(values) >= 0
