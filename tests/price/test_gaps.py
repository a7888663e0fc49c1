"""What is charged where history has gaps: pods and nodes go by the same hours."""

from dataclasses import replace

import pytest

from costkit.analyze.facts import study
from costkit.model.listed import Present
from costkit.price.allocate import allocate
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage
from tests.price.clusters import BOOK, M5, START, TWO_DAYS, node, pod, row, snapshot

HALF_A_DAY = (1 << 24) - 1


def books(observed):
    return allocate(observed, study(observed, ()), BOOK).books


def test_idle_money_stays_where_prometheus_was_down_for_half_of_each_day():
    """$0.00 of idle was told, and twice the cost of the container."""
    assert MIDNIGHT == START
    halves = [samples((series(node_class=M5), flat(1.0, 0, 144)), day=day) for day in (0, 1)]
    observed = snapshot([row(day=0, half_hours=HALF_A_DAY), row(day=1, half_hours=HALF_A_DAY)], pods=[pod()])
    observed = replace(observed, frames=replace(observed.frames, usage=usage(*halves)))

    found = books(observed)

    assert found.allocations[0].target == API
    assert found.allocations[0].monthly == pytest.approx(140.16 / 4)
    assert found.idle == pytest.approx(140.16 * 3 / 4)


def test_a_pod_that_nobody_sampled_is_charged_since_it_started():
    young = pod(start=TWO_DAYS.end - 3600)
    observed = snapshot([row(day=0), row(day=1)], nodes=[node("n1")], pods=[young])

    assert books(observed).allocations[0].monthly == pytest.approx(140.16 / 4 / 48, abs=0.01)


def test_a_pod_that_nobody_sampled_is_not_scaled_beyond_the_hours_that_nodes_were_seen():
    observed = snapshot([row(day=1)], nodes=[node("n1")], pods=[pod(start=START)])

    assert books(observed).allocations[0].monthly == pytest.approx(140.16 / 4)
    unread = replace(observed, cluster=replace(observed.cluster, pods=Present(())))
    assert books(unread).allocations == ()
