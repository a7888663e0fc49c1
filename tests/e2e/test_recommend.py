"""`costkit recommend` on real servers: every number is the rule's on the raw samples, every patch does what it says."""

import json
import os
import subprocess
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import yaml

from costkit.model.quantities import parse
from tests.bed.tools import tool
from tests.e2e import truth
from tests.e2e.stage import DAYS, END, Stage, costkit

WINDOW_START = (END - DAYS * 86400) // 86400 * 86400
FLOORS = {"cpu": 0.01, "memory": 32 * 2**20}
LEAST = {"cpu": 0.02, "memory": 48 * 2**20}
"""The LimitRange of dev."""
MARGIN = {"cpu": 1.0, "memory": 1.15}


@pytest.fixture(scope="session")
def plan(stage: Stage):
    done = stage.costkit("recommend", "-o", "json")
    assert done.code == 3, done.err
    return json.loads(done.out)


def grid_step(value, resource):
    if resource == "cpu":
        steps = ((0.1, 0.001), (0.5, 0.005), (1, 0.01), (4, 0.025), (float("inf"), 0.1))
        return next(s for below, s in steps if value < below)
    mebibyte = 2**20
    sizes = ((512, 16), (2048, 64), (8192, 256), (float("inf"), 1024))
    return next(s for below, s in sizes if value < below * mebibyte) * mebibyte


def hottest_days(stage: Stage, key, resource, revised):
    """Samples a day, oldest first, of its hottest pod or of all; of the newest revision alone after a rollout."""
    found = []
    for midnight in truth.midnights(WINDOW_START, END):
        days = truth.pod_days(stage.scene, midnight, min(END, midnight + 86400)).get(key)
        if days and revised:
            days = [day for day in days if day.revision == revised]
        if days:
            pick = truth.hottest if resource == "cpu" else truth.all_samples
            found.append((midnight, pick(days, resource)))
    return found


def needed(stage: Stage, key, resource, why):
    """What the rule asks for on the raw samples, no sketch in between; the factor is the one that is told."""
    days = hottest_days(stage, key, resource, why.get("rollout", {}).get("revision"))
    everything = np.concatenate([samples for _, samples in days])
    if resource == "memory":
        return max(everything.max() * MARGIN[resource], FLOORS[resource])
    last = truth.midnights(WINDOW_START, END)
    today = max(last)
    since = {back: np.concatenate([s for at, s in days if at > today - back * 86400]) for back in (7, 14)}
    usual = max(np.quantile(samples, 0.95, method="inverted_cdf") for samples in since.values())
    told = why["cpu-use"]
    weight = {0.05: 0.15, 0.10: 0.10, 0.20: 0.05}[told["target"]]
    sized = told["factor"] * usual ** (1 - weight) * everything.max() ** weight
    return max(sized, np.quantile(since[14], 0.5, method="inverted_cdf"), FLOORS[resource])


def reasons(recommendation):
    return {reason["code"]: reason["params"] for reason in recommendation["why"]}


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_each_request_is_the_rule_on_the_raw_samples_within_one_grid_step(stage, plan, resource):
    compared = 0
    for r in plan["recommendations"]:
        target, why = r["target"], reasons(r)
        old, new = (parse(r[side]["requests"][resource]) for side in ("before", "after"))
        if new == old:
            continue
        compared += 1
        wanted = needed(
            stage, (target["namespace"], target["kind"], target["name"], target["container"]), resource, why
        )
        if target["namespace"] == "dev":
            wanted = max(wanted, LEAST[resource])
        step = grid_step(wanted, resource)
        exact = step * np.ceil(wanted / step - 1e-3)
        # a sketch tells a percentile by the upper edge of a bucket of 1 %
        assert abs(new - exact) <= step * 1.001 + (0.011 * wanted if resource == "cpu" else 0), target
        assert (Decimal(str(new)) / Decimal(str(grid_step(new, resource)))) % 1 == 0

    assert compared >= 30


def test_every_container_has_one_finding_and_the_special_ones_the_right_one(plan):
    declined = {(d["target"]["name"], d["target"]["container"]): d["reason"] for d in plan["declined"]}

    assert declined[("scaled", "main")] == "hpa"
    assert declined[("events", "main")] == "custom-resource"
    assert declined[("wheel", "main")] == "custom-resource"
    assert declined[("nightly", "train")] == "not-running"
    names = {r["target"]["name"] for r in plan["recommendations"]}
    assert {"canary", "own-set", "old-style", "alone"} <= names | {n for n, _ in declined}
    assert "defaulted" in names
    assert not {r["id"] for r in plan["recommendations"]} & {"", None}


def test_before_is_what_the_pods_have_where_a_limit_range_set_it(plan):
    (defaulted,) = [r for r in plan["recommendations"] if r["target"]["name"] == "defaulted"]

    assert defaulted["before"]["requests"] == {"cpu": "300m", "memory": "384Mi"}


def test_money_is_the_nodes_hours_at_their_list_price(plan):
    m6i = 0.048
    on_demand, spot = 4 * 16 * m6i, 2 * 8 * m6i * 0.4

    assert plan["cost"]["nodes"] == pytest.approx((on_demand + spot) * 730, abs=0.02)
    assert plan["savings"]["bill"]["now"] is None
    for label in ("team", "env", "cost-center"):
        total = sum(g["cost"] for g in plan["groups"] if g["label"] == label)
        assert total == pytest.approx(plan["cost"]["nodes"], abs=0.005)


@pytest.fixture(scope="session")
def patches(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("patches")
    done = stage.costkit("recommend", "-o", f"{folder}/")
    assert done.code == 3, done.err
    return folder


def specs(stage: Stage):
    kinds = "deployments,statefulsets,daemonsets,replicasets,replicationcontrollers,cronjobs,rollouts.argoproj.io"
    return {
        (o["kind"], o["metadata"]["namespace"], o["metadata"]["name"]): o
        for o in stage.cluster.get(kinds, "-A", "--show-managed-fields")
        if not o["metadata"].get("ownerReferences")
    }


def run_script(stage: Stage, script: Path, **env: str):
    kubectl = tool("kubectl")
    return subprocess.run(
        ["sh", script],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "KUBECTL": f"{kubectl} --kubeconfig {stage.cluster.kubeconfig}", **env},
    )


def without_sizes(body):
    text = json.loads(json.dumps(body["spec"]))
    template = text.get("jobTemplate", {}).get("spec", text).get("template", {})
    for container in template.get("spec", {}).get("containers", ()):
        container.pop("resources", None)
    return text


def sizes(body):
    spec = body["spec"].get("jobTemplate", {}).get("spec", body["spec"])
    return {c["name"]: c.get("resources", {}) for c in spec["template"]["spec"]["containers"]}


def test_the_patches_change_what_they_name_on_the_api_server_and_the_way_back_restores_it(stage, plan, patches):
    before = specs(stage)
    dry = run_script(stage, patches / "kubectl" / "apply.sh")
    assert dry.returncode == 0, dry.stderr
    assert sizes_of(specs(stage)) == sizes_of(before)

    for part in (patches / "kubectl", patches / "raises" / "kubectl"):
        done = run_script(stage, part / "apply.sh", APPLY="1")
        assert done.returncode == 0, done.stdout + done.stderr
    after = specs(stage)
    assert {k: without_sizes(v) for k, v in after.items()} == {k: without_sizes(v) for k, v in before.items()}
    for r in patched(plan):
        target = r["target"]
        key = (target["kind"], target["namespace"], target["name"])
        body = after[key]
        assert sizes(body)[target["container"]] == resized(sizes(before[key])[target["container"]], r)
        assert any(m["manager"] == "costkit" for m in body["metadata"]["managedFields"])
    named = {(r["target"]["kind"], r["target"]["namespace"], r["target"]["name"]) for r in patched(plan)}
    assert {k: sizes(v) for k, v in after.items() if k not in named} == {
        k: sizes(v) for k, v in before.items() if k not in named
    }

    for part in (patches / "rollback", patches / "raises" / "rollback"):
        done = run_script(stage, part / "apply.sh", APPLY="1")
        assert done.returncode == 0, done.stdout + done.stderr
    assert {k: v["spec"] for k, v in specs(stage).items()} == {k: v["spec"] for k, v in before.items()}


def sizes_of(bodies):
    return {key: sizes(body) for key, body in bodies.items()}


def patched(plan):
    """Recommendations that a patch can carry out: bare pods and Jobs cannot be changed."""
    return [r for r in plan["recommendations"] if r["target"]["kind"] not in ("Pod", "Job")]


def resized(template, recommendation):
    """The template with what the recommendation changes: defaults of a LimitRange that stay are not pinned."""
    sides = (recommendation["before"], recommendation["after"])
    changed = {
        section: {k: v for k, v in sides[1][section].items() if v != sides[0][section].get(k)}
        for section in ("requests", "limits")
    }
    merged = {section: template.get(section, {}) | new for section, new in changed.items()}
    kept = {section: {k: v for k, v in values.items() if v is not None} for section, values in merged.items()}
    return {section: values for section, values in kept.items() if values}


def test_the_components_build_over_the_live_objects(stage, plan, patches, tmp_path):
    before = specs(stage)
    built = [
        build_over_live(stage, component, tmp_path / place / component.parent.name)
        for place in ("kustomize", "raises/kustomize")
        for component in sorted((patches / place).glob("*/kustomization.yaml"))
    ]
    for r in patched(plan):
        target = r["target"]
        key = (target["kind"], target["namespace"], target["name"])
        found = [sizes_built[key][target["container"]] for sizes_built in built if key in sizes_built]
        assert resized(sizes(before[key])[target["container"]], r) in found, key


def build_over_live(stage, component, base):
    base.mkdir(parents=True)
    wanted = [o for k, o in specs(stage).items() if k[1] == component.parent.name]
    (base / "objects.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": wanted}))
    relative = os.path.relpath(component.parent, base)
    (base / "kustomization.yaml").write_text(f"resources: [objects.json]\ncomponents: [{relative}]\n")
    bodies = stage.cluster.kubectl("kustomize", base, "--load-restrictor=LoadRestrictionsNone")
    return {
        (b["kind"], b["metadata"]["namespace"], b["metadata"]["name"]): sizes(b) for b in yaml.safe_load_all(bodies)
    }


def test_two_runs_are_equal_to_the_byte(stage, tmp_path):
    file = tmp_path / "s.zip"
    assert stage.costkit("collect", "-o", file).code == 3
    first, second = (costkit("recommend", "--snapshot", file, "-o", "json").out for _ in range(2))
    assert first == second
    assert json.loads(first)["kind"] == "Plan"


def test_the_report_is_written_whole(stage, tmp_path):
    page = tmp_path / "report.html"
    done = stage.costkit("report", "-o", page)

    assert done.code == 3
    assert "web-00" in page.read_text()
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
