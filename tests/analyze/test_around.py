"""Tools and labels around a container."""

import pytest

from costkit.analyze.around import cost_labels, managed_by
from costkit.model.listed import Present
from costkit.model.objects import Namespace
from costkit.model.pods import Meta
from costkit.model.target import Target
from tests.analyze.clusters import cluster, workload


@pytest.mark.parametrize(
    ("annotations", "labels", "tool"),
    [
        ({"meta.helm.sh/release-name": "shop"}, {}, "Helm (shop)"),
        ({"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/api"}, {}, "Argo CD"),
        ({}, {"kustomize.toolkit.fluxcd.io/name": "apps"}, "Flux (apps)"),
        ({}, {"helm.toolkit.fluxcd.io/name": "shop"}, "Flux (shop)"),
        ({}, {"addonmanager.kubernetes.io/mode": "Reconcile"}, "addon manager"),
        ({}, {"argocd.argoproj.io/instance": "shop"}, "Argo CD (shop)"),
        ({}, {"app.kubernetes.io/managed-by": "Helm"}, "Helm"),
        ({}, {"app.kubernetes.io/managed-by": "nobody-we-know"}, ""),
        ({}, {}, ""),
    ],
)
def test_the_tool_that_would_undo_a_change_is_known_by_its_marks(annotations, labels, tool):
    assert managed_by(workload(annotations=annotations, labels=labels)) == tool


def test_what_is_gone_is_managed_by_nobody():
    assert managed_by(None) == ""


def test_cost_labels_have_one_spelling_over_all_workloads():
    named = [Target("shop", "Deployment", name) for name in ("a", "b", "c")]
    spelled = zip(named, ("ML-Team", "ml-team", "ml-team"), strict=True)
    made = cluster(workloads=Present(tuple(workload(target=t, labels={"team": team}) for t, team in spelled)))
    assert cost_labels(made, ("team",)).of([{"team": "ML-Team"}]) == {"team": "ml-team"}


def test_a_namespaces_label_counts_for_its_workloads():
    made = cluster(namespaces=Present((Namespace(Meta("shop", labels={"team": "Shop"})),)))
    assert cost_labels(made, ("team",)).of([{"team": "shop"}]) == {"team": "Shop"}
