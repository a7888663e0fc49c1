"""Which containers a pod of a day had."""

from math import inf

from costkit.collect.inside import inside
from costkit.collect.lived import Lived
from costkit.model.pods import ContainerSpec
from costkit.model.target import Target
from tests.collect.days import API, MIDNIGHT, living

ALIVE, GONE = ("shop", "api-7d764666f9-x7k2p"), ("shop", "api-7d764666f9-q2w4z")
TEMPLATES = {API: frozenset({"app"})}


def lived(workload=API):
    return Lived(workload, "h", "n1", MIDNIGHT, inf)


def alive(*names, workload=API):
    specs = (*(ContainerSpec(name) for name in names), ContainerSpec("setup", init=True))
    pod = living(ALIVE[1], workload)
    return {ALIVE: type(pod)(pod.meta, workload, specs, start=pod.start, node=pod.node)}


def found(pods=(ALIVE, GONE), living=(), told=(), templates=TEMPLATES):
    of = {key: lived() for key in pods}
    return inside(dict(living), of, templates, told), of


def test_a_living_pod_has_its_own_containers_injected_ones_too_and_no_init_containers():
    known, of = found(living=alive("app", "istio-proxy"))
    assert known.of(ALIVE, of[ALIVE]) == {"app", "istio-proxy"}


def test_a_pod_that_is_gone_has_what_series_name_else_what_its_siblings_have_else_its_template():
    assert found(told=[(*GONE, "old"), (*GONE, "old", "cpu")])[0].of(GONE, lived()) == {"old"}
    assert found(living=alive("app", "istio-proxy"))[0].of(GONE, lived()) == {"app", "istio-proxy"}
    assert found()[0].of(GONE, lived()) == {"app"}
    assert found(templates={}, told=[(*ALIVE, "app")])[0].of(GONE, lived()) == {"app"}
    assert found(templates={})[0].of(GONE, lived()) == frozenset()


def test_the_only_container_is_that_of_the_pod_not_of_its_template():
    known, of = found(living=alive("app", "istio-proxy"))
    assert known.sole(of) == {}
    known, of = found(living=alive("app"))
    assert known.sole(of) == {ALIVE: "app", GONE: "app"}


def test_a_pod_that_is_gone_may_have_had_any_container_that_something_tells_of():
    known, of = found(pods=(GONE,), told=[(*GONE, "istio-proxy")])
    assert known.sole(of) == {}
    known, of = found(pods=(GONE,))
    assert known.sole(of) == {GONE: "app"}


def test_a_living_pod_of_the_same_name_but_another_workload_is_not_it():
    known, of = found(living=alive("other", workload=Target("shop", "StatefulSet", "web")))
    assert known.of(ALIVE, of[ALIVE]) == {"app"}
