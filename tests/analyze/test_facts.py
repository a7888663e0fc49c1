"""Snapshots become facts of every container."""

import numpy as np
import pyarrow as pa
import pytest

from costkit.analyze.facts import study
from costkit.model.facts import Revised
from costkit.model.listed import Missing, Present
from costkit.model.objects import LimitRange, Namespace
from costkit.model.pods import ContainerSpec, Meta
from costkit.model.target import Target
from costkit.model.usage import frame, subject
from tests.analyze.clusters import GIB, cluster, pod, snapshot, spec, workload
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage

KEYS = ("team", "env")


def facts(of=None, target=API, **frames):
    found = {c.target: c for c in study(snapshot(of, **frames), KEYS).containers}
    return found[target]


def two_days(*pods):
    return usage(samples(*pods), samples(*pods, day=1))


def signal(name, value):
    row = {"day": MIDNIGHT, **subject(API), "signal": name, "detail": "", "half_hours": np.full(48, value, np.float32)}
    return frame("signals", [row])


def test_without_any_metrics_containers_are_known_from_the_api():
    found = facts()
    assert (found.exists, found.pods, found.cpu, found.memory) == (True, 1, None, None)
    assert found.requests == {"cpu": 1.0, "memory": GIB}
    assert (found.average_pods, found.pod_hours_by_class) == (1.0, {"m5/on-demand": 48.0})


def test_a_workload_that_is_gone_has_cost_money_and_does_not_exist():
    gone = Target("shop", "Deployment", "old", "main")
    made = two_days((series(target=gone, end=MIDNIGHT + 86400), flat(1.0)))
    found = facts(target=gone, usage=made)
    assert (found.exists, found.pods, found.requests) == (False, 0, {})
    assert found.pod_hours_by_class == {"m5/on-demand": 24.0}


def test_requests_of_what_is_gone_are_what_the_series_said_last():
    signals = pa.concat_tables([signal("request_cpu", 0.5), signal("limit_memory", GIB)])
    gone = cluster(workloads=Present(()), pods=Present(()))
    found = facts(gone, usage=two_days((series(), flat(1.0))), signals=signals)
    assert (found.requests, found.limits) == ({"cpu": 0.5}, {"memory": GIB})


def test_requests_in_force_are_the_pods_not_the_templates():
    defaulted = spec(requests={"cpu": 0.1}, limits={"cpu": 0.2})
    made = cluster(workloads=Present((workload(spec(requests={}, limits={})),)), pods=Present((pod("p", defaulted),)))
    assert (facts(made).requests, facts(made).limits) == ({"cpu": 0.1}, {"cpu": 0.2})


def test_without_pods_the_template_says_what_would_be_in_force():
    made = cluster(pods=Present(()), workloads=Present((workload(spec(requests={}, limits={"memory": GIB})),)))
    found = facts(made)
    assert found.requests == {"memory": GIB}, "the API server makes a limit without a request the request"
    assert found.pods == 0


@pytest.mark.parametrize("turned", [1, -1])
def test_during_a_rollout_the_newest_pod_says_what_is_in_force(turned):
    old, new = (spec(requests={"cpu": cores}, limits={}) for cores in (4.0, 2.0))
    pods = [pod("old", old), pod("new", new, created=2.0)]
    assert facts(cluster(pods=Present(tuple(pods[::turned])))).requests == {"cpu": 2.0}


def test_pods_that_have_ended_are_not_living():
    done = pod("done", phase="Succeeded")
    assert facts(cluster(pods=Present((done, pod())))).pods == 1


def test_hours_are_those_of_the_samples_by_node_class():
    spot = series("b", node_class="c5/spot", end=MIDNIGHT + 6 * 3600)
    found = facts(usage=usage(samples((series(), flat(1.0)), (spot, flat(1.0, 0, 72)))))
    assert found.pod_hours_by_class == {"c5/spot": 6.0, "m5/on-demand": 24.0}
    assert found.average_pods == pytest.approx(30 / 48)


def test_hours_are_not_counted_twice_for_cpu_and_memory():
    cpu = samples((series(), flat(1.0)))
    memory = samples((series(), flat(1e9)), resource="memory")
    assert facts(usage=usage(cpu, memory)).pod_hours_by_class == {"m5/on-demand": 24.0}


def test_labels_are_the_innermost():
    made = cluster(
        namespaces=Present((Namespace(Meta("shop", labels={"team": "ns", "env": "prod", "tier": "ns"})),)),
        workloads=Present((workload(labels={"team": "wl", "tier": "wl"}, template_labels={"team": "pod"}),)),
    )
    found = facts(made)
    assert found.labels == {"team": "pod", "env": "prod"}
    assert found.match_labels == {"team": "pod", "env": "prod", "tier": "wl"}


def test_init_containers_have_no_facts_and_native_sidecars_have():
    init = ContainerSpec("init", init=True)
    sidecar = ContainerSpec("mesh", init=True, sidecar=True)
    found = study(snapshot(cluster(workloads=Present((workload(spec(), init, sidecar),)))), KEYS)
    assert [c.target.container for c in found.containers] == ["main", "mesh"]


def test_containers_are_ordered_by_target():
    others = [Target("shop", "Deployment", name) for name in ("z", "b")]
    made = cluster(workloads=Present((*(workload(target=t) for t in others), workload())))
    assert [c.target.name for c in study(snapshot(made), KEYS).containers] == ["api", "b", "z"]


def test_limit_ranges_are_kept_by_namespace():
    bounds = LimitRange(Meta("l", "shop"), {"cpu": 0.1}, {"cpu": 4.0}, max_ratio={"cpu": 2.0})
    found = study(snapshot(cluster(limit_ranges=Present((bounds,)))), KEYS)
    assert found.limit_ranges == {"shop": (({"cpu": 0.1}, {"cpu": 4.0}, {"cpu": 2.0}),)}


@pytest.mark.parametrize("name", ["pods", "namespaces", "autoscalers", "vertical_autoscalers", "limit_ranges"])
def test_a_decisive_list_that_could_not_be_read_is_a_verdict_on_every_container(name):
    found = study(snapshot(cluster(**{name: Missing("forbidden")})), KEYS)
    assert [v.code for c in found.containers for v in c.verdicts] == ["unread"]


def test_a_list_that_decides_nothing_is_none():
    found = study(snapshot(cluster(quotas=Missing("forbidden"), services=Missing("forbidden"))), KEYS)
    assert [c.verdicts for c in found.containers] == [()]


def test_workloads_that_could_not_be_read_do_not_exist():
    found = study(snapshot(cluster(workloads=Missing("forbidden"))), KEYS)
    assert [(c.target, c.exists) for c in found.containers] == [(API, False)]


def test_containers_of_pods_that_are_only_told_whole_are_declined_for_the_label():
    row = {"day": MIDNIGHT, **subject(API.workload), "signal": "unsplit_memory", "half_hours": np.ones(48, np.float32)}
    of = cluster(workloads=Present((workload(spec(), spec("mesh")),)))
    found = study(snapshot(of, signals=frame("signals", [row])), KEYS).containers
    assert [[v.code for v in c.verdicts] for c in found] == [["container-label"]] * 2
    seen = study(snapshot(of, signals=frame("signals", [row]), usage=two_days((series(), flat(1.0)))), KEYS).containers
    assert {c.target.container: [v.code for v in c.verdicts] for c in seen} == {"main": [], "mesh": ["container-label"]}


def test_hours_of_pods_without_samples_count_and_their_samples_are_missed():
    unseen = np.full(288, np.nan)
    pods = ((series("a"), flat(1.0)), (series("b"), unseen), (series("c", node_class="z1/spot"), unseen))
    found = facts(usage=two_days(*pods))
    assert found.pod_hours_by_class == {"m5/on-demand": 96.0, "z1/spot": 48.0}
    assert found.cpu.coverage == pytest.approx(1 / 3)
    assert (found.cpu.mean, found.cpu.days) == (1.0, 2.0)


def test_a_container_that_only_has_hours_has_no_profile():
    found = facts(usage=two_days((series(), np.full(288, np.nan))))
    assert (found.cpu, found.memory, found.pod_hours_by_class) == (None, None, {"m5/on-demand": 48.0})


def test_earlier_revisions_are_left_out_of_the_use_and_not_of_the_hours():
    rolled = [samples((series("old-1", "old"), flat(4.0)), day=0)]
    rolled += [samples((series("new-1", "new"), flat(1.0)), day=day) for day in range(2, 9)]
    (found,) = study(snapshot(days=9, usage=usage(*rolled)), KEYS).containers

    assert found.cpu is not None
    assert (found.cpu.peak, found.cpu.days) == (1.0, 7.0)
    assert found.revised == Revised("new", 7, 1, enough=True)
    assert found.pod_hours_by_class == {"m5/on-demand": 8 * 24.0}


def test_what_reads_the_limits_is_known_of_the_living_pods_container():
    jvm = spec(image="eclipse-temurin:21")
    of = cluster(workloads=Present((workload(),)), pods=Present((pod("p", jvm),)))
    assert (facts(of).limit_reader, facts().limit_reader) == ("a JVM", "")
