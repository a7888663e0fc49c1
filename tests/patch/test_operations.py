"""Patches as data, and the way back."""

from dataclasses import replace

import pytest

from costkit.patch.build import build
from costkit.patch.operations import inverse, json6902, strategic
from tests.patch.merging import apply_json6902, apply_strategic
from tests.patch.plans import AFTER, API, BEFORE, CRON, CUT, RAISED, ROLLOUT, declaring, item, plan, resources

PLACE = "/spec/template/spec/containers/0"


def patch_of(target, before=BEFORE, after=AFTER, **kwargs):
    [patch] = build(plan(item(target, before, after), **kwargs)).patches
    return patch


def template(*containers):
    return {"spec": {"template": {"spec": {"containers": list(containers)}}}}


def container(name, **maps):
    return {"name": name, "image": f"{name}:1", "resources": maps}


def test_a_limit_to_be_removed_is_null_in_a_merge():
    assert strategic(patch_of(API))["spec"]["template"]["spec"]["containers"] == [
        {
            "name": "api",
            "resources": {"requests": {"cpu": "250m", "memory": "768Mi"}, "limits": {"cpu": None, "memory": "1536Mi"}},
        }
    ]


def test_a_cronjob_is_patched_at_its_job_template():
    assert (
        strategic(patch_of(CRON))["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["name"] == "main"
    )


def test_json_tests_the_name_and_every_old_value_before_it_changes_one():
    operations = json6902(patch_of(ROLLOUT))

    assert operations[0] == {"op": "test", "path": f"{PLACE}/name", "value": "web"}
    assert operations[1:3] == [
        {"op": "test", "path": f"{PLACE}/resources/requests/cpu", "value": "1"},
        {"op": "replace", "path": f"{PLACE}/resources/requests/cpu", "value": "250m"},
    ]
    assert operations[5:7] == [
        {"op": "test", "path": f"{PLACE}/resources/limits/cpu", "value": "2"},
        {"op": "remove", "path": f"{PLACE}/resources/limits/cpu"},
    ]


def test_a_map_that_is_absent_is_added_whole_and_only_where_it_still_is_absent():
    operations = json6902(patch_of(ROLLOUT, resources("1", None, "2Gi"), resources("1", None, "1Gi", "2Gi")))

    assert operations[-2:] == [
        {"op": "test", "path": f"{PLACE}/resources/limits", "value": None},
        {"op": "add", "path": f"{PLACE}/resources/limits", "value": {"memory": "2Gi"}},
    ]


def test_a_container_without_any_resources_gets_them_whole():
    operations = json6902(patch_of(ROLLOUT, resources(), resources("100m", None, "64Mi")))

    assert operations[1:] == [
        {"op": "test", "path": f"{PLACE}/resources", "value": None},
        {"op": "add", "path": f"{PLACE}/resources", "value": {"requests": {"cpu": "100m", "memory": "64Mi"}}},
    ]


CASES = [
    (BEFORE, AFTER),
    (BEFORE, CUT),
    (BEFORE, RAISED),
    (resources("1", None, "2Gi"), resources("250m", None, "1Gi", "2Gi")),
    (resources("1"), resources("250m", "1", "64Mi", "128Mi")),
    (resources("1", "2", "2Gi", "4Gi"), resources("500m", None, "1Gi", None)),
    (resources(None, None, None, "1Gi"), resources("100m", None, "512Mi", "1Gi")),
]


def merged(document, patch):
    return apply_strategic(document, strategic(patch))


def operated(document, patch):
    return apply_json6902(document, json6902(patch))


@pytest.mark.parametrize(("before", "after"), CASES)
@pytest.mark.parametrize(("target", "apply"), [(API, merged), (ROLLOUT, operated)])
def test_the_way_back_restores_the_template_exactly(target, apply, before, after):
    patch = patch_of(target, before, after)
    original = template(container(target.container, **written(before)), container("sidecar", limits={"cpu": "1"}))

    changed = apply(original, patch)

    assert written_of(changed) == written(after)
    assert drop_empty(apply(changed, inverse(patch))) == drop_empty(original)
    assert inverse(inverse(patch)) == patch


@pytest.mark.parametrize("wrong", [{"name": "web2"}, {"resources": {"requests": {"cpu": "3"}}}])
def test_json_changes_nothing_where_the_template_is_another_than_expected(wrong):
    other = template({**container("web", **written(BEFORE)), **wrong})

    with pytest.raises(ValueError, match="test failed"):
        apply_json6902(other, json6902(patch_of(ROLLOUT)))


def test_the_index_of_a_container_is_its_place_in_the_template():
    patch = patch_of(ROLLOUT, containers={ROLLOUT.workload: ("proxy", "web")})

    assert json6902(patch)[0]["path"] == "/spec/template/spec/containers/1/name"


def test_a_rollback_goes_back_to_absent_where_a_limit_range_gave_the_value():
    made = declaring(plan(item(API, BEFORE, CUT)), API, resources("1", None, None, None))
    [patch] = build(made).patches

    [back] = strategic(inverse(patch))["spec"]["template"]["spec"]["containers"]
    assert back["resources"]["limits"] == {"cpu": None, "memory": None}
    assert back["resources"]["requests"] == {"cpu": "1", "memory": None}


def test_a_workload_s_money_is_the_sum_of_its_items():
    patch = patch_of(API)
    twice = replace(patch, items=patch.items * 2)

    assert twice.monthly == pytest.approx(82.56)


def written(values):
    """Requests and limits as a manifest has them: no nulls, no empty maps."""
    maps = {s: {k: v for k, v in m.items() if v is not None} for s, m in values.quantities().items()}
    return {section: found for section, found in maps.items() if found}


def written_of(manifest):
    return drop_empty(manifest)["spec"]["template"]["spec"]["containers"][0].get("resources", {})


def drop_empty(data):
    """Kubernetes leaves empty maps out."""
    if isinstance(data, dict):
        return {k: drop_empty(v) for k, v in data.items() if drop_empty(v) != {}}
    return [drop_empty(v) for v in data] if isinstance(data, list) else data
