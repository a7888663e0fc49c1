"""Who would undo a live change, by the marks on the object."""

import pytest

from costkit.k8s.managers import Manager, manager


@pytest.mark.parametrize(
    ("labels", "annotations", "tool"),
    [
        ({}, {"meta.helm.sh/release-name": "shop"}, "Helm (shop)"),
        ({"app.kubernetes.io/managed-by": "Helm"}, {}, "Helm"),
        ({}, {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/api"}, "Argo CD"),
        ({"argocd.argoproj.io/instance": "shop"}, {}, "Argo CD (shop)"),
        ({}, {"argocd.argoproj.io/instance": "shop"}, "Argo CD (shop)"),
        ({"kustomize.toolkit.fluxcd.io/name": "apps"}, {}, "Flux (apps)"),
        ({"helm.toolkit.fluxcd.io/name": "shop"}, {}, "Flux (shop)"),
        ({"addonmanager.kubernetes.io/mode": "Reconcile"}, {}, "addon manager"),
    ],
)
def test_each_tool_is_known_by_what_it_leaves(labels, annotations, tool):
    assert str(manager(labels, annotations)) == tool


@pytest.mark.parametrize("labels", [{}, {"app.kubernetes.io/managed-by": "kubectl"}, {"team": "Helm"}])
def test_an_object_without_such_marks_is_nobody_s(labels):
    assert manager(labels, {}) is None


@pytest.mark.parametrize(
    ("mark", "tool"), [("argocd.argoproj.io/instance", "Argo CD"), ("helm.toolkit.fluxcd.io/name", "Flux")]
)
def test_a_chart_that_another_tool_rolls_out_is_that_tool_s(mark, tool):
    """Charts label what they render, whoever renders them."""
    labels = {"app.kubernetes.io/managed-by": "Helm", mark: "shop"}

    assert manager(labels, {"meta.helm.sh/release-name": "api"}) == Manager(tool, "shop")
