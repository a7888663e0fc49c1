import pytest

from costkit.model import usage
from costkit.model.quantities import GIBIBYTE
from costkit.model.window import DAY, Window
from costkit.price.nodes import node_costs
from tests.price.clusters import ALL_DAY, BOOK, START, TWO_DAYS, node, row, snapshot


def costs(rows, nodes=(), window=TWO_DAYS):
    return node_costs(usage.frame("nodes", rows), snapshot(nodes=nodes).cluster, BOOK, window)


def test_a_node_that_was_there_all_the_time_costs_a_month():
    month = costs([row(day=0), row(day=1)])

    assert [n.monthly for n in month.nodes] == [pytest.approx(0.192 * 730)]
    assert (month.basis, month.hours) == ("node-hours", 48.0)


def test_a_gone_node_costs_the_hours_that_it_was_there():
    two_hours = 0b1111
    month = costs([row(day=0), row(day=1), row("gone", day=0, half_hours=two_hours)], nodes=[node("n1")])

    assert {n.name: n.hours for n in month.nodes} == {"n1": 48.0, "gone": 2.0}
    assert {n.name: n.monthly for n in month.nodes}["gone"] == pytest.approx(0.192 * 2 * 730 / 48, abs=0.01)


def test_a_night_fleet_is_not_taken_for_a_month():
    """At 02:00 one node is left of the day's three."""
    day = ALL_DAY >> 24
    rows = [row("a"), row("b", half_hours=day), row("c", half_hours=day)]
    month = costs(rows, nodes=[node("a")], window=Window(START, START + DAY))

    assert sum(n.monthly for n in month.nodes) == pytest.approx(0.192 * 730 * 2, abs=0.01)


def test_hours_in_which_no_node_was_seen_do_not_make_a_month_cheaper():
    month = costs([row(day=1)])

    assert month.hours == 24.0
    assert month.nodes[0].monthly == pytest.approx(0.192 * 730)


def test_half_hours_outside_the_window_do_not_count():
    month = costs([row(day=0), row(day=1)], window=Window(START + DAY, START + DAY + 6 * 3600))

    assert (month.hours, month.nodes[0].hours) == (6.0, 6.0)


def test_without_history_the_living_nodes_are_priced_and_the_basis_says_so():
    month = costs([], nodes=[node("a"), node("b")])

    assert (month.basis, month.hours) == ("now", 0.0)
    assert [n.monthly for n in month.nodes] == pytest.approx([0.192 * 730] * 2)


def test_without_nodes_and_history_nothing_is_claimed():
    month = costs([])

    assert (month.nodes, month.basis) == ((), "now")


def test_a_name_that_comes_back_with_another_type_is_priced_by_both():
    month = costs([row(day=0), row(day=1, instance_type="m5.2xlarge")])

    assert [(n.instance_type, n.hours) for n in month.nodes] == [("m5.2xlarge", 24.0), ("m5.xlarge", 24.0)]


def test_a_price_metric_is_averaged_over_its_hours_and_a_day_without_one_does_not_move_it():
    half_day = (1 << 24) - 1
    month = costs([row(day=0, price=0.10), row(day=1, half_hours=half_day, price=0.16)])
    gap = costs([row(day=0, price=0.10), row(day=1)])

    assert month.nodes[0].price.hourly == pytest.approx(0.12)
    assert gap.nodes[0].price.hourly == pytest.approx(0.10)


def test_the_size_of_a_gone_node_is_its_familys():
    """What it offered pods is less than the machine: a price split over that would not be its price a core."""
    gone = row("gone", allocatable_cpu=3.92, allocatable_memory=14.0 * GIBIBYTE)
    found = costs([gone]).nodes[0]

    assert (found.cores, found.gib) == (4.0, 16.0)


def test_the_size_of_a_gone_node_is_that_of_a_living_one_of_its_type():
    living = node("n1", capacity={"cpu": 4.0, "memory": 15.5 * GIBIBYTE})
    found = costs([row("gone")], nodes=[living]).nodes[0]

    assert (found.cores, found.gib) == (4.0, 15.5)


def test_the_size_of_a_gone_node_of_no_known_type_is_what_it_offered():
    found = costs([row("gone", instance_type="", allocatable_gpu=2.0)]).nodes[0]

    assert (found.cores, found.gib, found.gpus, found.price.known) == (4.0, 16.0, 2.0, False)
    assert found.node_class == "4-core/on-demand"


def test_columns_without_a_value_are_no_fault():
    bare = {"day": START, "name": "n1", "half_hours": ALL_DAY}
    found = costs([bare], nodes=[node("n1")]).nodes[0]

    assert (found.monthly, found.capacity_type) == (0.0, "on-demand")
