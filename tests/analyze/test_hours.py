"""How long containers ran, and on what."""

from dataclasses import replace

import pytest

from costkit.analyze.hours import pod_hours
from costkit.model.clock import Clock
from costkit.model.listed import Missing, Present
from costkit.model.pods import ContainerSpec
from costkit.model.usage import frame
from costkit.model.window import DAY
from tests.analyze.clusters import cluster, pod, snapshot, spec
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage


def hours(*pods, of=None, **frames):
    """Of the whole window, or of the half hours in which `nodes` were seen."""
    living = cluster(pods=Present(pods)) if of is None else replace(of, pods=Present(pods))
    observed = snapshot(living, **frames)
    return pod_hours(observed, Clock.of(observed.frames.nodes, observed.window))


def nodes(*half_hours):
    """One node, seen in these half hours (bits) of the first day, the second and so on."""
    return frame(
        "nodes", [{"day": MIDNIGHT + i * DAY, "name": "n1", "half_hours": h} for i, h in enumerate(half_hours)]
    )


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


def test_a_pod_that_nobody_sampled_has_not_run_before_it_started():
    """$30 a month were told for one that was an hour old."""
    young = pod(start=MIDNIGHT + 2 * DAY - 3600)
    assert hours(young) == {API: {"m5/on-demand": 1.0}}


def test_a_pod_that_holds_a_node_and_has_not_started_counts_from_its_creation():
    waiting = pod(start=None, created=MIDNIGHT + 2 * DAY - 7200, phase="Pending")
    assert hours(waiting) == {API: {"m5/on-demand": 2.0}}


def test_what_ran_while_no_node_was_seen_does_not_count():
    """Prometheus down half of each day: pod-hours from starts and ends run on, node-hours do not."""
    half_a_day = (1 << 24) - 1
    sampled = usage(samples((series("a"), flat(1.0, 0, 144))), samples((series("a"), flat(1.0, 0, 144)), day=1))

    found = hours(pod("a", spec(), spec("mesh")), usage=sampled, nodes=nodes(half_a_day, half_a_day))

    assert found == {API: {"m5/on-demand": 24.0}, API.of("mesh"): {"m5/on-demand": 24.0}}


def test_each_day_has_its_own_share():
    sampled = usage(samples((series("a"), flat(1.0))), samples((series("a"), flat(1.0)), day=1))
    assert hours(usage=sampled, nodes=nodes((1 << 48) - 1, 0b11)) == {API: {"m5/on-demand": 25.0}}
    assert hours(usage=sampled, nodes=nodes((1 << 48) - 1)) == {API: {"m5/on-demand": 24.0}}


def test_an_unsampled_pod_is_clipped_on_the_days_that_it_lived():
    young = pod(start=MIDNIGHT + DAY + DAY / 2)
    assert hours(young, nodes=nodes(0, (1 << 12) - 1))[API]["m5/on-demand"] == pytest.approx(3.0)


def test_without_pods_and_samples_there_are_no_hours():
    assert hours(of=cluster(pods=Present(()))) == {}
