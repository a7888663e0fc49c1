"""Nodes of a day, those that are gone included."""

import numpy as np

from costkit.collect.nodes import bits, classes_of, node_rows, told_until, volume_rows
from costkit.collect.queries import NODE_LABELS
from costkit.model.nodes import Node
from costkit.model.pods import Meta
from costkit.model.window import HALF_HOUR, HALF_HOURS
from tests.collect.days import MIDNIGHT, TODAY, answers, matrix

NAMES = ("node_labels", "node_allocatable", "node_price", "node_requested", "node_cpu", "node_memory", "node_seen")
LIVING = {"n1": Node(Meta("n1"), {}, {"cpu": 4.0, "memory": 16e9, "pods": 110.0}, "m5.xlarge", "spot", "r", "z", "p")}


def half_hours(rows):
    return matrix(rows, HALF_HOURS)


def labels(**known):
    return tuple(known.get(name.replace("label_", ""), "") for name in NODE_LABELS)


GONE = matrix({("n2", *labels(node_kubernetes_io_instance_type="c5.large", karpenter_sh_capacity_type="spot")): 1.0})
OFFERED = matrix({("n2", "cpu"): 2.0, ("n2", "memory"): 4e9, ("n2", "nvidia_com_gpu"): 1.0, ("n2", "pods"): 29.0})


def rows(living=None, **told):
    return node_rows(answers(NAMES, **told), TODAY, LIVING if living is None else living)


def test_presence_is_a_bit_for_each_half_hour_the_first_one_lowest():
    assert bits(np.array([True, False, True] + [False] * 45)) == 0b101
    (row,) = rows(node_seen=half_hours({("n1",): [1, np.nan, 1]}))
    assert row["half_hours"] == 0b101


def test_a_living_node_is_what_the_api_says():
    (row,) = rows(node_seen=half_hours({("n1",): [1]}), node_labels=GONE)
    assert [row[k] for k in ("instance_type", "capacity_type", "region", "zone", "pool")] == [
        *("m5.xlarge", "spot", "r", "z", "p")
    ]
    assert (row["allocatable_cpu"], row["allocatable_pods"], row["allocatable_gpu"]) == (4.0, 110.0, None)


def test_a_gone_node_is_what_its_series_said():
    (row,) = rows(node_seen=half_hours({("n2",): [1]}), node_labels=GONE, node_allocatable=OFFERED)
    assert (row["name"], row["instance_type"], row["capacity_type"]) == ("n2", "c5.large", "spot")
    assert (row["allocatable_cpu"], row["allocatable_memory"], row["allocatable_gpu"]) == (2.0, 4e9, 1.0)


def test_prices_requests_and_use_stand_beside_it():
    (row,) = rows(
        node_seen=half_hours({("n1",): [1]}),
        node_price=matrix({("n1",): 0.192}),
        node_requested=half_hours({("n1", "cpu"): [3.0]}),
        node_cpu=matrix({("n1",): [2.5]}, 24),
    )
    assert (row["price"], row["requested_cpu"][0], row["cpu_p95"][0]) == (0.192, 3.0, 2.5)
    assert np.isnan(row["requested_memory"]).all()
    assert np.isnan(row["memory_peak"]).all()


def test_a_price_that_no_metric_says_is_nan():
    (row,) = rows(node_seen=half_hours({("n1",): [1]}))
    assert np.isnan(row["price"])


def test_where_no_series_tells_living_nodes_count_from_their_creation():
    young = Node(Meta("n3", created=MIDNIGHT + 46 * HALF_HOUR), {}, {})
    (row,) = rows({"n3": young})
    assert row["half_hours"] == 0b11 << 46


def test_a_node_that_was_made_after_the_day_was_not_there():
    assert rows({"n3": Node(Meta("n3", created=TODAY.until), {}, {})}) == []


def test_the_class_of_every_node_of_the_day_is_known():
    unknown = matrix({("n9", *labels()): 1.0})
    assert classes_of(answers(NAMES, node_labels=GONE, node_allocatable=OFFERED), LIVING) == {
        "n1": "m5.xlarge/spot",
        "n2": "c5.large/spot",
    }
    assert classes_of(answers(NAMES, node_labels=unknown), {}) == {"n9": "0-core/on-demand"}


def test_volumes_are_known_by_use_or_by_mount():
    told = {"volume_used": matrix({("shop", "a"): 5.0}), "volume_mounted": matrix({("shop", "b"): MIDNIGHT})}
    made = volume_rows(told, TODAY)
    assert [(r["claim"], np.isnan(r["used"]), np.isnan(r["mounted"])) for r in made] == [
        ("a", False, True),
        ("b", True, False),
    ]


def test_series_tell_until_any_node_was_seen_last_else_to_the_days_end():
    seen = half_hours({("n1",): [1, 1], ("n2",): [np.nan, np.nan, 1]})
    assert told_until({"node_seen": seen}, TODAY) == MIDNIGHT + 3 * HALF_HOUR
    assert told_until({"node_seen": half_hours({("n1",): [1] * HALF_HOURS})}, TODAY) == TODAY.until
    assert told_until({"node_seen": half_hours({})}, TODAY) == TODAY.until
