"""Every verdict: an input that gives it, and a near miss that does not."""

import pytest

from costkit.analyze.case import Case
from costkit.analyze.verdicts import verdicts
from costkit.model.facts import ResourceProfile
from costkit.model.objects import Workload
from costkit.model.pods import ContainerSpec, ContainerState, Meta
from costkit.model.sketch import EMPTY
from costkit.model.target import Target
from tests.analyze.clusters import GIB, of_kind, pod, spec, workload
from tests.analyze.days import API


def peaks(*sizes):
    return ResourceProfile("memory", EMPTY, EMPTY, max(sizes), 0.0, "p", max(sizes), 1.0, len(sizes), 1.0, sizes)


def codes(**fields):
    made = {
        "target": API,
        "workload": workload(),
        "declared": spec(),
        "running": spec(),
        "pods": [pod()],
        "memory": None,
        "restarts": 0,
        **fields,
    }
    return [verdict.code for verdict in verdicts(Case(**made))]


PAUSE = ContainerSpec("main", "registry.k8s.io/pause:3.9", {"cpu": 4.0})


def waiting(reason, name="main"):
    return (ContainerState(name, 5, reason),)


def test_an_ordinary_container_has_no_verdict():
    assert codes() == []


def test_pause_pods_of_negative_priority_are_headroom():
    assert codes(running=PAUSE, pods=[pod(priority=-10)]) == ["headroom"]


def test_pause_pods_of_ordinary_priority_are_not():
    assert codes(running=PAUSE, pods=[pod(priority=0)]) == []
    assert codes(running=PAUSE, pods=[pod(priority=-10), pod(priority=0)]) == []


def test_work_of_low_priority_is_not_headroom():
    assert codes(pods=[pod(priority=-10)]) == []


@pytest.mark.parametrize("reason", ["CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "InvalidImageName"])
def test_a_container_that_starts_in_no_pod_is_broken(reason):
    assert codes(pods=[pod(states=waiting(reason)), pod(states=waiting(reason))]) == ["broken"]


def test_a_container_that_runs_in_one_pod_is_not_broken():
    assert codes(pods=[pod(states=waiting("CrashLoopBackOff")), pod(states=waiting(""))]) == []


def test_a_container_beside_a_broken_one_is_not_broken():
    assert codes(pods=[pod(states=waiting("CrashLoopBackOff", "sidecar"))]) == []


def test_a_container_that_is_being_created_is_not_broken():
    assert codes(pods=[pod(states=waiting("ContainerCreating"))]) == []


def test_a_workload_that_another_object_writes_is_owned():
    assert codes(workload=workload(owner=of_kind("Prometheus", "monitoring.coreos.com/v1"))) == ["owned"]


def test_a_pod_that_sets_its_requests_as_a_whole_is_named():
    assert codes(pods=[pod(pod_requests={"cpu": 1.0})]) == ["pod-level"]
    assert codes(pods=[pod(pod_requests={})]) == []


@pytest.mark.parametrize("kind", ["Kafka", "PyTorchJob"])
def test_the_size_of_a_custom_resource_is_its_operators(kind):
    own = of_kind(kind, "kubeflow.org/v1")
    assert codes(target=own.of("main"), workload=workload(target=own)) == ["custom-resource"]


def test_a_rollout_with_a_template_can_be_patched():
    own = of_kind("Rollout", "argoproj.io/v1alpha1")
    assert codes(target=own.of("main"), workload=workload(target=own)) == []


def test_a_rollout_that_borrows_its_template_cannot():
    own = of_kind("Rollout", "argoproj.io/v1alpha1")
    bare = type(workload())(own, workload().meta, ())
    assert codes(target=own.of("main"), workload=bare, declared=None) == ["custom-resource"]


def test_built_in_kinds_are_no_custom_resources():
    for version, kind in (("apps/v1", "StatefulSet"), ("batch/v1", "CronJob"), ("v1", "ReplicationController")):
        own = of_kind(kind, version)
        assert codes(target=own.of("main"), workload=workload(target=own)) == []


def test_a_container_that_the_template_lacks_is_injected():
    assert codes(declared=None) == ["injected"]


def test_a_container_of_a_workload_whose_template_is_not_known_is_not_called_injected():
    unread = type(workload())(API.workload, workload().meta, ())
    assert codes(declared=None, workload=unread) == []


def test_a_container_that_only_the_template_has_is_not_injected():
    assert codes(running=None, pods=[]) == []


@pytest.mark.parametrize("reader", ["MaxRAMPercentage", "GOMEMLIMIT", "resourceFieldRef"])
def test_a_runtime_that_follows_the_memory_limit_is_heap_bound(reader):
    assert codes(running=spec(memory_reader=reader)) == ["heap-bound"]


def test_without_a_memory_limit_nothing_is_followed():
    assert codes(running=spec(memory_reader="GOMEMLIMIT", limits={"cpu": 1.0})) == []


SAWTOOTH = (1.0, 1.3, 1.7, 2.2, 1.0, 1.3, 1.7, 2.2, 1.0, 1.3)


def test_peaks_that_rise_and_fall_only_with_restarts_are_a_leak():
    assert codes(memory=peaks(*SAWTOOTH), restarts=2) == ["leak"]


def test_a_rise_to_a_plateau_is_a_cache_not_a_leak():
    assert codes(memory=peaks(1.0, 1.3, 1.7, 2.0, *[2.0] * 8), restarts=2) == []


def test_a_slow_rise_is_not_a_leak():
    assert codes(memory=peaks(*(1 + i / 100 for i in range(10))), restarts=2) == []


def test_a_weeks_rise_and_fall_is_not_a_leak():
    assert codes(memory=peaks(1.0, 1.2, 1.1, 1.3, 1.2, 1.1, 1.0, 1.2, 1.1, 1.3), restarts=2) == []


def test_without_restarts_nothing_is_called_a_leak():
    assert codes(memory=peaks(*SAWTOOTH), restarts=0) == []


def test_a_few_days_are_too_few_for_a_leak():
    assert codes(memory=peaks(*SAWTOOTH[:7]), restarts=2) == []


def test_peaks_that_only_fall_and_peaks_of_nothing_are_no_leak():
    assert codes(memory=peaks(*(0.5**i for i in range(9))), restarts=2) == []
    assert codes(memory=peaks(0.0, *SAWTOOTH), restarts=2) == []


def test_lists_that_could_not_be_read_are_named():
    made = verdicts(Case(API, workload(), spec(), spec(), [pod()], None, 0, "autoscalers"))
    assert [(v.code, v.detail.startswith("autoscalers could not be read")) for v in made] == [("unread", True)]


def test_a_workload_of_a_list_that_could_not_be_read_is_unread_by_its_reason():
    unread = workload(unread="StatefulSets: forbidden")
    made = verdicts(Case(API, unread, spec(), spec(), [pod()], None, 0))
    assert [(v.code, v.detail) for v in made] == [("unread", "not all of it could be read (StatefulSets: forbidden)")]


def test_a_custom_resource_whose_template_is_not_understood_is_unread_not_its_operators():
    target = of_kind("Rollout", "argoproj.io/v1alpha1")
    unread = Workload(target, Meta("x", "shop"), (), unread="its template: '1 core' is not a Kubernetes quantity")
    assert codes(workload=unread, declared=None) == ["unread"]


def test_several_verdicts_come_in_the_order_in_which_they_decide():
    owned = workload(owner=Target("shop", "Kafka", "k", "", "kafka.strimzi.io/v1"))
    found = codes(
        workload=owned,
        pods=[pod(states=waiting("CrashLoopBackOff"))],
        running=spec(memory_reader="GOMEMLIMIT", limits={"memory": GIB}),
    )
    assert found == ["broken", "owned", "heap-bound"]
