"""Every price fact prices a node of that type."""

import pytest

from costkit.price.machine import of_node
from costkit.price.quotes import price_of
from tests.price import facts_of_prices
from tests.price.clusters import BOOK, node


def price(instance_type, region, **fields):
    return price_of(of_node(node(instance_type=instance_type, region=region, **fields)), None, BOOK)


@pytest.mark.parametrize(("instance_type", "hourly"), facts_of_prices.aws())
def test_an_aws_type_costs_what_its_table_says(instance_type, hourly):
    found = price(instance_type, "us-east-1", provider_id="aws:///us-east-1a/i-0")

    assert (found.hourly, found.known) == (pytest.approx(hourly), True)
    assert (found.source.name, found.source.date, found.source.note) == ("AWS on-demand list", "2026-07-20", "")


@pytest.mark.parametrize(("instance_type", "hourly", "spot"), facts_of_prices.gcp())
def test_a_gcp_type_costs_what_its_table_says_on_demand_and_as_spot(instance_type, hourly, spot):
    on_demand = price(instance_type, "us-central1", provider_id="gce://p/us-central1-a/n1")
    as_spot = price(instance_type, "us-central1", provider_id="gce://p/us-central1-a/n1", capacity_type="spot")

    assert (on_demand.hourly, on_demand.known) == (pytest.approx(hourly), True)
    assert (as_spot.hourly, as_spot.known, as_spot.source.note) == (pytest.approx(spot), True, "")


@pytest.mark.parametrize(("instance_type", "hourly"), facts_of_prices.azure())
def test_an_azure_type_costs_what_its_table_says(instance_type, hourly):
    found = price(instance_type, "eastus", provider_id="azure:///subscriptions/s")

    assert (found.hourly, found.known) == (pytest.approx(hourly), True)


def test_a_price_goes_with_the_size_within_a_family():
    prices = [price(f"m5.{size}", "us-east-1").hourly for size in ("large", "xlarge", "2xlarge", "24xlarge")]

    assert prices == pytest.approx([0.096, 0.192, 0.384, 4.608])


def test_burstable_types_double_with_every_size():
    sizes = ("nano", "micro", "small", "medium", "large", "xlarge", "2xlarge")
    for family in ("t3", "t3a", "t4g"):
        prices = [price(f"{family}.{size}", "us-east-1").hourly for size in sizes]
        assert prices == pytest.approx([prices[0] * 2**i for i in range(7)])
