"""Pairs of which one serves: the idle color is given the busy one's use, and shards and sharers of a load are not."""

import pytest

from costkit.analyze.facts import study
from costkit.model.listed import Missing, Present
from costkit.model.objects import Service
from costkit.model.pods import Meta
from costkit.model.target import Target
from tests.analyze.clusters import cluster, pod, snapshot, spec, workload
from tests.analyze.days import flat, samples, series, usage

MIB = 2.0**20
BUSY, IDLE = (1.2, 800 * MIB), (0.003, 90 * MIB)


def named(name, kind="Deployment"):
    return Target("shop", kind, name)


def service(name="shop-api", namespace="shop", **selector):
    return Service(Meta(name, namespace), selector=selector)


def studied(used, services=(), labels=None, images=None):
    """`used`: workload -> cores and bytes, flat over three days. `labels`, `images`: of some of their templates."""
    images = images or {}
    workloads = [
        workload(
            spec(image=images[target.name]) if target.name in images else spec(),
            target=target,
            template_labels=(labels or {}).get(target.name, {}),
        )
        for target in used
    ]
    days = [
        samples(
            *[(series(f"{target.name}-1", target=target.of("main")), flat(of[place])) for target, of in used.items()],
            resource=resource,
            day=day,
        )
        for day in range(3)
        for place, resource in enumerate(("cpu", "memory"))
    ]
    services = services if isinstance(services, Missing) else Present(tuple(services))
    pods = Present(tuple(pod(f"{target.name}-1", target=target) for target in used))
    of = cluster(workloads=Present(tuple(workloads)), pods=pods, services=services)
    found = study(snapshot(of, days=3, usage=usage(*days)), ()).containers
    return {facts.target.name: facts for facts in found}


def pair(one, other, used=(BUSY, IDLE), **fields):
    found = studied({named(one): used[0], named(other): used[1]}, **fields)
    return found[one].twin, found[other].twin


@pytest.mark.parametrize(
    ("busy", "idle", "words"),
    [
        ("api-blue", "api-green", "their names differ by blue and green"),
        ("green-api", "blue-api", "their names differ by blue and green"),
        ("api-a", "api-b", "their names differ by a and b"),
        ("api-v1", "api-v2", "their names differ by v1 and v2"),
        ("api-v2-web", "api-v10-web", "their names differ by v10 and v2"),
        ("api", "api-standby", "their names differ by active and standby"),
        ("api-primary", "api-dr", "their names differ by active and standby"),
        ("db-active", "db-passive", "their names differ by active and standby"),
    ],
)
def test_names_that_differ_by_a_color_are_a_pair(busy, idle, words):
    of_busy, of_idle = pair(busy, idle)

    assert (of_idle.target, of_idle.why) == (named(busy).of("main"), words)
    assert (of_idle.cpu.peak, of_idle.memory.peak) == BUSY
    assert of_busy.target == named(idle).of("main")


@pytest.mark.parametrize(
    ("one", "other"),
    [("api-blue", "web-green"), ("api-a-x", "api-b-x"), ("a", "b"), ("api", "api-blue"), ("api-1", "api-2")],
)
def test_other_names_are_none(one, other):
    assert pair(one, other) == (None, None)


def test_two_that_both_work_share_a_load_and_are_no_pair():
    assert pair("api-a", "api-b", (BUSY, (0.13, 90 * MIB))) == (None, None)
    assert pair("api-a", "api-b", (BUSY, (0.119, 90 * MIB)))[1] is not None


def test_two_that_both_idle_say_nothing_of_each_other():
    assert pair("api-blue", "api-green", ((0.019, MIB), (0.0001, MIB))) == (None, None)


def test_another_kind_or_container_is_no_color_of_it():
    found = studied({named("api-blue"): BUSY, named("api-green", "StatefulSet"): IDLE})
    assert {facts.twin for facts in found.values()} == {None}


@pytest.mark.parametrize(("one", "other"), [("api-a", "api-b"), ("api-v1", "api-v2")])
def test_suffixes_are_a_pair_with_one_image_alone_whatever_its_tag(one, other):
    same = {one: "r.io:5000/api:1", other: "r.io:5000/api@sha256:00"}
    assert pair(one, other, images=same)[1] is not None
    assert pair(one, other, images={**same, other: "r.io:5000/web:1"}) == (None, None)


def test_of_several_the_busiest_is_the_twin():
    found = studied({named("api-v1"): (0.5, MIB), named("api-v2"): BUSY, named("api-v3"): IDLE})

    assert found["api-v3"].twin.target.name == "api-v2"


def test_a_service_that_takes_in_both_makes_a_pair():
    labels = {"api-stable": {"app": "api"}, "api-next": {"app": "api"}}
    found = pair("api-stable", "api-next", services=[service(app="api")], labels=labels)[1]

    assert (found.target.name, found.why) == ("api-stable", "Service shop-api takes in both")


def test_a_service_that_would_with_another_color_makes_a_pair():
    labels = {"api-7f": {"app": "api", "slot": "blue"}, "api-2c": {"app": "api", "slot": "green"}}
    found = pair("api-7f", "api-2c", services=[service(app="api", slot="blue")], labels=labels)[1]

    assert (found.target.name, found.why) == ("api-7f", "Service shop-api switches between them")


@pytest.mark.parametrize(
    "other",
    [
        service(app="web"),
        service(namespace="else", app="api"),
        service(app="api", tier="web"),
        service(),
        service(slot="blue"),
    ],
)
def test_a_service_of_others_makes_none(other):
    labels = {"api-7f": {"app": "api", "slot": "blue"}, "api-2c": {"app": "api", "slot": "green", "tier": "web"}}
    assert pair("api-7f", "api-2c", services=[other], labels=labels) == (None, None)


def test_one_image_is_wanted_of_a_services_pair():
    labels = {"web": {"app": "shop"}, "mail": {"app": "shop"}}
    images = {"web": "shop/web:1", "mail": "shop/mail:1"}
    assert pair("web", "mail", services=[service(app="shop")], labels=labels, images=images) == (None, None)


def test_a_service_before_a_whole_platform_makes_no_pairs():
    names = ["one", "two", "three", "four", "five"]
    used = {named(name): BUSY if name == "one" else IDLE for name in names}
    found = studied(used, [service(app="shop")], {name: {"app": "shop"} for name in names})
    assert {facts.twin for facts in found.values()} == {None}


def test_services_that_could_not_be_read_leave_the_names():
    assert pair("api-blue", "api-green", services=Missing("forbidden"))[1] is not None


def test_a_standby_without_a_twin_is_declined_with_its_use():
    (found,) = studied({named("db-standby"): IDLE})["db-standby"].verdicts

    assert found.code == "standby"
    assert found.detail.startswith("named a standby, and idle (p95 3m of 1 asked)")


def test_a_standby_that_works_is_sized_and_so_is_one_with_a_busy_twin():
    assert studied({named("db-standby"): BUSY})["db-standby"].verdicts == ()
    assert studied({named("db"): BUSY, named("db-standby"): IDLE})["db-standby"].verdicts == ()


def test_an_idle_container_of_another_name_is_no_standby():
    assert studied({named("standbys"): IDLE})["standbys"].verdicts == ()
