"""What is refused for its size is asked for in halves; what cannot be had is kept account of."""

import re

import numpy as np
import pytest

from costkit.collect import fetch
from costkit.collect.earlier import Earlier
from costkit.collect.fetch import Fetcher, Shard
from costkit.collect.matrix import Span
from costkit.collect.pieces import Piece, split_pods
from costkit.collect.queries import CPU, POD_NAMES, REPLICAS, Query
from costkit.collect.reading import Reading
from costkit.collect.spelling import Spelling
from costkit.connect.answers import Answer, Series
from costkit.connect.prometheus import QueryRefusedError
from costkit.model.window import DAY, STEP, STEPS
from tests.collect.days import MIDNIGHT

PODS = {"big": [f"job-{i:04d}" for i in range(100)], "small": ["a", "b"]}
TODAY = Span(MIDNIGHT, MIDNIGHT + DAY)
EVERY = Piece({namespace: len(pods) for namespace, pods in PODS.items()})


class Server:
    """A stand-in for Prometheus: every pod has one container; a query may bring so many samples and no more."""

    def __init__(self, most=10**9, always=(), warnings=()):
        self.most, self.always, self.warnings = most, always, warnings
        self.asked = []

    def range(self, expression, start, end, step):
        self.asked.append(expression)
        times = np.arange(start, end + 1, step)
        series = [self._series(namespace, pod, times) for namespace, pod in self._matched(expression)]
        if len(series) * len(times) > self.most or any(word in expression for word in self.always):
            raise QueryRefusedError("it would load too many samples", "ask for less", too_big=True)
        return Answer(tuple(series), self.warnings)

    def instant(self, expression, at):
        self.asked.append(expression)
        found = self._matched(expression)
        return Answer(tuple(Series({"namespace": n, "pod": p}, value=(at, 1.0)) for n, p in found), ())

    def _series(self, namespace, pod, times):
        labels = {"namespace": namespace, "pod": pod, "container": "main"}
        return Series(labels, times, np.full(len(times), float(len(pod))))

    def _matched(self, expression):
        """By the matchers in it, as PromQL has them: anchored."""
        spaces, pods = (re.search(rf'{name}=~"((?:[^"\\]|\\.)*)"', expression) for name in ("namespace", "pod"))
        for namespace, names in PODS.items():
            for pod in names:
                inside = re.fullmatch(_unquoted(spaces), namespace) and re.fullmatch(_unquoted(pods), pod)
                if inside:
                    yield namespace, pod


def _unquoted(match):
    return match[1].replace("\\\\", "\\") if match else ".*"


def fetcher(server, **how):
    names = frozenset({CPU.needs, POD_NAMES.needs, *(one.needs for asked in REPLICAS.values() for one in asked)})
    return Fetcher(server, (), Spelling(names), STEP, **how)


def reading(server, shard=None, **how):
    return Reading(fetcher(server, **how), TODAY, shard or Shard(EVERY), Earlier(None, MIDNIGHT, ""))


def pods(matrix):
    return {(key[0], key[1]) for key in matrix.keys}


ALL = {(namespace, pod) for namespace, names in PODS.items() for pod in names}


def test_what_is_given_whole_is_one_query():
    server = Server()
    found = reading(server).matrices([CPU])["cpu"]
    assert (pods(found), len(server.asked)) == (ALL, 1)


@pytest.mark.parametrize("most", [60 * STEPS, 30 * STEPS, 9 * STEPS])
def test_what_is_refused_for_its_size_comes_in_halves_and_is_the_same(most):
    one = reading(Server(most))
    found, whole = one.matrices([CPU])["cpu"], reading(Server()).matrices([CPU])["cpu"]
    assert found.keys == whole.keys
    np.testing.assert_array_equal(found.values, whole.values)
    assert one.account().is_whole


def test_a_huge_namespace_is_asked_for_in_parts_from_the_start():
    server = Server(30 * STEPS)
    shard = Shard(Piece({"big": 100}), tuple(split_pods("big", PODS["big"], 30)))
    found = reading(server, shard).matrices([CPU])["cpu"]
    assert len(pods(found)) == 100
    assert len(server.asked) == len(shard.pieces)


def test_what_is_refused_however_small_is_said_and_what_else_there_is_stays():
    one = reading(Server(most=9 * STEPS, always=("-005",)))
    found = one.matrices([CPU])["cpu"]
    assert ("small", "a") in pods(found)
    assert one.account().refused == {"cpu": "it would load too many samples"}
    assert not one.account().is_whole


def test_after_a_piece_at_the_floor_was_refused_nothing_more_is_halved():
    server = Server(always=("rate",))
    one = reading(server)
    assert one.matrices([CPU])["cpu"].keys == ()
    first = len(server.asked)
    again = Reading(one.fetcher, TODAY, Shard(EVERY), Earlier(None, MIDNIGHT, ""))
    again.matrices([CPU])
    assert len(server.asked) == first + 1
    assert first < 30


def test_a_query_that_only_stalls_is_given_up_and_others_are_not(monkeypatch):
    now = iter(range(0, 10**6, 200))
    monkeypatch.setattr(fetch, "monotonic", lambda: float(next(now)))
    server = Server(always=("rate",))
    one = reading(server)
    one.matrices([CPU])
    asked = [e for e in server.asked if "rate" in e]
    assert len(asked) == 2
    assert one.matrices([POD_NAMES])["pod_names"].keys
    late = Reading(one.fetcher, TODAY, Shard(EVERY), Earlier(None, MIDNIGHT, ""))
    late.matrices([CPU])
    assert len([e for e in server.asked if "rate" in e]) == 2
    assert "given up" in late.account().refused["cpu"]


def test_later_pieces_of_the_day_are_no_larger_than_what_was_given_after_a_refusal():
    one = reading(Server(30 * STEPS))
    one.matrices([CPU])
    assert one.fetcher.most_pods <= 30
    one.fetcher.new_day()
    assert one.fetcher.most_pods > 100


def test_a_refusal_that_is_not_for_the_size_makes_no_later_piece_smaller():
    one = reading(Server(always=("rate",)))
    before = one.fetcher.most_pods
    one.matrices([CPU])
    assert one.fetcher.most_pods == before


def test_a_refusal_of_another_kind_leaves_the_halving_of_others_to_themselves():
    one = reading(Server(30 * STEPS))
    one.fetcher.refused_at_floor(POD_NAMES)
    assert len(pods(one.matrices([CPU])["cpu"])) == len(ALL)


def test_a_bound_that_is_given_bounds_the_pieces():
    """At two containers a pod, and five samples read for each of the day's steps."""
    assert fetcher(Server(), most=20 * STEPS * 5).most_pods == 10


def test_a_query_without_pods_is_halved_by_time():
    desired = REPLICAS["Deployment"][0]
    server = Server(most=102 * 24)
    reading(server, Shard(Piece({"big": 100, "small": 2}))).matrices([desired])
    assert len(server.asked) >= 2


def test_warnings_are_kept_and_make_the_reading_partial():
    one = reading(Server(warnings=("store a is away",)))
    one.matrices([CPU])
    assert one.account().warned == {"cpu": "store a is away"}
    assert not one.account().is_whole


def test_what_the_server_has_no_metric_for_is_absent_and_not_asked():
    server = Server()
    one = reading(server)
    gpu = Query("gpu", "DCGM_FI_DEV_GPU_UTIL", "x", ("namespace",), "steps")
    assert one.matrices([gpu])["gpu"].keys == ()
    assert (one.account().absent, server.asked) == (frozenset({"gpu"}), [])
