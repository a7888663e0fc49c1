"""Which recommendations become patches."""

import pytest

from costkit.model.target import Target
from costkit.patch.build import build
from costkit.patch.operations import FieldChange
from tests.patch.plans import API, BEFORE, CRON, CUT, RAISED, ROLLOUT, declaring, item, plan, resources


def refused(found, **kwargs):
    built = build(plan(found, **kwargs))
    assert built.patches == ()
    return built.left_out[0].reason


def test_only_fields_that_change_are_in_a_patch():
    [patch] = build(plan(item(before=BEFORE, after=RAISED))).patches

    assert patch.containers[0].fields == (
        FieldChange("requests", "memory", "2Gi", "3Gi"),
        FieldChange("limits", "memory", "4Gi", "6Gi"),
    )


def test_values_that_read_the_same_are_no_change():
    """The grid works on floats: 0.2500001 and 0.25 cores round to different millicores, 1.0 and 1 do not."""
    same = resources("1", None, "2Gi")

    assert refused(item(before=same, after=resources("1000m", None, "2048Mi"))) == (
        "its template declares these values already"
    )


@pytest.mark.parametrize(("names", "said"), [((), "no"), (("api2",), "no"), (("api", "api"), "2")])
def test_a_container_that_the_template_holds_not_exactly_once_is_left_out(names, said):
    """Merged in, a stale name would add a container without an image."""
    reason = refused(item(), containers={API.workload: names})

    assert reason == f"its template has {said} containers of the name api, not one"


@pytest.mark.parametrize(
    "target", [Target("shop", "Job", "pr-*", "main", "batch/v1"), Target("shop", "Pod", "loose", "main", "v1")]
)
def test_jobs_and_bare_pods_cannot_be_patched(target):
    assert refused(item(target)) == f"a {target.kind} cannot be resized once it exists: change what makes it"


def test_a_kind_of_kubernetes_own_without_a_pod_template_is_left_out():
    target = Target("shop", "Lease", "x", "main", "coordination.k8s.io/v1")

    assert refused(item(target)) == "no place for a pod template is known in a Lease of coordination.k8s.io/v1"


def test_a_statefulset_of_another_group_is_a_custom_resource():
    target = Target("shop", "StatefulSet", "db", "db", "apps.kruise.io/v1beta1")

    assert [p.template.form for p in build(plan(item(target))).patches] == ["json"]


@pytest.mark.parametrize(
    "target",
    [
        Target("../../etc", "Deployment", "api", "api"),
        Target("shop", "Deployment", "$(reboot)", "api"),
        Target("shop", "Deployment", "api", "a\nb"),
        Target("shop", "Deployment", "api", "api", "apps/v1; reboot"),
        Target("shop", "Roll;out", "web", "web", "argoproj.io/v1alpha1"),
        Target("", "Deployment", "api", "api"),
        Target("shop", "Deployment", "a" * 254, "api"),
    ],
)
def test_coordinates_that_no_api_server_lets_pass_are_not_trusted(target):
    assert "Kubernetes allows" in refused(item(target))


def test_a_workload_is_one_patch_with_its_containers_in_the_template_s_order():
    proxy = API.workload.of("proxy")
    [patch] = build(plan(item(API), item(proxy), containers={API.workload: ("proxy", "istio", "api")})).patches

    assert [(c.name, c.index) for c in patch.containers] == [("proxy", 0), ("api", 2)]
    assert len(patch.items) == 2


def test_a_workload_that_mixes_cuts_and_raises_lies_with_the_cuts():
    built = build(plan(item(API), item(API.workload.of("proxy"), after=RAISED), item(CRON, after=RAISED)))

    assert {str(p.target): p.raises for p in built.patches} == {"shop/deploy/api": False, "batch/cj/report": True}


def test_a_stale_container_leaves_the_others_of_its_workload_in():
    built = build(plan(item(API), item(API.workload.of("gone")), containers={API.workload: ("api",)}))

    assert [c.name for p in built.patches for c in p.containers] == ["api"]
    assert [left.item.target.container for left in built.left_out] == ["gone"]


def test_patches_are_ordered_by_target_whatever_the_plan_s_order():
    items = [item(API), item(CRON), item(ROLLOUT)]

    assert build(plan(*items)) == build(plan(*reversed(items)))


def test_what_the_template_declares_is_the_old_value_not_what_a_limit_range_made_of_it():
    declared = resources("1", None, None, None)
    [patch] = build(declaring(plan(item(before=BEFORE, after=CUT)), API, declared)).patches

    assert FieldChange("limits", "memory", None, "1536Mi") in patch.containers[0].fields
    assert FieldChange("requests", "cpu", "1", "250m") in patch.containers[0].fields
    assert patch.containers[0].absent == ("limits",)


def test_what_stays_is_not_written_into_a_template_that_declares_something_else():
    """A pod resized in place from 1 to 2 cores that keeps them: its template's 1 is none of the finding's business."""
    before, after = resources("2", None, "2Gi"), resources("2", None, "1Gi")
    [patch] = build(declaring(plan(item(before=before, after=after)), API, resources("1", None, "2Gi"))).patches

    assert patch.containers[0].fields == (FieldChange("requests", "memory", "2Gi", "1Gi"),)


def test_defaults_of_a_limit_range_that_stay_are_not_pinned():
    after = resources("250m", "2", "2Gi", "4Gi")
    [patch] = build(declaring(plan(item(before=BEFORE, after=after)), API, resources())).patches

    assert patch.containers[0].fields == (FieldChange("requests", "cpu", None, "250m"),)


def test_what_the_template_declares_already_needs_no_patch():
    before, after = resources("2", None, "2Gi"), resources("1", None, "2Gi")
    made = declaring(plan(item(before=before, after=after)), API, resources("1", None, "2Gi"))

    assert build(made).left_out[0].reason == "its template declares these values already"


def test_a_request_above_the_limit_that_the_template_keeps_is_left_out():
    """A pod resized in place keeps a limit that its template does not have: the API server would refuse the patch."""
    before, after = resources("2", "4", "2Gi"), resources("3", "4", "2Gi")
    made = declaring(plan(item(before=before, after=after)), API, resources("1", "2", "2Gi"))

    assert build(made).left_out[0].reason == ("its template would have a cpu request of 3 above its limit of 2")
