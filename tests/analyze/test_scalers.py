"""Autoscalers of a container's workload."""

import pytest

from costkit.analyze.scalers import Scalers
from costkit.model.listed import Present
from costkit.model.objects import Autoscaler, HpaMetric, VerticalAutoscaler
from costkit.model.pods import Meta
from costkit.model.target import Target
from tests.analyze.clusters import cluster
from tests.analyze.days import API


def hpa(*metrics, target=API.workload):
    return cluster(autoscalers=Present((Autoscaler(Meta("hpa", "shop"), target, 1, 9, metrics),)))


def vpa(mode="Auto", target=API.workload):
    return cluster(vertical_autoscalers=Present((VerticalAutoscaler(Meta("vpa", "shop"), target, mode),)))


CPU = HpaMetric("Resource", "cpu", target_type="Utilization", target=80.0)


def test_an_hpa_on_utilization_divides_by_the_request():
    assert Scalers.of(hpa(CPU)).divide(API) == ("cpu",)


def test_an_hpa_on_an_average_value_does_not():
    assert Scalers.of(hpa(HpaMetric("Resource", "cpu", target_type="AverageValue", target=0.5))).divide(API) == ()
    assert Scalers.of(hpa(HpaMetric("External", "lag", target_type="Value", target=5.0))).divide(API) == ()


def test_a_container_resource_metric_is_of_its_container_alone():
    one = HpaMetric("ContainerResource", "cpu", "main", "Utilization", 80.0)
    assert Scalers.of(hpa(one)).divide(API) == ("cpu",)
    assert Scalers.of(hpa(one)).divide(API.of("sidecar")) == ()


def test_all_resources_are_named_once_and_in_order():
    memory = HpaMetric("Resource", "memory", target_type="Utilization", target=70.0)
    assert Scalers.of(hpa(memory, CPU, CPU)).divide(API) == ("cpu", "memory")


@pytest.mark.parametrize(
    "other",
    [
        Target("shop", "Deployment", "api-gateway"),
        Target("bank", "Deployment", "api"),
        Target("shop", "StatefulSet", "api"),
        Target("shop", "Deployment", "api", "", "example.com/v1"),
    ],
)
def test_autoscalers_of_other_workloads_do_not_count(other):
    assert Scalers.of(hpa(CPU, target=other)).divide(API) == ()
    assert Scalers.of(vpa(target=other)).set_requests_of(API) == ""


def test_an_older_version_of_the_same_group_is_the_same_workload():
    older = Target("shop", "Deployment", "api", "", "apps/v1beta1")
    assert Scalers.of(hpa(CPU, target=older)).divide(API) == ("cpu",)


@pytest.mark.parametrize(("mode", "name"), [("Auto", "vpa"), ("Initial", "vpa"), ("Recreate", "vpa"), ("Off", "")])
def test_a_vpa_that_only_recommends_sets_nothing(mode, name):
    assert Scalers.of(vpa(mode)).set_requests_of(API) == name
