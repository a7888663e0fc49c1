"""Signals of containers, pods, controllers and autoscalers."""

from math import inf

import numpy as np
import pytest

from costkit.collect.lived import Lived
from costkit.collect.signals import (
    Day,
    autoscaler_signals,
    container_signals,
    most,
    pod_signals,
    replica_signals,
    total,
)
from costkit.model.target import Target
from costkit.model.window import HALF_HOURS
from tests.collect.days import API, API_RS, MIDNIGHT, OWNERS, POD, TODAY, answers, matrix

NAN = float("nan")
OTHER = ("shop", "api-7d764666f9-q2w4z")
NAMES = ("requests", "limits", "cfs_periods", "cfs_throttled", "network_in", "hpa_target")


def half_hours(rows):
    return matrix(rows, HALF_HOURS)


def day(**told):
    pods = {key: Lived(API, "h", "n1", MIDNIGHT, inf) for key in (POD, OTHER)}
    return Day(TODAY, answers(NAMES, **told), pods, OWNERS, {("shop", "api-hpa"): API})


def told(rows):
    return {(r["signal"], r["container"]): [v for v in r["half_hours"].tolist() if not np.isnan(v)] for r in rows}


def test_requests_and_limits_are_the_most_of_any_pod():
    requests = half_hours({(*POD, "main", "cpu"): [1, 1], (*OTHER, "main", "cpu"): [NAN, 4]})
    limits = half_hours({(*POD, "main", "memory"): [2e9], (*POD, "main", "cpu"): [2]})
    assert told(container_signals(day(requests=requests, limits=limits))) == {
        ("request_cpu", "main"): [1.0, 4.0],
        ("limit_cpu", "main"): [2.0],
        ("limit_memory", "main"): [2e9],
    }


def test_gpus_are_told_by_their_own_name():
    requests = half_hours({(*POD, "main", "nvidia_com_gpu"): [1]})
    assert told(container_signals(day(requests=requests))) == {("request_gpu", "main"): [1.0]}


def test_cfs_periods_are_summed_over_the_pods():
    periods = half_hours({(*POD, "main"): [100, 100], (*OTHER, "main"): [NAN, 50]})
    throttled = half_hours({(*POD, "main"): [10]})
    assert told(container_signals(day(cfs_periods=periods, cfs_throttled=throttled))) == {
        ("cfs_periods", "main"): [100.0, 150.0],
        ("cfs_throttled", "main"): [10.0],
    }


def test_network_is_of_the_workload_not_of_a_container():
    network = half_hours({POD: [5, NAN], OTHER: [1, 2]})
    assert told(pod_signals(day(network_in=network), ["network_in"])) == {("network_in", ""): [6.0, 2.0]}


def test_pods_that_nobody_knows_are_left_out():
    assert container_signals(day(requests=half_hours({("shop", "x", "main", "cpu"): [1]}))) == []


def test_replicas_are_under_the_top_controller_and_counted_once():
    replicas = {"replicas_desired": half_hours({("shop", API_RS.name): [3]})}
    assert replica_signals(day(), "ReplicaSet", replicas) == []
    (row,) = replica_signals(day(), "Deployment", {"replicas_desired": half_hours({("shop", "api"): [3]})})
    assert (row["kind"], row["name"], row["container"], row["half_hours"][0]) == ("Deployment", "api", "", 3.0)


def test_replica_sets_of_a_rollout_are_summed():
    rollout = Target("shop", "Rollout", "web", "", "argoproj.io/v1alpha1")
    sets = [Target("shop", "ReplicaSet", name) for name in ("web-a", "web-b")]
    owners = type(OWNERS)(dict.fromkeys(sets, rollout))
    rows = replica_signals(
        Day(TODAY, {}, {}, owners, {}),
        "ReplicaSet",
        {"replicas_desired": half_hours({("shop", "web-a"): [2], ("shop", "web-b"): [1, 4]})},
    )
    assert [(r["kind"], r["half_hours"][:2].tolist()) for r in rows] == [("Rollout", [3.0, 4.0])]


def test_an_hpas_numbers_are_its_workloads_with_the_metric_as_detail():
    targets = half_hours({("shop", "api-hpa", "cpu", "utilization"): [80], ("shop", "unknown", "cpu", "x"): [1]})
    (row,) = autoscaler_signals(day(hpa_target=targets), ["hpa_target"])
    assert (row["name"], row["detail"], row["half_hours"][0]) == ("api", "cpu/utilization", 80.0)


@pytest.mark.parametrize(("reduce", "known"), [(most, [1.0, 2.0, 4.0]), (total, [1.0, 2.0, 7.0])])
def test_what_no_part_knows_stays_unknown(reduce, known):
    found = reduce([np.array([1.0, NAN, 3.0, NAN]), np.array([NAN, 2.0, 4.0, NAN])])
    assert found[:3].tolist() == known
    assert np.isnan(found[3])
