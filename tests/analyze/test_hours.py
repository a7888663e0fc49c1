"""How long containers ran, and on what."""

from costkit.analyze.hours import pod_hours
from costkit.model.listed import Missing, Present
from costkit.model.pods import ContainerSpec
from tests.analyze.clusters import cluster, pod, snapshot, spec
from tests.analyze.days import API, flat, samples, series, usage


def hours(*pods, of=None, **frames):
    return pod_hours(snapshot(of, **frames), {API.workload: pods})


def test_pods_that_nobody_sampled_are_taken_to_have_run_all_the_window():
    assert hours(pod("a"), pod("b")) == {API: {"m5/on-demand": 96.0}}


def test_a_pod_that_is_on_no_node_costs_nothing():
    assert hours(pod(node="", phase="Pending")) == {}


def test_the_class_of_a_node_that_is_not_known_is_empty():
    assert hours(pod(node="gone")) == {API: {"": 48.0}}
    assert hours(pod(), of=cluster(nodes=Missing("forbidden"))) == {API: {"": 48.0}}


def test_init_containers_do_not_run_for_hours():
    assert hours(pod("a", spec(), ContainerSpec("init", init=True))) == {API: {"m5/on-demand": 48.0}}


def test_samples_are_believed_before_living_pods():
    assert hours(pod("a"), pod("b"), usage=usage(samples((series("a"), flat(1.0))))) == {API: {"m5/on-demand": 24.0}}


def test_a_sidecar_without_samples_is_taken_from_its_pods():
    found = hours(pod("a", spec(), spec("mesh")), usage=usage(samples((series("a"), flat(1.0)))))
    assert found == {API: {"m5/on-demand": 24.0}, API.of("mesh"): {"m5/on-demand": 48.0}}


def test_without_pods_and_samples_there_are_no_hours():
    assert hours(of=cluster(pods=Present(()))) == {}
