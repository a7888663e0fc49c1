"""Which workload a pod belongs to."""

from itertools import pairwise

import pytest

from costkit.collect.owners import Owners, bare_pod, family
from costkit.model.target import Target


def ref(kind, name, version="apps/v1"):
    return Target("ml", kind, name, "", version)


API, API_RS = ref("Deployment", "api"), ref("ReplicaSet", "api-7d764666f9")
JOB_OF_CRON, CRON = ref("Job", "nightly-29123580", "batch/v1"), ref("CronJob", "nightly", "batch/v1")
LIVING = Owners({API_RS: API, JOB_OF_CRON: CRON}, frozenset({API, API_RS, CRON, JOB_OF_CRON, ref("StatefulSet", "db")}))


def gone(pod, direct=None, owners=LIVING):
    return owners.of_pod("ml", pod, direct)


@pytest.mark.parametrize(
    "chain",
    [
        [API_RS, API],
        [ref("ReplicaSet", "web-5c9f8"), ref("Rollout", "web", "argoproj.io/v1alpha1")],
        [JOB_OF_CRON, CRON],
        [ref("StrimziPodSet", "k-kafka", "core.strimzi.io/v1beta2"), ref("Kafka", "k", "kafka.strimzi.io/v1beta2")],
        [API_RS, API, ref("App", "a", "example.com/v1"), ref("Platform", "p", "example.com/v1")],
    ],
)
def test_the_top_of_a_chain_is_its_last_known_owner(chain):
    parents = dict(pairwise(chain))
    assert Owners(parents).top(chain[0]) == chain[-1]


def test_a_circle_of_owners_ends():
    one, other = ref("Deployment", "a"), ref("Deployment", "b")
    assert Owners({one: other, other: one}).top(one) in (one, other)


@pytest.mark.parametrize(
    ("name", "of_family"),
    [
        ("train-bert-20261101-x7k2p", "train-bert-*"),
        ("etl-1700000000", "etl-*"),
        ("run-3f9a1c2b7d", "run-*"),
        ("dag-task-a1b2c3d4", "dag-task-*"),
        ("migrate", "migrate"),
        ("resnet50-train", "resnet50-train"),
        ("backup-postgres15", "backup-postgres15"),
        ("stage-2", "stage-2"),
    ],
)
def test_jobs_with_made_up_names_are_one_family(name, of_family):
    assert family(ref("Job", name, "batch/v1")).name == of_family


@pytest.mark.parametrize("kind", ["PyTorchJob", "Workflow", "PipelineRun", "SparkApplication", "RayJob"])
def test_custom_resources_that_run_once_have_families_too(kind):
    assert family(ref(kind, "train-x7k2p", "example.com/v1")).name == "train-*"


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "CronJob", "ScaledJob", "Pod"])
def test_what_lives_on_under_its_name_is_no_family(kind):
    assert family(ref(kind, "report-20261101")).name == "report-20261101"


def test_an_owner_series_is_believed_first():
    assert gone("api-7d764666f9-x7k2p", API_RS) == (API, "series")
    assert gone("whatever", ref("PyTorchJob", "train-x7k2p", "kubeflow.org/v1"))[0].name == "train-*"


def test_owners_that_series_tell_of_are_followed_but_what_lives_is_believed_before_them():
    old = ref("ReplicaSet", "api-5c9f8d7b6")
    told = LIVING.with_series({old: API, API_RS: ref("Deployment", "wrong")})
    assert told.top(old) == API
    assert told.top(API_RS) == API


def test_a_pod_of_a_living_controller_is_known_by_its_name():
    assert gone("api-7d764666f9-x7k2p") == (API, "living")
    assert gone("db-12") == (ref("StatefulSet", "db"), "living")
    assert gone("nightly-29123580-x7k2p") == (CRON, "living")


def test_a_pod_of_an_older_replica_set_is_its_deployments():
    assert gone("api-5c9f8d7b6-q2w4z") == (API, "living")


def test_a_job_of_a_living_cron_job_is_its_pods_owner_though_it_is_gone():
    assert gone("nightly-29120700-x7k2p") == (CRON, "living")


def test_api_never_matches_api_gateway():
    assert gone("api-gateway-7d764666f9-x7k2p") == (ref("Deployment", "api-gateway"), "name")
    gateway = Owners(living=frozenset({ref("Deployment", "api-gateway")}))
    assert gone("api-7d764666f9-x7k2p", owners=gateway) == (API, "name")
    assert gone("api-gateway-7d764666f9-x7k2p", owners=gateway) == (ref("Deployment", "api-gateway"), "living")


def test_a_name_of_the_form_of_a_cron_jobs_pod_is_no_deployments():
    assert gone("backup-29123580-x7k2p", owners=Owners()) == (ref("CronJob", "backup", "batch/v1"), "name")


@pytest.mark.parametrize("pod", ["shell", "debug-me", "api-x7k2p-", "web-0", "a-b-c"])
def test_a_pod_of_no_known_form_stands_alone(pod):
    assert gone(pod) == (bare_pod("ml", pod), "pod")


def test_a_static_pod_stands_alone_whatever_its_name():
    assert gone("api-7d764666f9-x7k2p", ref("Node", "n1", "v1")) == (bare_pod("ml", "api-7d764666f9-x7k2p"), "pod")


def test_a_gone_replica_set_whose_owner_no_series_tells_is_its_deployments_by_name():
    old = ref("ReplicaSet", "api-5c9f8d7b6")
    assert gone("api-5c9f8d7b6-q2w4z", old) == (API, "living")
    assert gone("web-5c9f8d7b6-q2w4z", ref("ReplicaSet", "web-5c9f8d7b6")) == (ref("Deployment", "web"), "name")
    assert gone("odd-one", ref("ReplicaSet", "odd")) == (ref("ReplicaSet", "odd"), "series")


def test_a_replica_set_that_lives_by_itself_is_its_own():
    alone = ref("ReplicaSet", "api-5c9f8d7b6")
    owners = Owners(living=frozenset({API, alone}))
    assert gone("api-5c9f8d7b6-q2w4z", alone, owners) == (alone, "series")


def test_a_living_controller_of_another_namespace_is_not_a_pods():
    assert LIVING.of_pod("shop", "db-0", None) == (bare_pod("shop", "db-0"), "pod")


def test_the_api_version_of_a_kind_is_the_built_in_or_that_of_what_lives():
    kafka = ref("Kafka", "k", "kafka.strimzi.io/v1beta2")
    assert Owners(living=frozenset({kafka})).api_version("Kafka") == "kafka.strimzi.io/v1beta2"
    assert LIVING.api_version("CronJob") == "batch/v1"
    assert LIVING.api_version("Unheard") == ""


def test_the_version_of_a_kind_that_is_not_built_in_is_the_first_living_ones():
    rays = [Target("ml", "RayCluster", name, "", version) for name, version in (("b", "ray.io/v1"), ("a", "ray.io/v2"))]
    owners = Owners({}, frozenset(rays))
    assert owners.api_version("RayCluster") == "ray.io/v2"
    assert owners.with_series({}).api_version("RayCluster") == "ray.io/v2"
    assert (owners.api_version("Job"), owners.api_version("Other")) == ("batch/v1", "")
