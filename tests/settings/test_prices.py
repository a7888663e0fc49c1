import pytest

from costkit.errors import UsageError
from costkit.model.money import OwnPrice
from costkit.settings.prices import load_prices

HEADER = "node,instance_type,provider_id,capacity_type,hourly\n"


@pytest.fixture
def own(tmp_path):
    def load(text):
        path = tmp_path / "prices.csv"
        path.write_text(text)
        return load_prices(None, path).own

    return load


@pytest.fixture
def lists(tmp_path):
    """The book under a user's rules folder with one price file."""

    def load(name, text):
        (tmp_path / "prices").mkdir(exist_ok=True)
        (tmp_path / "prices" / name).write_text(text)
        return load_prices(tmp_path, None)

    return load


def a_list(**keys):
    known = {"provider": "aws", "region": "eu-west-1", "date": "2026-09-01", "source": "mine", **keys}
    return "".join(f"{key}: {value}\n" for key, value in known.items())


def test_every_shipped_list_says_its_source_region_and_date():
    book = load_prices(None, None)

    assert {(p.provider, p.region, p.date) for p in book.lists} == {
        ("aws", "us-east-1", "2026-07-20"),
        ("gce", "us-central1", "2026-08-03"),
        ("azure", "eastus", "2026-06-18"),
    }
    assert all(p.source.endswith("list") for p in book.lists)
    assert (book.own, book.own_source) == ((), "")


def test_the_shipped_unit_prices_are_a_month_of_730_hours():
    unit = load_prices(None, None).unit

    assert unit.load_balancer * 730 == pytest.approx(18.25)
    assert unit.storage * 730 == pytest.approx(0.04)
    assert (unit.cpu, unit.memory, unit.gpu) == (0.031611, 0.004237, 0.95)
    assert (unit.spot_cpu, unit.spot_memory) == (0.006655, 0.000892)


def test_spot_is_assumed_where_a_list_has_no_spot_price():
    shares = {p.provider: p.spot_share for p in load_prices(None, None).lists}

    assert shares == {"aws": 0.4, "azure": 0.4, "gce": None}


def test_a_users_file_of_a_shipped_name_replaces_that_one(lists):
    book = lists("aws.yaml", a_list())

    assert {(p.provider, p.region) for p in book.lists} == {
        ("aws", "eu-west-1"),
        ("gce", "us-central1"),
        ("azure", "eastus"),
    }


def test_a_users_file_of_another_name_is_one_list_more(lists):
    book = lists("aws-eu.yaml", a_list(families="[{gib-per-vcpu: 4, per-vcpu: {m5: 0.0535}}]"))

    assert [p.region for p in book.lists if p.provider == "aws"] == ["eu-west-1", "us-east-1"]


def test_a_discount_is_for_a_family_or_for_the_name_before_its_dash(lists):
    families = "[{gib-per-vcpu: 4, per-vcpu: {n2-standard: 0.05, n2-highmem: 0.06, m5: 0.048}}]"
    book = lists("own.yaml", a_list(families=families, **{"spot-discounts": "{n2: 50%, n2-highmem: 60%}"}))

    found = next(p for p in book.lists if p.source == "mine").families
    assert {name: f.spot_discount for name, f in found.items()} == {"n2-standard": 0.5, "n2-highmem": 0.6, "m5": None}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"types": "{m5.large: -1}"}, "types.m5.large is -1.0"),
        ({"spot-types": "{m5.large: .nan}"}, "spot-types.m5.large is nan"),
        ({"families": "[{gib-per-vcpu: 4, per-vcpu: {m5: .inf}}]"}, "families.per-vcpu.m5 is inf"),
        ({"spot-share": "140%"}, "spot-share is '140%'"),
        ({"spot-discounts": "{m5: 40}", "families": "[{gib-per-vcpu: 4, per-vcpu: {m5: 1}}]"}, "spot-discounts.m5"),
        ({"typs": "{}"}, "unknown key 'typs'"),
        ({"date": "July"}, "date"),
        ({"disks": "{provisioners: [a], default: gp3, per-gib: {gp2: 0.1}}"}, "disks.default 'gp3' has no price"),
    ],
)
def test_a_list_that_cannot_be_followed_is_refused(lists, keys, message):
    with pytest.raises(UsageError, match=r"own\.yaml") as raised:
        lists("own.yaml", a_list(**keys))
    assert message in raised.value.message


def test_a_users_unit_prices_replace_the_shipped_ones(lists):
    prices = "cpu: 0.02\nmemory: 0.003\ngpu: 1\nspot-cpu: 0\nspot-memory: 0\nstorage: 0\nload-balancer: 0\n"
    unit = lists("unit.yaml", "source: our hardware\ndate: 2026-01-31\n" + prices).unit

    assert (unit.cpu, unit.gpu, unit.source, unit.date) == (0.02, 1.0, "our hardware", "2026-01-31")


def test_each_line_of_the_users_prices_matches_by_the_column_that_is_filled(own):
    found = own(HEADER + "n1,,,,0.2\n,m5.large,,spot,0.03\n,,aws:///a/i-1,on-demand,0\n")

    assert found == (
        OwnPrice("node", "n1", "", 0.2),
        OwnPrice("instance_type", "m5.large", "spot", 0.03),
        OwnPrice("provider_id", "aws:///a/i-1", "on-demand", 0.0),
    )


def test_columns_may_be_left_out_and_come_in_any_order(own):
    assert own("hourly,instance_type\n0.1,m5.large\n") == (OwnPrice("instance_type", "m5.large", "", 0.1),)


def test_a_byte_order_mark_from_a_spreadsheet_is_no_part_of_the_first_column(own):
    assert own("\ufeffnode,hourly\nn1,0.1\n") == (OwnPrice("node", "n1", "", 0.1),)


def test_the_users_file_is_named_as_the_source(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(HEADER)

    assert load_prices(None, path).own_source == str(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("n1,,,,-0.1", "hourly is '-0.1'"),
        ("n1,,,,nan", "hourly is 'nan'"),
        ("n1,,,,inf", "hourly is 'inf'"),
        ("n1,,,,free", "hourly is 'free'"),
        ("n1,,,,", "hourly is ''"),
        ("n1,m5.large,,,1", "2 of node, instance_type, provider_id are filled"),
        (",,,spot,1", "0 of node, instance_type, provider_id are filled"),
        ("n1,,,SPOT,1", "capacity_type is 'SPOT'"),
        ("n1,,1", "not as many cells as columns"),
        ("n1,,,,1,2", "not as many cells as columns"),
        ("n0,,,,2", "a second price for n0"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(own, line, message):
    with pytest.raises(UsageError) as raised:
        own(HEADER + "n0,,,,1\n" + line + "\n")
    assert "prices.csv line 3: " in raised.value.message
    assert message in raised.value.message


@pytest.mark.parametrize("header", ["", "node,price\n", "hourly\n", "node,hourly,currency\n"])
def test_other_columns_are_refused(own, header):
    with pytest.raises(UsageError, match="line 1: the columns are") as raised:
        own(header + "n1,1\n")
    assert raised.value.hint == "columns: node,instance_type,provider_id,capacity_type,hourly"


def test_a_price_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"absent\.csv"):
        load_prices(None, tmp_path / "absent.csv")
