"""What holds for every container, whatever it uses and asks for."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from costkit.model.facts import OomKill
from costkit.model.policy import CPU_GRID, MEMORY_GRID
from costkit.model.quantities import parse
from costkit.model.recommendation import Recommendation
from costkit.recommend.rightsize.grid import ceil_to, step_at
from tests.recommend.cases import API, MIB, facts, finding, policies, profile, sized

CORES = st.integers(1, 40_000).map(lambda m: m / 1000)
SIZES = st.integers(1, 200_000).map(lambda m: m * MIB)
KILLED_AT = st.none() | SIZES
RULES = st.sampled_from(["keep-ratio", "keep", "equal", "none"])


@st.composite
def containers(draw, killed_at=KILLED_AT):
    requests, limits = {}, {}
    for name, sizes in (("cpu", CORES), ("memory", SIZES)):
        request, limit = draw(st.none() | sizes), draw(st.none() | sizes)
        if request is not None:
            requests[name] = request if limit is None else min(request, limit)
        if limit is not None:
            limits[name] = limit
    kills = tuple(OomKill(0.0, "p", limit) for limit in draw(st.lists(killed_at, max_size=1)))
    cpu, memory = (profile(draw(use), name) for name, use in (("cpu", CORES), ("memory", SIZES)))
    throttled = draw(st.sampled_from([0.0, 0.2]))
    return facts(cpu, memory, requests, limits, oom_kills=kills, throttled=throttled)


@settings(max_examples=200, deadline=None)
@given(containers(), RULES)
def test_a_new_size_is_above_the_floor_below_its_limit_and_on_the_grid(of, rule):
    found = finding(of, policies({"limit": rule}, {"limit": rule}))
    if not isinstance(found, Recommendation):
        return
    (change,) = found.changes
    for name, floor, grid in (("cpu", 0.01, CPU_GRID), ("memory", 32 * MIB, MEMORY_GRID)):
        request, limit = (getattr(change.after, f"{name}_{kind}") for kind in ("request", "limit"))
        if request != getattr(change.before, f"{name}_request"):
            assert request >= floor
            assert request == ceil_to(request, grid)
        if request is not None and limit is not None:
            assert request <= limit


@settings(max_examples=200, deadline=None)
@given(containers())
def test_a_limit_is_raised_only_with_its_request_where_nothing_presses(of):
    found = finding(replace(of, throttled=0.0, oom_kills=()))
    if isinstance(found, Recommendation):
        before, after = found.changes[0].before, found.changes[0].after
        for name in ("cpu", "memory"):
            old, new = (getattr(r, f"{name}_limit") for r in (before, after))
            near = name == "memory" and old is not None and of.memory.peak >= 0.9 * old
            if old is not None and new is not None and new > old and not near:
                assert getattr(after, f"{name}_request") > (getattr(before, f"{name}_request") or 0.0)


@settings(max_examples=100, deadline=None)
@given(containers())
def test_the_same_facts_give_the_same_finding(of):
    assert finding(of) == finding(of)


@settings(max_examples=100, deadline=None)
@given(containers(), CORES)
def test_the_id_does_not_hang_on_the_numbers(of, cores):
    one, other = finding(of), finding(replace(of, requests={**of.requests, "cpu": cores}, limits={}))
    if isinstance(one, Recommendation) and isinstance(other, Recommendation):
        assert one.id == other.id


@settings(max_examples=100, deadline=None)
@given(containers())
def test_a_new_size_is_written_as_a_quantity_that_reads_back(of):
    found = finding(of)
    if isinstance(found, Recommendation):
        for kind, amounts in found.changes[0].after.quantities().items():
            for name, text in amounts.items():
                value = getattr(found.changes[0].after, f"{name}_{kind.removesuffix('s')}")
                assert (text is None) is (value is None)
                assert text is None or parse(text) == value


@settings(max_examples=100, deadline=None)
@given(containers(killed_at=SIZES))
def test_what_was_taken_up_is_left_alone_on_the_next_night(of):
    after = sized(of)
    requests = {n: v for n, v in (("cpu", after.cpu_request), ("memory", after.memory_request)) if v is not None}
    limits = {n: v for n, v in (("cpu", after.cpu_limit), ("memory", after.memory_limit)) if v is not None}
    held = of.limits.get("cpu", 0.0) if of.throttled else 0.0
    again = sized(replace(of, requests=requests, limits=limits, throttled=0.0, throttled_at=held))
    assert (again.cpu_request, again.memory_request) == (after.cpu_request, after.memory_request)


@given(st.floats(1e-3, 1e3))
def test_the_grid_rounds_up_by_less_than_a_step(value):
    rounded = ceil_to(value, CPU_GRID)
    assert value * (1 - 1e-5) - 1e-6 <= rounded < value + step_at(value, CPU_GRID)


def test_kinds_and_containers_have_ids_of_their_own():
    ids = {
        finding(facts(target=target)).id
        for target in (API, API.of("other"), replace(API, namespace="bank"), replace(API, kind="StatefulSet"))
    }
    assert len(ids) == 4


def test_an_id_does_not_change_with_the_version_of_an_api():
    assert finding(facts(target=replace(API, api_version="apps/v1beta2"))).id == finding(facts()).id


def test_an_id_of_one_container_is_not_anothers_by_accident_of_concatenation():
    one, other = replace(API, name="a", container="bc"), replace(API, name="ab", container="c")
    assert finding(facts(target=one)).id != finding(facts(target=other)).id
