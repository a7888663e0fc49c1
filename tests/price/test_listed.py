"""A price book as rows, and prices that are ten times off."""

import pytest

from costkit.model.cluster import Cluster
from costkit.model.listed import Present
from costkit.model.money import FamilyPrice, OwnPrice, PriceBook, PriceList
from costkit.model.nodes import Node
from costkit.model.pods import Meta
from costkit.price.checkup import price_check, price_kind, priced_nodes
from costkit.price.listed import Asked, PriceRow, far_off, price_rows
from costkit.price.slips import own_slip, slips
from costkit.settings.prices import load_prices

AWS = PriceList(
    "aws", "us-east-1", "2026-01-01", "list", {"m5": FamilyPrice(0.05, 4.0)}, {"t3.nano": 0.005}, spot_share=0.4
)
GCE = PriceList("gce", "us-central1", "2026-01-02", "other", {"n2-standard": FamilyPrice(0.04, 4.0, 0.6)})


def book(*own, lists=(AWS, GCE)):
    return PriceBook(own, lists, load_prices(None, None).unit, "own.csv" if own else "")


def rows(*own, **asked):
    return [(row.type, row.per, row.capacity_type, row.hourly) for row in price_rows(book(*own), Asked(**asked))]


def test_families_are_given_by_the_vcpu_and_types_by_the_node():
    assert rows(provider="aws") == [
        ("m5", "vCPU", "on-demand", 0.05),
        ("m5", "vCPU", "spot", 0.02),
        ("t3.nano", "node", "on-demand", 0.005),
        ("t3.nano", "node", "spot", 0.002),
    ]


def test_a_type_that_only_its_family_prices_is_given_when_it_is_asked_for():
    assert rows(type="m5.2xlarge") == [("m5.2xlarge", "node", "on-demand", 0.4), ("m5.2xlarge", "node", "spot", 0.16)]
    assert rows(type="n2-standard-8", provider="gce")[1] == ("n2-standard-8", "node", "spot", pytest.approx(0.128))


def test_globs_regions_and_providers_choose_rows():
    assert {row[0] for row in rows(type="t3*")} == {"t3.nano"}
    assert {row[0] for row in rows(region="us-central1")} == {"n2-standard"}
    assert rows(provider="azure") == []
    assert rows(type="m5.metal") == []  # its name does not say how many vCPUs it has


def test_the_users_own_come_first_and_say_where_from():
    first = next(price_rows(book(OwnPrice("node", "edge-1", "", 0.3)), Asked()))

    assert first == PriceRow("edge-1", "node", "", 0.3, "own.csv")


def test_what_is_assumed_is_marked():
    notes = {row.type: row.note for row in price_rows(book(), Asked()) if row.capacity_type == "spot"}

    assert notes == {"m5": "assumed at 40% of on-demand", "t3.nano": "assumed at 40% of on-demand", "n2-standard": ""}


@pytest.mark.parametrize(
    ("value", "capacity_type", "hourly", "listed"),
    [
        ("m5.2xlarge", "", 0.3, None),
        ("m5.2xlarge", "", 292.0, 0.4),
        ("m5.2xlarge", "", 0.0004, 0.4),
        ("m5.2xlarge", "", 0.0, None),  # a node that costs nothing is a choice
        ("n2-standard-8", "spot", 2.0, pytest.approx(0.128)),
        ("x9.large", "", 292.0, None),
    ],
)
def test_a_price_ten_times_off_the_lists_is_told(value, capacity_type, hourly, listed):
    price = OwnPrice("instance_type", value, capacity_type, hourly)

    assert far_off(price, (AWS, GCE)) == listed
    assert (own_slip("own.csv line 2", price, (AWS, GCE)) is None) == (listed is None)


def test_only_types_are_compared():
    assert far_off(OwnPrice("node", "m5.2xlarge", "", 292.0), (AWS,)) is None


def test_a_list_of_ones_own_is_compared_type_by_type():
    mine = PriceList("aws", "eu-1", "2026-02-02", "mine", {"m5": FamilyPrice(5.0, 4.0)}, {"t3.nano": 0.006})

    assert [check.found for check in slips((mine, GCE), (AWS, GCE))] == [
        "$5 an hour for m5, which the shipped list has at $0.05"
    ]


def test_nodes_in_no_list_are_named_and_counted():
    nodes = tuple(
        Node(Meta(str(i)), {"cpu": 4.0, "memory": 2**34}, {"cpu": 4.0}, instance_type=kind, region="us-east-1")
        for i, kind in enumerate(("m5.xlarge", "x9.large", "x9.large"))
    )
    priced = priced_nodes(Cluster("c", "c", nodes=Present(nodes)), {}, book())

    check = price_check(priced, has_metrics=False)
    assert check.found == "2 of 3 nodes have none: 2 x x9.large"
    assert "x9.large,0.10" in check.fix
    assert price_kind(priced, book()) == "unit-price and list-price"

    told = priced_nodes(Cluster("c", "c", nodes=Present(nodes)), {"1": 0.2, "2": 0.2}, book())
    assert price_check(told, has_metrics=True).level == "ok"
    assert price_kind(told, book()) == "metric-price and list-price"


def test_without_nodes_metrics_may_still_tell_of_them():
    assert price_check([], has_metrics=True).stops == ()
    assert price_check([], has_metrics=False).stops == ("money",)
