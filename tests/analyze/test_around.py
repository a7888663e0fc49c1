"""Autoscalers, tools and labels around a container."""

import pytest

from costkit.analyze.around import autoscaled, cost_labels, managed_by, vertically_autoscaled
from costkit.model.listed import Present
from costkit.model.objects import Autoscaler, HpaMetric, Namespace, VerticalAutoscaler
from costkit.model.pods import Meta
from costkit.model.target import Target
from tests.analyze.clusters import cluster, workload
from tests.analyze.days import API


def hpa(*metrics, target=API.workload):
    return cluster(autoscalers=Present((Autoscaler(Meta("hpa", "shop"), target, 1, 9, metrics),)))


def vpa(mode="Auto", target=API.workload):
    return cluster(vertical_autoscalers=Present((VerticalAutoscaler(Meta("vpa", "shop"), target, mode),)))


CPU = HpaMetric("Resource", "cpu", target_type="Utilization", target=80.0)


@pytest.mark.parametrize(
    ("annotations", "labels", "tool"),
    [
        ({"meta.helm.sh/release-name": "shop"}, {}, "Helm (shop)"),
        ({"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/api"}, {}, "Argo CD"),
        ({}, {"kustomize.toolkit.fluxcd.io/name": "apps"}, "Flux (apps)"),
        ({}, {"helm.toolkit.fluxcd.io/name": "shop"}, "Flux (shop)"),
        ({}, {"addonmanager.kubernetes.io/mode": "Reconcile"}, "addon manager"),
        ({}, {"app.kubernetes.io/managed-by": "nobody-we-know"}, ""),
        ({}, {}, ""),
    ],
)
def test_the_tool_that_would_undo_a_change_is_known_by_its_marks(annotations, labels, tool):
    assert managed_by(workload(annotations=annotations, labels=labels)) == tool


def test_what_is_gone_is_managed_by_nobody():
    assert managed_by(None) == ""


def test_an_hpa_on_utilization_divides_by_the_request():
    assert autoscaled(hpa(CPU), API) == ("cpu",)


def test_an_hpa_on_an_average_value_does_not():
    assert autoscaled(hpa(HpaMetric("Resource", "cpu", target_type="AverageValue", target=0.5)), API) == ()
    assert autoscaled(hpa(HpaMetric("External", "lag", target_type="Value", target=5.0)), API) == ()


def test_a_container_resource_metric_is_of_its_container_alone():
    one = HpaMetric("ContainerResource", "cpu", "main", "Utilization", 80.0)
    assert autoscaled(hpa(one), API) == ("cpu",)
    assert autoscaled(hpa(one), API.of("sidecar")) == ()


def test_all_resources_are_named_once_and_in_order():
    memory = HpaMetric("Resource", "memory", target_type="Utilization", target=70.0)
    assert autoscaled(hpa(memory, CPU, CPU), API) == ("cpu", "memory")


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
    assert autoscaled(hpa(CPU, target=other), API) == ()
    assert vertically_autoscaled(vpa(target=other), API) == ""


def test_an_older_version_of_the_same_group_is_the_same_workload():
    older = Target("shop", "Deployment", "api", "", "apps/v1beta1")
    assert autoscaled(hpa(CPU, target=older), API) == ("cpu",)


@pytest.mark.parametrize(("mode", "name"), [("Auto", "vpa"), ("Initial", "vpa"), ("Recreate", "vpa"), ("Off", "")])
def test_a_vpa_that_only_recommends_sets_nothing(mode, name):
    assert vertically_autoscaled(vpa(mode), API) == name


def test_cost_labels_have_one_spelling_over_all_workloads():
    named = [Target("shop", "Deployment", name) for name in ("a", "b", "c")]
    spelled = zip(named, ("ML-Team", "ml-team", "ml-team"), strict=True)
    made = cluster(workloads=Present(tuple(workload(target=t, labels={"team": team}) for t, team in spelled)))
    assert cost_labels(made, ("team",)).of([{"team": "ML-Team"}]) == {"team": "ml-team"}


def test_a_namespaces_label_counts_for_its_workloads():
    made = cluster(namespaces=Present((Namespace(Meta("shop", labels={"team": "Shop"})),)))
    assert cost_labels(made, ("team",)).of([{"team": "shop"}]) == {"team": "Shop"}
