"""The user's selector, and whose Prometheus it is."""

from dataclasses import dataclass
from typing import Any

import pytest

from costkit.collect.selector import check_nodes, matchers, rate_window
from costkit.connect.answers import Answer, Series
from costkit.errors import MetricsError, UsageError


@dataclass
class Told:
    """A Prometheus that knows nodes now and then, or how many scrapes an hour has."""

    now: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    scrapes: float = 0.0
    earlier_scrapes: float = 0.0
    label: str = "node"
    url: str = "http://prometheus"

    def instant(self, query, at):
        if "count_over_time" in query:
            scrapes = self.scrapes if at == NOW else self.earlier_scrapes
            return Answer((Series({}, value=(0.0, scrapes)),) if scrapes else (), ())
        return Answer(
            tuple(Series({"node": "own", self.label: name}) for name in (self.now if at is None else self.then)), ()
        )


def told(*now, then=(), **fields) -> Any:
    return Told(now, then, **fields)


NOW = 100 * 3600.0
NODES = [f"n{i}" for i in range(10)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("{}", ()),
        ('cluster="prod"', ('cluster="prod"',)),
        ('{cluster="prod", env=~"a|b"}', ('cluster="prod"', 'env=~"a|b"')),
        ('a!="1",b!~"2",', ('a!="1"', 'b!~"2"')),
        (' cluster = "p,r}o\\"d" ', ('cluster="p,r}o\\"d"',)),
    ],
)
def test_a_selector_is_read_to_its_matchers(text, found):
    assert matchers(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "cluster",
        "cluster=prod",
        "cluster='prod'",
        ',cluster="prod"',
        'cluster="prod"} or up{x="y"',
        'cluster="prod" or up',
        'cluster="prod',
        'cluster=="prod"',
        '1a="b"',
        'a="b" c="d"',
        'a="b\\"',
    ],
)
def test_what_is_no_selector_or_more_than_one_is_refused(text):
    with pytest.raises(UsageError, match="is not a list of matchers") as error:
        matchers(text)
    assert error.value.hint == 'write it as cluster="prod"'


def test_a_server_that_knows_the_clusters_nodes_is_the_right_one():
    assert check_nodes(told(*NODES), (), NODES, 0.0) == "10 of 10 nodes seen"
    assert check_nodes(told(*NODES[:9]), (), NODES, 0.0) == "9 of 10 nodes seen"


def test_a_server_that_knows_no_node_now_is_asked_of_then():
    assert check_nodes(told(then=NODES), (), NODES, 5.0) == "10 of 10 nodes seen"


def test_a_server_without_any_node_is_refused():
    with pytest.raises(MetricsError, match="knows no node under the selector"):
        check_nodes(told(), ('cluster="x"',), NODES, 0.0)


def test_another_clusters_server_is_refused():
    with pytest.raises(MetricsError, match="is another cluster's: it knows 8 of 10 nodes"):
        check_nodes(told(*NODES[:8]), (), NODES, 0.0)


def test_a_server_of_several_clusters_is_refused_with_a_foreign_node():
    with pytest.raises(MetricsError, match=r"holds several clusters: 5 of 15 .* \(one is x0\)"):
        check_nodes(told(*NODES, *(f"x{i}" for i in range(5))), (), NODES, 0.0)


def test_one_node_that_has_just_gone_is_no_other_cluster():
    assert check_nodes(told(*NODES, "gone"), (), NODES, 0.0) == "10 of 10 nodes seen"


@pytest.mark.parametrize(("scrapes", "seconds"), [(0.0, 300), (120.0, 300), (60.0, 300), (48.0, 300), (30.0, 480)])
def test_the_rate_is_wider_only_where_scrapes_are_far_apart(scrapes, seconds):
    assert rate_window(told(scrapes=scrapes), (), NOW) == seconds


def test_an_hour_that_was_scraped_in_part_is_no_slow_scrape():
    assert rate_window(told(scrapes=20.0, earlier_scrapes=60.0), (), NOW) == 300
    assert rate_window(told(earlier_scrapes=30.0), (), NOW) == 480


def test_a_node_that_is_told_of_is_not_the_one_that_what_tells_runs_on():
    assert check_nodes(told(*NODES, label="exported_node"), (), NODES, 0.0) == "10 of 10 nodes seen"
