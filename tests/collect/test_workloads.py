"""Lists of the API become workloads, and who controls whom."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from costkit.collect import decode
from costkit.collect.wire import WirePod
from costkit.collect.workloads import read_workloads, workload_of
from costkit.model.listed import Missing, Present
from costkit.model.target import Target

TEMPLATE = {"spec": {"containers": [{"name": "main", "image": "x"}]}}
CUSTOM = "example.com/v1"


def owned(by):
    kind, name, version = by
    return {"ownerReferences": [{"kind": kind, "name": name, "apiVersion": version, "controller": True}]}


def thing(name, by=None, template=TEMPLATE, created="2026-01-01T00:00:00Z", **spec):
    meta = {"name": name, "namespace": "ml", "creationTimestamp": created, **(owned(by) if by else {})}
    return {"metadata": meta, "spec": {**({"template": template} if template else {}), **spec}}


def pod(name, by=None, labels=None):
    meta = {"name": name, "namespace": "ml", "labels": labels or {}, **(owned(by) if by else {})}
    return {"metadata": meta, "spec": TEMPLATE["spec"]}


@dataclass
class Api:
    """Lists by path; kinds that are served by kind."""

    lists: dict[str, Any]
    plurals: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def read(self, path, item, *, optional=False):
        del optional
        found = self.lists.get(path.rpartition("/")[2], [])
        return found if isinstance(found, Missing) else Present(tuple(msgspec.convert(one, type=item) for one in found))

    def plural(self, version, kind):
        return self.plurals.get(kind) or Missing(f"{version} is not served here")

    def note(self, source, status, detail):
        self.notes.append(f"{source} {status}: {detail}")


def read(pods=(), plurals=None, **lists):
    wires = tuple(msgspec.convert(one, type=WirePod) for one in pods)
    api: Any = Api(lists, plurals or {})
    listed, owners = read_workloads(api, Present(wires))
    return listed, owners, wires, api


def names(listed):
    return [(w.target.kind, w.target.name, w.members) for w in listed.items]


def test_a_deployment_stands_for_its_replica_sets_and_pods():
    listed, owners, (wire,), _ = read(
        pods=[pod("api-1", ("ReplicaSet", "api-5c9f8", "apps/v1"))],
        deployments=[thing("api", replicas=3)],
        replicasets=[thing("api-5c9f8", ("Deployment", "api", "apps/v1"))],
    )
    assert names(listed) == [("Deployment", "api", 1)]
    assert (listed.items[0].replicas, listed.items[0].containers[0].name) == (3, "main")
    assert workload_of(wire, owners).name == "api"


def test_a_deployment_of_a_custom_resource_that_can_be_read_is_that_resources():
    listed, _, _, _ = read(
        plurals={"App": "apps"},
        deployments=[thing("api", ("App", "shop", CUSTOM))],
        apps=[thing("shop", template=None)],
    )
    assert names(listed) == [("App", "shop", 1)]


def test_a_deployment_of_an_owner_that_cannot_be_read_stays_with_its_owner_named():
    listed, _, _, api = read(deployments=[thing("api", ("App", "shop", CUSTOM))])
    assert names(listed) == [("Deployment", "api", 1)]
    assert listed.items[0].owner == Target("ml", "App", "shop", "", CUSTOM)
    assert api.notes == [f"App missing: {CUSTOM} is not served here: its pods stand under their direct owner"]


def test_owners_are_followed_two_custom_resources_deep():
    listed, owners, (wire,), _ = read(
        pods=[pod("k-kafka-0", ("StrimziPodSet", "k-kafka", CUSTOM))],
        plurals={"StrimziPodSet": "podsets", "Kafka": "kafkas"},
        podsets=[thing("k-kafka", ("Kafka", "k", CUSTOM), template=None)],
        kafkas=[thing("k", template=None)],
    )
    assert names(listed) == [("Kafka", "k", 1)]
    assert workload_of(wire, owners).name == "k"


def test_a_rollouts_template_is_read_and_a_template_of_another_shape_is_none():
    listed, _, _, _ = read(
        pods=[pod("web-1", ("Rollout", "web", CUSTOM)), pod("odd-1", ("Rollout", "odd", CUSTOM))],
        plurals={"Rollout": "rollouts"},
        rollouts=[thing("web", replicas=2), thing("odd", template={"spec": "text"}, replicas="many")],
    )
    found = {w.target.name: ([c.name for c in w.containers], w.replicas) for w in listed.items}
    assert found == {"odd": ([], None), "web": (["main"], 2)}


def test_jobs_with_made_up_names_are_one_workload_with_the_newest_template():
    new = {"spec": {"containers": [{"name": "new"}]}}
    listed, _, _, _ = read(
        jobs=[
            thing("train-20261102-x7k2p", template=new, created="2026-11-02T00:00:00Z"),
            thing("train-20261101-q2w4z", created="2026-11-01T00:00:00Z"),
        ]
    )
    assert names(listed) == [("Job", "train-*", 2)]
    assert listed.items[0].containers[0].name == "new"


def test_jobs_of_a_cron_job_are_its():
    listed, _, _, _ = read(
        cronjobs=[thing("nightly-2026", template=None, jobTemplate={"spec": {"template": TEMPLATE}})],
        jobs=[thing("nightly-2026-29123580", ("CronJob", "nightly-2026", "batch/v1"))],
    )
    assert names(listed) == [("CronJob", "nightly-2026", 1)]
    assert listed.items[0].containers[0].name == "main"


def test_bare_and_static_pods_stand_alone():
    listed, _, _, _ = read(pods=[pod("shell"), pod("proxy-n1", ("Node", "n1", "v1"))])
    assert names(listed) == [("Pod", "proxy-n1", 1), ("Pod", "shell", 1)]


def test_a_pod_whose_owner_is_not_known_stands_under_it_without_a_template():
    listed, _, _, _ = read(pods=[pod("p-0", ("Widget", "w", CUSTOM), {"team": "ml"})])
    (only,) = listed.items
    assert (only.target.kind, only.containers, only.template_labels) == ("Widget", (), {"team": "ml"})


def unread(listed):
    return {(w.target.kind, w.target.name): w.unread for w in listed.items}


def test_a_list_that_cannot_be_read_leaves_the_others_and_its_own_by_their_pods_without_a_template():
    listed, owners, (wire,), _ = read(
        pods=[pod("db-0", ("StatefulSet", "db", "apps/v1"), {"team": "ml"})],
        deployments=[thing("api")],
        statefulsets=Missing("forbidden"),
    )
    assert unread(listed) == {("Deployment", "api"): "", ("StatefulSet", "db"): "StatefulSets: forbidden"}
    assert (listed.items[1].containers, listed.items[1].template_labels) == ((), {"team": "ml"})
    assert workload_of(wire, owners) == listed.items[1].target


def test_a_replica_set_of_a_deployment_that_could_not_be_read_is_still_the_deployments():
    listed, owners, (wire,), _ = read(
        pods=[pod("api-1", ("ReplicaSet", "api-5c9f8", "apps/v1"))],
        deployments=Missing("forbidden"),
        replicasets=[
            thing("api-5c9f8", ("Deployment", "api", "apps/v1")),
            thing("idle-5c9f8", ("Deployment", "idle", "apps/v1")),
        ],
    )
    deployments = (("Deployment", "api"), ("Deployment", "idle"))
    assert unread(listed) == dict.fromkeys(deployments, "Deployments: forbidden")
    assert workload_of(wire, owners).name == "api"


def test_what_may_stand_above_objects_that_could_not_be_read_is_unread_too():
    listed, _, _, _ = read(
        pods=[pod("api-1", ("ReplicaSet", "api-5c9f8", "apps/v1")), pod("web-1", ("Rollout", "web", CUSTOM))],
        plurals={"Rollout": "rollouts"},
        deployments=[thing("api")],
        cronjobs=[thing("nightly", template=None)],
        rollouts=[thing("web")],
        replicasets=Missing("forbidden"),
    )
    assert unread(listed) == {
        ("CronJob", "nightly"): "",
        ("Deployment", "api"): "ReplicaSets: forbidden",
        ("ReplicaSet", "api-5c9f8"): "ReplicaSets: forbidden",
        ("Rollout", "web"): "ReplicaSets: forbidden",
    }


def test_where_nothing_could_be_read_the_workloads_are_missing():
    lists = ("deployments", "statefulsets", "daemonsets", "replicasets", "replicationcontrollers", "cronjobs", "jobs")
    listed, _, _, _ = read(**dict.fromkeys(lists, Missing("forbidden")))
    assert isinstance(listed, Missing)
    assert "StatefulSet: forbidden" in listed.reason


def rollout(cpu):
    template = {"spec": {"containers": [{"name": "main", "resources": {"requests": {"cpu": cpu}}}]}}
    listed, _, _, api = read(
        pods=[pod("web-1", ("Rollout", "web", CUSTOM))],
        plurals={"Rollout": "rollouts"},
        rollouts=[thing("web", template=template)],
    )
    return listed.items[0], api.notes


def test_numbers_are_quantities_in_a_custom_resource():
    for cpu in (1, 1.0, "1"):
        assert rollout(cpu)[0].containers[0].requests == {"cpu": 1.0}
    assert rollout(1)[0].containers[0].spelled == {"requests.cpu": 1}
    assert rollout("1000m")[0].containers[0].spelled == {"requests.cpu": "1000m"}
    assert rollout("1")[0].containers[0].spelled == {}


def test_a_quantity_that_is_none_leaves_a_custom_resource_without_a_template_and_is_said():
    found, notes = rollout("1 core")
    assert (found.containers, found.unread) == ((), "its template: '1 core' is not a Kubernetes quantity")
    assert notes == ["ml/rollout/web partial: its template is not understood: '1 core' is not a Kubernetes quantity"]


def test_the_order_of_the_lists_does_not_matter():
    jobs = [thing(f"train-2026110{i}", created="2026-11-02T00:00:00Z") for i in range(3)]
    assert names(read(jobs=jobs)[0]) == names(read(jobs=jobs[::-1])[0])


def test_a_pod_is_decoded_under_its_workload():
    wire = msgspec.convert(pod("shell"), type=WirePod)
    assert decode.pod(wire, Target("ml", "Pod", "shell", "", "v1")).workload.name == "shell"


PODS = [
    pod("api-1", ("ReplicaSet", "api-5c9f8", "apps/v1")),
    pod("web-1", ("ReplicaSet", "web-5c9f8", "apps/v1")),
    pod("db-0", ("StatefulSet", "db", "apps/v1")),
    pod("agent-1", ("DaemonSet", "agent", "apps/v1")),
    pod("old-1", ("ReplicationController", "old", "v1")),
    pod("nightly-1", ("Job", "nightly-29123580", "batch/v1")),
    pod("import-1", ("Job", "import", "batch/v1")),
]
LISTS = {
    "deployments": [thing("api")],
    "statefulsets": [thing("db")],
    "daemonsets": [thing("agent")],
    "replicasets": [
        thing("api-5c9f8", ("Deployment", "api", "apps/v1")),
        thing("web-5c9f8", ("Rollout", "web", CUSTOM)),
    ],
    "replicationcontrollers": [thing("old")],
    "cronjobs": [thing("nightly", template=None, jobTemplate={"spec": {"template": TEMPLATE}})],
    "jobs": [thing("nightly-29123580", ("CronJob", "nightly", "batch/v1")), thing("import")],
    "rollouts": [thing("web")],
}


@pytest.mark.parametrize("name", [name for name in LISTS if name != "rollouts"])
def test_whichever_list_is_missing_each_workload_is_as_it_would_be_or_unread(name):
    plurals = {"Rollout": "rollouts"}
    whole = {w.target: w for w in read(PODS, plurals, **LISTS)[0].items}
    listed, owners, wires, _ = read(PODS, plurals, **{**LISTS, name: Missing("forbidden")})
    found = {w.target: w for w in listed.items}
    assert any(w.unread for w in found.values())
    assert all(w.unread or w == whole[target] for target, w in found.items())
    assert {workload_of(wire, owners) for wire in wires} <= found.keys()
