import math
from dataclasses import replace

import pytest

from costkit.model.money import FamilyPrice, OwnPrice, PriceList
from costkit.model.quantities import GIBIBYTE
from costkit.price.machine import of_node
from costkit.price.quotes import price_of
from tests.price.clusters import BOOK, node


def price(metric=None, book=BOOK, **fields):
    return price_of(of_node(node(**fields)), metric, book)


def own(*prices):
    return replace(BOOK, own=tuple(OwnPrice(*p) for p in prices), own_source="prices.csv")


def gpu_offer(gpus):
    return {"cpu": 4.0, "memory": 16.0 * GIBIBYTE, "nvidia.com/gpu": float(gpus)}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"instance_type": "g4dn.12xlarge", "capacity": gpu_offer(4)},
        {"instance_type": "", "capacity": gpu_offer(2), "capacity_type": "spot"},
        {"instance_type": "n2-highmem-4", "capacity_type": "spot"},
    ],
)
def test_cores_gib_and_gpus_at_their_prices_are_the_node_price(fields):
    machine = of_node(node(**fields))
    found = price_of(machine, None, BOOK)

    whole = machine.cores * found.cpu + machine.gib * found.memory + machine.gpus * found.gpu
    assert found.hourly == pytest.approx(whole, rel=1e-12)
    assert found.hourly > 0


def test_a_node_is_split_in_the_ratio_of_the_unit_prices():
    found = price()

    assert found.cpu == pytest.approx(0.03125, abs=2e-5)
    assert found.memory == pytest.approx(0.00419, abs=1e-5)
    assert found.gpu == 0


def test_a_gpu_node_of_no_known_type_is_priced_in_gib_and_not_in_bytes():
    found = price(instance_type="", capacity=gpu_offer(1))

    assert found.hourly == pytest.approx(4 * 0.031611 + 16 * 0.004237 + 0.95)
    assert not found.known


def test_a_type_in_no_list_is_flagged_and_named():
    found = price(instance_type="x9.large")

    assert not found.known
    assert (found.source.name, found.source.note) == ("unit prices", "type x9.large is in no list")
    assert found.hourly == pytest.approx(4 * 0.031611 + 16 * 0.004237)


def test_a_spot_node_of_no_known_type_takes_the_spot_unit_prices_and_says_that_gpus_have_none():
    found = price(instance_type="", capacity=gpu_offer(1), capacity_type="spot")

    assert found.hourly == pytest.approx(4 * 0.006655 + 16 * 0.000892 + 0.95)
    assert "GPUs at the on-demand price" in found.source.note


def test_aws_spot_is_at_the_stated_share_and_says_so():
    found = price(capacity_type="spot")

    assert found.hourly == pytest.approx(0.192 * 0.4)
    assert found.source.note == "spot assumed at 40% of on-demand"
    assert found.known


def test_spot_without_share_or_discount_is_at_the_on_demand_price_and_flagged():
    lists = (PriceList("aws", "us-east-1", "", families={"m5": FamilyPrice(0.048, 4)}),)
    found = price(capacity_type="spot", book=replace(BOOK, lists=lists))

    assert (found.hourly, found.known) == (pytest.approx(0.192), False)
    assert found.source.note == "no spot price: on-demand price"


def test_a_region_outside_the_list_is_priced_and_named():
    found = price(region="eu-west-1")

    assert (found.hourly, found.known) == (pytest.approx(0.192), True)
    assert (found.source.region, found.source.note) == ("us-east-1", "us-east-1 price")


def test_the_list_of_the_region_goes_before_another_regions():
    here = PriceList("aws", "eu-west-1", "2026-09-01", families={"m5": FamilyPrice(0.0535, 4)})
    found = price(region="eu-west-1", book=replace(BOOK, lists=(*BOOK.lists, here)))

    assert (found.hourly, found.source.region, found.source.note) == (pytest.approx(0.214), "eu-west-1", "")


def test_a_known_providers_node_is_never_priced_by_another_providers_list():
    found = price(provider_id="gce://p/z/n")

    assert not found.known
    assert found.source.name == "unit prices"


def test_a_type_name_on_a_foreign_provider_is_flagged():
    found = price(provider_id="openstack:///1")

    assert (found.hourly, found.known) == (pytest.approx(0.192), False)
    assert found.source.note == "type read as one of aws, provider is openstack"


def test_a_metal_type_is_priced_by_the_cores_of_the_machine():
    found = price(instance_type="m5.metal", capacity={"cpu": 96.0, "memory": 384.0 * GIBIBYTE})

    assert found.hourly == pytest.approx(96 * 0.048)


def test_gpus_attached_to_a_type_without_any_are_not_free():
    found = price(instance_type="n1-standard-4", region="us-central1", capacity=gpu_offer(1))

    assert found.hourly == pytest.approx(4 * 0.0475 + 0.95)
    assert (found.known, found.source.note) == (False, "attached GPUs at the unit price")


def test_a_metric_goes_before_the_list():
    found = price(metric=0.111)

    assert (found.hourly, found.source.name, found.known) == (0.111, "metrics", True)


@pytest.mark.parametrize("metric", [72_800_000.0, 0.0067])
def test_a_metric_that_no_discount_explains_is_not_believed(metric):
    found = price(metric=metric)

    assert found.hourly == pytest.approx(0.192)
    assert found.source.note.endswith("is not believed")


@pytest.mark.parametrize("metric", [0.0, -1.0, math.nan])
def test_a_metric_without_a_price_is_no_price(metric):
    assert price(metric=metric).source.name == "AWS on-demand list"


def test_the_users_price_goes_before_all():
    found = price(metric=0.111, book=own(("instance_type", "m5.xlarge", "", 0.15)))

    assert (found.hourly, found.source.name, found.known) == (0.15, "prices.csv", True)


def test_of_the_users_prices_the_closest_counts():
    book = own(
        ("instance_type", "m5.xlarge", "", 0.10),
        ("instance_type", "m5.xlarge", "spot", 0.05),
        ("node", "n7", "", 0.20),
        ("provider_id", "aws:///z/i-7", "", 0.30),
    )

    assert price(book=book).hourly == 0.10
    assert price(book=book, capacity_type="spot").hourly == 0.05
    assert price(book=book, name="n7").hourly == 0.20
    assert price(book=book, name="n7", provider_id="aws:///z/i-7").hourly == 0.30


def test_a_users_price_for_spot_does_not_price_on_demand_nodes():
    assert price(book=own(("instance_type", "m5.xlarge", "spot", 0.05))).hourly == pytest.approx(0.192)
