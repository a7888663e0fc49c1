"""The patches in the hands of the real kustomize: each trap of the formats, built."""

import subprocess
from dataclasses import replace
from typing import Any

import pytest
import yaml

from costkit.model.target import Target
from costkit.patch.folder import write_patches
from costkit.patch.tree import patches
from tests.bed.tools import tool
from tests.patch.plans import AFTER, API, BEFORE, ROLLOUT, item, plan, resources

SIDECAR = {"name": "istio", "image": "istio:1", "resources": {"limits": {"cpu": "1"}}}

pytestmark = pytest.mark.usefixtures("tools")


@pytest.fixture
def build(tmp_path):
    """Builds objects with the components of a plan; fails with kustomize's words."""

    def built(made, *objects, base=None, **kustomization):
        done = write_patches(patches(made), tmp_path / "patches")
        components = sorted({p.rpartition("/")[0] for p in done.written if p.endswith("kustomization.yaml")})
        below = tmp_path / "base"
        below.mkdir()
        (below / "all.yaml").write_text(yaml.safe_dump_all(objects))
        (below / "kustomization.yaml").write_text(yaml.safe_dump({"resources": ["all.yaml"], **(base or {})}))
        overlay = tmp_path / "overlay"
        overlay.mkdir()
        kustomization |= {"resources": ["../base"], "components": [f"../patches/{c}" for c in components]}
        (overlay / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
        output = subprocess.run([tool("kubectl"), "kustomize", overlay], capture_output=True, text=True, check=False)
        if output.returncode:
            raise ValueError(output.stderr)
        return list(yaml.safe_load_all(output.stdout))

    return built


def workload(target, *containers, namespace=None):
    metadata = {"name": target.name, **({"namespace": namespace} if namespace else {})}
    template = {"spec": {"containers": list(containers)}}
    spec: dict[str, Any] = {"template": template}
    if target.kind == "CronJob":
        spec = {"jobTemplate": {"spec": spec}}
    return {"apiVersion": target.api_version, "kind": target.kind, "metadata": metadata, "spec": spec}


def container(name, declared=BEFORE):
    maps = {s: {k: v for k, v in m.items() if v} for s, m in declared.quantities().items()}
    found = {s: m for s, m in maps.items() if m}
    return {"name": name, "image": f"{name}:1", "ports": [{"containerPort": 80}], "resources": found}


def containers_of(manifest):
    return manifest["spec"]["template"]["spec"]["containers"]


def requests_of(built):
    """Namespace -> the first container's requests."""
    return {m["metadata"]["namespace"]: containers_of(m)[0]["resources"]["requests"] for m in built}


def written(declared):
    return {resource: value for resource, value in declared.quantities()["requests"].items() if value}


RESIZED = {"requests": {"cpu": "250m", "memory": "768Mi"}, "limits": {"memory": "1536Mi"}}


@pytest.mark.parametrize("namespace", [None, "shop"])
def test_a_merge_changes_the_fields_it_names_and_no_other_whether_the_base_says_its_namespace_or_not(build, namespace):
    """Image, ports and sidecar stay; a null takes the CPU limit away."""
    base = workload(API, container("api"), SIDECAR, namespace=namespace)
    [built] = build(plan(item(after=AFTER)), base)

    assert containers_of(built) == [{**container("api"), "resources": RESIZED}, SIDECAR]


def test_an_object_of_another_namespace_is_not_met(build):
    base = workload(API, container("api"), namespace="another")

    assert containers_of(build(plan(item(after=AFTER)), base)[0]) == [container("api")]


@pytest.mark.parametrize("target", [API, ROLLOUT])
def test_one_name_in_two_namespaces_gets_each_its_own_sizes(build, target):
    """Both components in one kustomization, against the README: even then each meets its own object alone."""
    other = replace(target, namespace="bank")
    made = plan(item(target, after=AFTER), item(other, after=resources("500m", None, "1Gi", "2Gi")))
    objects = (workload(t, container(t.container), namespace=t.namespace) for t in (other, target))

    assert requests_of(build(made, *objects)) == {"bank": {"cpu": "500m", "memory": "1Gi"}, "shop": RESIZED["requests"]}


def test_a_name_that_the_plan_leaves_as_it_is_in_another_namespace_is_left(build):
    other = replace(API, namespace="bank")
    made = plan(item(after=AFTER), containers={API.workload: ("api",), other.workload: ("api",)})
    objects = (workload(t, container("api"), namespace=t.namespace) for t in (other, API))

    assert requests_of(build(made, *objects)) == {"bank": written(BEFORE), "shop": RESIZED["requests"]}


def test_one_base_in_two_namespaces_is_met_above_the_kustomization_that_names_one(build):
    """As the README says it; in the overlay itself the component comes before its `namespace:`."""
    other = replace(API, namespace="bank")
    made = plan(item(after=AFTER), item(other, after=AFTER))

    [built] = build(made, workload(API, container("api")), base={"namespace": "shop"})
    assert containers_of(built)[0]["resources"] == RESIZED


@pytest.mark.parametrize("overlay", [{"namespace": "other"}, {"namePrefix": "eu-"}, {"nameSuffix": "-v2"}])
def test_an_overlay_that_renames_does_not_lose_the_patch(build, overlay):
    [built] = build(plan(item(after=AFTER)), workload(API, container("api")), **overlay)

    assert containers_of(built)[0]["resources"] == RESIZED


def test_only_the_whole_name_is_a_match(build):
    longer = workload(Target("shop", "Deployment", "api-canary", "api"), container("api"))
    other, api = build(plan(item(after=AFTER)), longer, workload(API, container("api")))
    resized = {m["metadata"]["name"]: containers_of(m)[0]["resources"] == RESIZED for m in (other, api)}

    assert resized == {"api": True, "api-canary": False}


def test_a_custom_resource_keeps_its_other_containers(build):
    """A merge would replace the list, and lose image, ports and sidecar."""
    made = plan(item(ROLLOUT, after=AFTER), containers={ROLLOUT.workload: ("istio", "web")})
    [built] = build(made, workload(ROLLOUT, SIDECAR, container("web")))

    assert containers_of(built) == [SIDECAR, {**container("web"), "resources": RESIZED}]


def test_a_custom_resource_s_absent_limits_are_added(build):
    before, after = resources("1", None, "2Gi"), resources("250m", None, "1Gi", "2Gi")
    [built] = build(plan(item(ROLLOUT, before, after)), workload(ROLLOUT, container("web", before)))

    assert containers_of(built)[0]["resources"] == {
        "requests": {"cpu": "250m", "memory": "1Gi"},
        "limits": {"memory": "2Gi"},
    }


@pytest.mark.parametrize(
    "containers", [[SIDECAR, container("web")], [container("web", resources("2", "2", "2Gi", "4Gi"))]]
)
def test_a_custom_resource_that_moved_on_fails_the_build(build, containers):
    """Another order of its containers, or other values: nothing is changed by mistake."""
    with pytest.raises(ValueError, match="testing value"):
        build(plan(item(ROLLOUT, after=AFTER)), workload(ROLLOUT, *containers))


def test_names_that_yaml_takes_for_numbers_or_booleans_are_names(build):
    """`y` and `1e3` are legal container names; kubectl's parser would read a boolean and a number."""
    names = ("y", "1e3", "0x10", "null", "on")
    made = plan(*(item(API.workload.of(name), after=AFTER) for name in names))
    [built] = build(made, workload(API, *(container(name) for name in names)))

    assert [c["name"] for c in containers_of(built)] == list(names)
    assert all(c["resources"] == RESIZED for c in containers_of(built))


def test_a_cronjob_is_built_at_its_job_template(build):
    cron = Target("shop", "CronJob", "report", "main", "batch/v1")
    [built] = build(plan(item(cron, after=AFTER)), workload(cron, container("main")))

    assert containers_of(built["spec"]["jobTemplate"])[0]["resources"] == RESIZED


def test_a_namespace_of_many_workloads_builds_at_once(build):
    targets = [Target("shop", kind, f"w-{kind.lower()}", "main") for kind in ("Deployment", "StatefulSet")]
    made = plan(*(item(target, after=AFTER) for target in targets), item(ROLLOUT, after=AFTER))
    built = build(
        made, *(workload(target, container("main")) for target in targets), workload(ROLLOUT, container("web"))
    )

    assert [containers_of(m)[0]["resources"] for m in built] == [RESIZED] * 3
