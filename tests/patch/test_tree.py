"""The whole tree: layout, headers, index, groups."""

import json
from dataclasses import replace

import pytest
import yaml

from costkit.errors import UsageError
from costkit.model.target import Target
from costkit.patch.index import digest
from costkit.patch.tree import patches
from tests.patch.plans import AFTER, API, BEFORE, CRON, CUT, RAISED, ROLLOUT, item, plan, resources

HOSTILE = "x\n- op: remove\n  path: /spec\u2028</script><script>alert(1)</script> | `rm` $(reboot)"


def mixed():
    return plan(
        item(API),
        item(ROLLOUT, labels={"team": "web"}),
        item(CRON, after=RAISED, alone=-9.4, labels={"team": "../../etc"}, managed_by="Helm"),
        item(Target("shop", "Job", "pr-*", "main", "batch/v1")),
        containers={ROLLOUT.workload: ("proxy", "web")},
    )


def test_each_workload_has_a_patch_for_kustomize_one_for_kubectl_and_the_way_back():
    assert patches(mixed()).paths == (
        "README.md",
        "index.json",
        "kubectl/apply.sh",
        "kubectl/shop/deployment-api.patch.yaml",
        "kubectl/shop/rollout-web_argoproj.io.patch.json",
        "kustomize/shop/deployment-api.yaml",
        "kustomize/shop/kustomization.yaml",
        "kustomize/shop/rollout-web_argoproj.io.json6902.yaml",
        "raises/kubectl/apply.sh",
        "raises/kubectl/batch/cronjob-report.patch.yaml",
        "raises/kustomize/batch/cronjob-report.yaml",
        "raises/kustomize/batch/kustomization.yaml",
        "raises/rollback/apply.sh",
        "raises/rollback/batch/cronjob-report.patch.yaml",
        "rollback/apply.sh",
        "rollback/shop/deployment-api.patch.yaml",
        "rollback/shop/rollout-web_argoproj.io.patch.json",
    )


def test_a_patch_says_what_it_is_before_its_first_line_of_data():
    tree = patches(plan(item(after=AFTER, why="p95 is 212m")))

    assert tree.files["kubectl/shop/deployment-api.patch.yaml"] == (
        "# costkit: shop/deploy/api, frees $41.28 of requests a month\n"
        "# cluster prod-eu, window 2025-11-09 00:00 to 2025-11-23 00:00 UTC (14 days)\n"
        "# api: cpu request 1 -> 250m\n"
        "# api: memory request 2Gi -> 768Mi\n"
        "# api: cpu limit 2 -> none\n"
        "# api: memory limit 4Gi -> 1536Mi\n"
        "# rightsize-api-api: risk low, confidence 92%\n"
        "# why: p95 is 212m\n"
        "spec:\n  template:\n    spec:\n      containers:\n      - name: api\n        resources:\n"
        "          requests:\n            cpu: 250m\n            memory: 768Mi\n"
        "          limits:\n            cpu: null\n            memory: 1536Mi\n"
    )


def test_a_target_is_explicit_and_its_name_anchored():
    target = Target("shop", "Deployment", "api.v1", "api")
    tree = patches(plan(item(target), item(Target("shop", "ReplicationController", "old", "old", "v1"))))
    component = yaml.safe_load(tree.files["kustomize/shop/kustomization.yaml"])

    assert component["kind"] == "Component"
    assert component["patches"] == [
        {
            "path": "deployment-api.v1.yaml",
            "target": {
                "group": "apps",
                "version": "v1",
                "kind": "Deployment",
                "name": r"^api\.v1$",
                "namespace": "^(shop|default)$",
            },
        },
        {
            "path": "replicationcontroller-old.yaml",
            "target": {
                "version": "v1",
                "kind": "ReplicationController",
                "name": "^old$",
                "namespace": "^(shop|default)$",
            },
        },
    ]


def test_two_runs_on_one_plan_give_equal_bytes():
    first, second = patches(mixed()), patches(mixed())

    assert list(first.files.items()) == list(second.files.items())


def test_every_file_is_whole_text_with_one_document():
    for path, text in patches(mixed()).files.items():
        assert text.endswith("\n"), path
        if path.endswith(".yaml"):
            assert len(list(yaml.safe_load_all(text))) == 1, path
        if path.endswith(".json"):
            assert json.loads(text), path


def test_words_of_others_stay_in_their_comment():
    tree = patches(plan(item(why=HOSTILE, managed_by=HOSTILE), item(CRON, after=RAISED, why=HOSTILE)))

    assert yaml.safe_load(tree.files["kubectl/shop/deployment-api.patch.yaml"]).keys() == {"spec"}
    assert yaml.safe_load(tree.files["kustomize/shop/deployment-api.yaml"])["kind"] == "Deployment"
    assert "<script>" not in tree.files["README.md"]
    assert "`rm`" not in tree.files["README.md"]


def test_the_index_names_each_change_with_its_files():
    tree = patches(mixed())
    entry = next(c for c in json.loads(tree.files["index.json"])["changes"] if c["name"] == "report")

    assert entry == {
        "id": "rightsize-report-main",
        "gvk": {"group": "batch", "version": "v1", "kind": "CronJob"},
        "namespace": "batch",
        "name": "report",
        "container": "main",
        "before": BEFORE.quantities(),
        "after": RAISED.quantities(),
        "monthly": -9.4,
        "risk": "low",
        "confidence": 0.92,
        "managedBy": "Helm",
        "files": [
            "raises/kubectl/batch/cronjob-report.patch.yaml",
            "raises/kustomize/batch/cronjob-report.yaml",
            "raises/rollback/batch/cronjob-report.patch.yaml",
        ],
    }


@pytest.mark.parametrize("group_by", [None, "team"])
def test_the_index_lists_every_other_file_with_its_hash(group_by):
    tree = patches(mixed(), group_by)
    index = json.loads(tree.files["index.json"])

    listed = {entry["path"]: entry["sha256"] for entry in index["files"]}
    assert listed == {path: digest(text) for path, text in tree.files.items() if path != "index.json"}
    assert {path for change in index["changes"] for path in change["files"]} <= listed.keys()


def test_what_has_no_patch_is_in_the_index_and_in_the_readme_with_what_to_write():
    tree = patches(mixed())

    [left] = json.loads(tree.files["index.json"])["leftOut"]
    assert left["name"] == "pr-*"
    assert "a Job cannot be resized once it exists" in left["reason"]
    assert "a Job cannot be resized once it exists" in tree.files["README.md"]
    assert "    requests:\n      cpu: 250m\n" in tree.files["README.md"]


def test_what_to_write_by_hand_is_only_what_changes():
    job = Target("shop", "Job", "pr-*", "main", "batch/v1")
    text = patches(plan(item(job, after=RAISED))).files["README.md"]

    assert "    requests:\n      memory: 3Gi\n    limits:\n      memory: 6Gi\n```" in text


def test_each_value_of_a_label_has_a_folder_with_the_whole_layout():
    tree = patches(mixed(), "team")

    assert {path.partition("/")[0] for path in tree.paths} == {
        "README.md",
        "index.json",
        "shop",
        "web",
        "etc~" + digest("../../etc")[:12],
    }
    assert {"web/README.md", "web/index.json", "web/kubectl/apply.sh", "web/rollback/apply.sh"} <= tree.files.keys()
    assert [c["name"] for c in json.loads(tree.files["web/index.json"])["changes"]] == ["web"]


def test_items_without_the_label_have_a_folder_too():
    assert "_unlabelled/index.json" in patches(plan(item(labels={"env": "dev"})), "team").files


def test_a_label_that_the_plan_does_not_have_is_refused():
    with pytest.raises(UsageError, match="no cost label squad") as refused:
        patches(mixed(), "squad")

    assert refused.value.hint == "one of: team, env"


def test_a_plan_without_items_is_a_readme_and_an_index():
    tree = patches(plan())

    assert tree.paths == ("README.md", "index.json")
    assert "Nothing to change." in tree.files["README.md"]


def test_the_readme_gives_the_commands_for_what_was_found():
    text = patches(mixed()).files["README.md"]

    assert "APPLY=1 sh kubectl/apply.sh " in text
    assert "APPLY=1 sh raises/rollback/apply.sh " in text
    assert "\nshop:\n\n```yaml\ncomponents:\n- kustomize/shop\n```\n" in text
    assert "several namespaces" not in text
    assert "| shop | 2 | 0 | frees $82.56 of requests a month |" in text
    assert "| batch/cj/report | Helm | change the source" in text


def test_the_readme_keeps_the_components_of_two_namespaces_apart():
    made = plan(item(API), item(replace(API, namespace="bank")), item(ROLLOUT))
    text = patches(made).files["README.md"]

    assert "\nbank:\n\n```yaml\ncomponents:\n- kustomize/bank\n```\n" in text
    assert "\nshop:\n\n```yaml\ncomponents:\n- kustomize/shop\n```\n" in text
    assert "Workloads of these names are in several namespaces" in text
    assert "\n- deploy/api: bank, shop\n" in text
    assert "- rollout/web" not in text


def test_the_readme_of_a_plan_of_cuts_speaks_of_no_raises():
    assert "raises/" not in patches(plan(item(before=resources("1"), after=resources("250m")))).files["README.md"]


def test_a_managed_object_s_patch_names_the_manager():
    text = patches(plan(item(after=CUT, managed_by="Argo CD"))).files["kubectl/shop/deployment-api.patch.yaml"]

    assert "# managed by Argo CD: change its source, or the change will be undone\n" in text
