"""kubectl's words for one workload -> its containers; where they name none, or more than one, what was meant."""

import pytest

from costkit.errors import UsageError
from costkit.model.target import Target
from costkit.recommend.named import Named, containers_of, named
from tests.recommend.cases import facts

API = Target("shop", "Deployment", "api")
KNOWN = tuple(
    facts(target=target, exists=target.name != "gone")
    for target in (
        API.of("main"),
        API.of("proxy"),
        Target("web", "Deployment", "api", "main"),
        Target("shop", "StatefulSet", "api-db", "db"),
        Target("shop", "Deployment", "gone", "main"),
        Target("ml", "PyTorchJob", "bert-*", "pytorch", "kubeflow.org/v1"),
        Target("ml", "Policy", "x", "main", "one.io/v1"),
        Target("ml", "Policy", "x", "main", "two.io/v1"),
    )
)


def found(*words, namespace="shop", container=""):
    return [str(f.target) for f in containers_of(named(words, namespace, container), KNOWN)]


def refused(*words, namespace="", container=""):
    with pytest.raises(UsageError) as error:
        containers_of(named(words, namespace, container), KNOWN)
    return error.value.message, error.value.hint


@pytest.mark.parametrize(
    "words",
    [
        ("deploy/api",),
        ("deployment/api",),
        ("Deployments/api",),
        ("deployments", "api"),
        ("deployment.apps/api",),
        ("deployments.v1.apps/api",),
        ("shop/deploy/api",),
    ],
)
def test_a_workload_is_named_as_kubectl_names_it(words):
    assert found(*words) == ["shop/deploy/api:main", "shop/deploy/api:proxy"]


def test_one_container_is_named_by_flag_or_as_the_tables_write_it():
    assert found("deploy/api", container="proxy") == ["shop/deploy/api:proxy"]
    assert found("shop/deploy/api:proxy", namespace="shop", container="proxy") == ["shop/deploy/api:proxy"]
    message, hint = refused("deploy/api", namespace="shop", container="nope")
    assert message == "deploy/api in namespace shop has no container nope"
    assert hint == "it has main, proxy"


def test_words_and_a_flag_that_differ_are_refused():
    hint = "leave one of them out"
    assert refused("shop/deploy/api", namespace="web") == ("two namespaces are named: shop and web", hint)
    assert refused("deploy/api:main", namespace="", container="x") == ("two containers are named: main and x", hint)


def test_a_made_up_name_is_that_of_its_family():
    assert found("pytorchjob/bert-x7k2p", namespace="") == found("pytorchjob/bert-*", namespace="") != []


def test_other_groups_and_kinds_are_not_taken_for_it():
    assert "there is no" in refused("deployment.other.io/api")[0]
    assert "there is no" in refused("sts/api")[0]


def test_what_is_in_several_namespaces_is_asked_for():
    assert refused("deploy/api") == ("deploy/api is in shop, web", "choose one of them with -n")


def test_one_kind_of_two_groups_is_asked_for():
    message, hint = refused("policies/x")
    assert message == "policies/x is more than one workload"
    assert hint == "write one of policy.one.io/x, policy.two.io/x"


def test_the_nearest_names_are_a_hint_and_the_kind_and_namespace_go_first():
    assert refused("deploy/apy", namespace="web") == (
        "there is no deploy/apy in namespace web",
        "did you mean deploy/api in web or deploy/api in shop?",
    )
    assert refused("sts/api_db")[1].startswith("did you mean sts/api-db in shop or ")
    assert refused("deploy/zzz")[1].startswith("costkit recommend --all -o wide")


def test_what_has_gone_is_told_from_what_never_was():
    assert refused("deploy/gone")[0] == "deploy/gone is no longer in the cluster"
    assert "gone" not in refused("deploy/gonne")[1]


@pytest.mark.parametrize("words", [("nodes",), ("node/ip-10-0-0-1",), ("no", "ip-10-0-0-1")])
def test_nodes_come_later_and_that_is_said(words):
    assert refused(*words)[0] == "nodes cannot be explained yet, workloads can"


@pytest.mark.parametrize(
    "words", [("api",), ("deploy/",), ("/api",), ("deploy", "api", "web"), ("deploy/api", "deploy/web"), ("a/b/c/d",)]
)
def test_other_words_name_no_workload(words):
    assert refused(*words) == (
        f"{' '.join(words)!r} names no workload",
        "write TYPE/NAME, such as costkit explain deploy/api -n shop",
    )


def test_no_words_name_none():
    assert refused()[0] == "no workload is named"


def test_it_is_said_as_it_was_written():
    assert str(Named("deploy", "api")) == "deploy/api"
