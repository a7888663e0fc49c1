import pytest
from hypothesis import given
from hypothesis import strategies as st

from costkit.k8s.requests import container_shares, effective_requests, gpus
from costkit.model.pods import ContainerSpec, Meta, Pod
from costkit.model.target import Target


def cpu(name, cores, **kind):
    return ContainerSpec(name, requests={"cpu": cores}, **kind)


def pod(*containers, **fields):
    return Pod(Meta("p"), Target("n", "Deployment", "w"), containers, **fields)


def test_containers_are_summed():
    assert effective_requests(pod(cpu("a", 1.0), cpu("b", 0.5))) == {"cpu": 1.5}


def test_the_largest_init_container_counts_where_it_is_above_the_sum():
    init = [cpu("i", 2.0, init=True), cpu("j", 3.0, init=True)]

    assert effective_requests(pod(*init, cpu("a", 1.0))) == {"cpu": 3.0}
    assert effective_requests(pod(*init, cpu("a", 4.0))) == {"cpu": 4.0}


def test_a_sidecar_runs_beside_the_containers_and_beside_the_init_containers_after_it():
    early = cpu("early", 2.0, init=True)
    sidecar = cpu("mesh", 1.0, init=True, sidecar=True)
    late = cpu("late", 2.0, init=True)

    assert effective_requests(pod(early, sidecar, cpu("a", 0.5))) == {"cpu": 2.0}
    assert effective_requests(pod(sidecar, late, cpu("a", 0.5))) == {"cpu": 3.0}
    assert effective_requests(pod(sidecar, cpu("a", 0.5))) == {"cpu": 1.5}


def test_the_most_is_taken_resource_by_resource():
    init = ContainerSpec("i", requests={"cpu": 2.0, "memory": 1.0}, init=True)
    main = ContainerSpec("a", requests={"cpu": 1.0, "memory": 5.0})

    assert effective_requests(pod(init, main)) == {"cpu": 2.0, "memory": 5.0}


def test_a_pod_level_request_replaces_the_containers_and_leaves_what_it_does_not_name():
    main = ContainerSpec("a", requests={"cpu": 1.0, "memory": 5.0, "nvidia.com/gpu": 1.0})

    found = effective_requests(pod(main, pod_requests={"cpu": 3.0, "nvidia.com/gpu": 4.0}))

    assert found == {"cpu": 3.0, "memory": 5.0, "nvidia.com/gpu": 1.0}


def test_overhead_comes_on_top_of_all():
    assert effective_requests(pod(cpu("a", 1.0), overhead={"cpu": 0.25, "memory": 8.0})) == {"cpu": 1.25, "memory": 8.0}
    assert effective_requests(pod(cpu("a", 1.0), overhead={"cpu": 0.25}, pod_requests={"cpu": 2.0})) == {"cpu": 2.25}


def test_a_pod_that_asks_for_nothing_reserves_nothing():
    assert effective_requests(pod(ContainerSpec("a"))) == {}


def test_what_no_container_asks_for_is_shared_by_what_each_asks():
    shares = container_shares(pod(cpu("i", 6.0, init=True), cpu("a", 1.0), cpu("b", 2.0)))

    assert shares == {"a": {"cpu": 2.0}, "b": {"cpu": 4.0}}


def test_what_no_container_asks_for_is_shared_evenly_where_none_asks():
    shares = container_shares(pod(ContainerSpec("a"), ContainerSpec("b"), pod_requests={"cpu": 3.0}))

    assert shares == {"a": {"cpu": 1.5}, "b": {"cpu": 1.5}}


cores = st.floats(0, 64)
declared = st.lists(st.tuples(cores, st.sampled_from(["main", "init", "sidecar"])), min_size=1, max_size=6)


@given(declared, cores)
def test_shares_sum_to_what_the_pod_reserves(containers, overhead):
    made = [
        cpu(f"c{i}", asked, init=kind != "main", sidecar=kind == "sidecar")
        for i, (asked, kind) in enumerate([*containers, (0.0, "main")])
    ]
    whole = pod(*made, overhead={"cpu": overhead})

    shared = sum(share["cpu"] for share in container_shares(whole).values())
    assert shared == pytest.approx(effective_requests(whole)["cpu"])


def test_whole_gpus_of_any_vendor_count_and_slices_do_not():
    assert gpus({"nvidia.com/gpu": 2.0, "amd.com/gpu": 1.0, "nvidia.com/mig-1g.5gb": 7.0, "cpu": 4.0}) == 3.0
