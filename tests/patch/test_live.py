"""The patches on a real API server: each changes the fields it names and no other, and can be taken back."""

import json
from dataclasses import replace

import pytest

from costkit.model.target import Target
from tests.patch.plans import AFTER, API, BEFORE, RAISED, ROLLOUT, declaring, item, plan, resources
from tests.patch.shop import ROLLOUTS, Shop, container, containers_of

KINDS = [
    ("Deployment", "apps/v1"),
    ("StatefulSet", "apps/v1"),
    ("DaemonSet", "apps/v1"),
    ("ReplicaSet", "apps/v1"),
    ("ReplicationController", "v1"),
    ("CronJob", "batch/v1"),
    ("Rollout", "argoproj.io/v1alpha1"),
]


@pytest.fixture
def shop(bed, namespace, tmp_path):
    bed.apply(ROLLOUTS)
    bed.kubectl("wait", "--for=condition=Established", "crd/rollouts.argoproj.io", "--timeout=30s")
    return Shop(bed, namespace, tmp_path / "patches")


def without_resources(found, name):
    """The spec with what a patch may change taken out of one container."""
    spec = json.loads(json.dumps(found["spec"]))
    for c in containers_of({"spec": spec}):
        if c["name"] == name:
            for section in ("requests", "limits"):
                for resource in ("cpu", "memory"):
                    c["resources"].get(section, {}).pop(resource, None)
    return spec


def fields_of(found, manager):
    """Dotted paths that a field manager owns."""
    owned = [m["fieldsV1"] for m in found["metadata"]["managedFields"] if m["manager"] == manager]
    return {path for tree in owned for path in leaves(tree)}


def leaves(tree, way=()):
    below = {k: v for k, v in tree.items() if k != "."}
    if not below:
        yield ".".join(way)
    for key, value in below.items():
        yield from leaves(value, (*way, key))


@pytest.mark.parametrize(("kind", "api_version"), KINDS)
def test_a_patch_changes_exactly_the_fields_it_names_and_the_way_back_restores_the_spec(shop, kind, api_version):
    target = Target(shop.namespace, kind, "api", "api", api_version)
    gpu = container("api")
    gpu["resources"]["limits"]["nvidia.com/gpu"] = "1"
    gpu["resources"]["requests"]["nvidia.com/gpu"] = "1"
    shop.create(target, container("proxy"), gpu)
    before = shop.read(target)
    shop.write(plan(item(target, after=AFTER), containers={target.workload: ("proxy", "api")}))

    code, _, errors = shop.run(APPLY="1")

    after = shop.read(target)
    assert (code, errors) == (0, "")
    assert containers_of(after)[1]["resources"] == {
        "requests": {"cpu": "250m", "memory": "768Mi", "nvidia.com/gpu": "1"},
        "limits": {"memory": "1536Mi", "nvidia.com/gpu": "1"},
    }
    assert without_resources(after, "api") == without_resources(before, "api")
    assert {path.rpartition("resources")[2] for path in fields_of(after, "costkit")} == owned_by_patch(kind)

    code, _, errors = shop.run("rollback/apply.sh", APPLY="1")

    assert (code, errors) == (0, "")
    assert shop.read(target)["spec"] == before["spec"]


def owned_by_patch(kind):
    """A custom resource without a schema for its lists is owned list by list."""
    if kind == "Rollout":
        return {"f:spec.f:template.f:spec.f:containers"}
    return {".f:requests.f:cpu", ".f:requests.f:memory", ".f:limits.f:memory"}


def test_without_apply_nothing_changes(shop):
    target = shop.place(API)
    shop.create(target, container("api"))
    before = shop.spec(target)
    shop.write(plan(item(target, after=AFTER)))

    code, output, _ = shop.run()

    assert code == 0
    assert "[1/1, dry run] deployment.apps/api patched\n" in output
    assert "Nothing was changed. To change it: APPLY=1 sh apply.sh" in output
    assert shop.spec(target) == before


def test_a_limit_that_was_absent_is_absent_again(shop):
    for target, before in ((shop.place(API), resources("1", None, "2Gi")), (shop.place(ROLLOUT), resources("1"))):
        shop.create(target, container(target.container, before) | {"resources": {"requests": written(before)}})
        found = shop.read(target)
        shop.write(plan(item(target, before, resources("250m", "500m", "1Gi", "2Gi"))))
        assert shop.run(APPLY="1")[0] == 0
        assert containers_of(shop.read(target))[0]["resources"]["limits"] == {"cpu": "500m", "memory": "2Gi"}

        assert shop.run("rollback/apply.sh", APPLY="1")[0] == 0

        assert shop.read(target)["spec"] == found["spec"]


def written(values):
    return {k: v for k, v in values.quantities()["requests"].items() if v}


def test_a_value_that_a_limit_range_gave_goes_back_to_absent(shop):
    target = shop.place(API)
    shop.create(target, {"name": "api", "image": "api:1"})
    found = shop.read(target)
    shop.write(declaring(plan(item(target, BEFORE, RAISED)), target, resources()))

    assert shop.run(APPLY="1")[0] == 0
    assert containers_of(shop.read(target))[0]["resources"] == {
        "requests": {"memory": "3Gi"},
        "limits": {"memory": "6Gi"},
    }
    assert shop.run("rollback/apply.sh", APPLY="1")[0] == 0
    assert shop.read(target)["spec"] == found["spec"]


def test_a_container_that_is_gone_stops_the_script_before_anything_changes(shop):
    """Merged in, its name would make a container without an image."""
    first, second = shop.place(API), replace(shop.place(API), name="web", container="web")
    shop.create(first, container("api"))
    shop.create(second, container("web-v2"))
    before = [shop.spec(first), shop.spec(second)]
    shop.write(plan(item(first, after=AFTER), item(second, after=AFTER)))

    code, _, errors = shop.run(APPLY="1")

    assert code == 4
    assert f"error: {shop.namespace}/deployment.v1.apps/web has no container web, only: web-v2\n" in errors
    assert [shop.spec(first), shop.spec(second)] == before


def test_an_object_that_is_gone_stops_the_script_before_anything_changes(shop):
    first, second = shop.place(API), replace(shop.place(API), name="web", container="web")
    shop.create(first, container("api"))
    before = shop.spec(first)
    shop.write(plan(item(first, after=AFTER), item(second, after=AFTER)))

    code, _, errors = shop.run(APPLY="1")

    assert code == 4
    assert "web cannot be read\nhelp: make the patches again" in errors
    assert shop.spec(first) == before


def test_a_custom_resource_that_moved_on_is_not_changed(shop):
    target = shop.place(ROLLOUT)
    shop.create(target, container("web", resources("3", "4", "2Gi", "4Gi")))
    before = shop.spec(target)
    shop.write(plan(item(target, after=AFTER)))

    code, _, errors = shop.run(APPLY="1")

    assert code == 4
    assert "was not changed" in errors
    assert shop.spec(target) == before


def test_a_container_raised_by_hand_since_the_plan_is_not_cut(shop):
    first, second = shop.place(API), replace(shop.place(API), name="web", container="web")
    shop.create(first, container("api"))
    shop.create(second, container("web", resources("3", "4", "2Gi", "4Gi")))
    before = [shop.spec(first), shop.spec(second)]
    shop.write(plan(item(first, after=AFTER), item(second, after=AFTER)))

    code, _, errors = shop.run(APPLY="1")

    assert code == 4
    assert errors == (
        f"error: {shop.namespace}/deployment.v1.apps/web was not changed: web/requests.cpu is 3, not 1\n"
        "help: make the patches again, or set FORCE=1 to overwrite it\n"
    )
    assert [shop.spec(first), shop.spec(second)] == before

    assert shop.run(APPLY="1", FORCE="1")[0] == 0
    assert containers_of(shop.read(second))[0]["resources"]["requests"] == {"cpu": "250m", "memory": "768Mi"}


def test_the_way_back_does_not_overwrite_what_was_set_since_the_change(shop):
    target = shop.place(API)
    shop.create(target, container("api"))
    shop.write(plan(item(target, after=AFTER)))
    assert shop.run(APPLY="1")[0] == 0
    shop.create(target, container("api", resources("300m", None, "768Mi", "1536Mi")))
    before = shop.spec(target)

    code, _, errors = shop.run("rollback/apply.sh", APPLY="1")

    assert code == 4
    assert "api/requests.cpu is 300m, not 250m" in errors
    assert shop.spec(target) == before


def test_what_was_done_in_part_can_be_finished_and_taken_back(shop):
    """A script that stopped in the middle, and one that is run twice."""
    targets = [shop.place(API), shop.place(ROLLOUT), replace(shop.place(API), name="web", container="web")]
    for target in targets:
        shop.create(target, container(target.container))
    found = [shop.read(target)["spec"] for target in targets]
    made = plan(*(item(target, after=AFTER) for target in targets))
    shop.write(made)
    files = ("strategic", "deployment-api.patch.yaml"), ("json", "rollout-web_argoproj.io.patch.json")
    for target, (form, file) in zip(targets, files, strict=False):
        path = shop.folder / "kubectl" / shop.namespace / file
        words = (target.kind, target.name, "-n", shop.namespace, "--type", form, "--patch-file", path)
        shop.bed.kubectl("patch", *words)

    code, output, errors = shop.run("rollback/apply.sh")
    assert (code, errors) == (0, "")
    assert f"{shop.namespace}/deployment.v1.apps/web has these values already\n" in output
    for _ in range(2):
        assert shop.run(APPLY="1")[0::2] == (0, "")
    assert [containers_of(shop.read(t))[0]["resources"]["limits"] for t in targets] == [{"memory": "1536Mi"}] * 3
    for _ in range(2):
        assert shop.run("rollback/apply.sh", APPLY="1")[0::2] == (0, "")
    assert [shop.read(target)["spec"] for target in targets] == found


@pytest.mark.parametrize(
    ("written", "served", "new"),
    [
        ("1500000000", "1500M", "3000000000"),
        ("1.5Gi", "1536Mi", "3Gi"),
        ("2e9", "2e9", "1024Mi"),
        ("1023", "1023", "2000"),
    ],
)
def test_a_quantity_is_known_in_the_server_s_own_spelling(shop, written, served, new):
    target = shop.place(API)
    shop.create(target, {"name": "api", "image": "api:1", "resources": {"requests": {"memory": written}}})
    found = shop.read(target)["spec"]
    made = plan(item(target, resources(memory=written), resources(memory=new)))
    shop.write(replace(made, template_spelling={target: {"requests.memory": served}}))

    assert containers_of({"spec": found})[0]["resources"] == {"requests": {"memory": served}}
    assert shop.run(APPLY="1")[0::2] == (0, "")
    assert shop.run("rollback/apply.sh", APPLY="1")[0::2] == (0, "")
    assert shop.read(target)["spec"] == found


def test_a_custom_resource_that_writes_a_bare_number_gets_it_back_as_a_number(shop):
    target = shop.place(ROLLOUT)
    shop.create(target, {"name": "web", "image": "web:1", "resources": {"requests": {"cpu": 1, "memory": "1Gi"}}})
    found = shop.read(target)["spec"]
    made = plan(
        item(target, resources("1", None, "1Gi"), resources("250m", None, "1Gi")),
        containers={target.workload: ("web",)},
    )
    shop.write(replace(made, template_spelling={target: {"requests.cpu": 1}}))

    assert shop.run(APPLY="1")[0::2] == (0, "")
    assert containers_of(shop.read(target))[0]["resources"]["requests"]["cpu"] == "250m"
    assert shop.run("rollback/apply.sh", APPLY="1")[0::2] == (0, "")
    assert shop.read(target)["spec"] == found


MARKS = [
    ("Helm", {"annotations": {"meta.helm.sh/release-name": "shop"}}),
    ("Helm", {"labels": {"app.kubernetes.io/managed-by": "Helm"}}),
    ("Argo CD", {"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/api"}}),
    ("Argo CD", {"labels": {"argocd.argoproj.io/instance": "shop"}}),
    ("Flux", {"labels": {"kustomize.toolkit.fluxcd.io/name": "shop"}}),
    ("Flux", {"labels": {"helm.toolkit.fluxcd.io/name": "shop"}}),
    ("Flux", {"labels": {"helm.toolkit.fluxcd.io/name": "shop", "app.kubernetes.io/managed-by": "Helm"}}),
    ("addon manager", {"labels": {"addonmanager.kubernetes.io/mode": "Reconcile"}}),
]


@pytest.mark.parametrize(("manager", "metadata"), MARKS)
def test_a_managed_object_is_left_alone_and_the_others_are_changed(shop, manager, metadata):
    managed, free = shop.place(API), replace(shop.place(API), name="free")
    shop.create(managed, container("api"), **metadata)
    shop.create(free, container("api"), labels={"app.kubernetes.io/managed-by": "kubectl"})
    before = shop.spec(managed)
    shop.write(plan(item(managed, after=AFTER), item(free, after=AFTER)))

    code, _, errors = shop.run(APPLY="1")

    assert code == 4
    assert f"api left alone: managed by {manager}\n" in errors
    assert "error: 1 of 2 are managed by another tool\nhelp: change their source, or set FORCE=1\n" in errors
    assert shop.spec(managed) == before
    assert containers_of(shop.read(free))[0]["resources"]["requests"]["cpu"] == "250m"


def test_force_changes_a_managed_object_too(shop):
    target = shop.place(API)
    shop.create(target, container("api"), labels={"helm.toolkit.fluxcd.io/name": "shop"})
    shop.write(plan(item(target, after=AFTER, managed_by="Flux")))

    assert shop.run(APPLY="1", FORCE="1")[0] == 0
    assert containers_of(shop.read(target))[0]["resources"]["requests"]["cpu"] == "250m"


def test_a_manager_that_only_the_plan_knows_is_respected(shop):
    target = shop.place(API)
    shop.create(target, container("api"))
    shop.write(plan(item(target, after=AFTER, managed_by="Pulumi\n'; touch /tmp/x; '")))

    code, _, errors = shop.run(APPLY="1")

    assert code == 4
    assert "managed by Pulumi '; touch /tmp/x; '\n" in errors
