"""Rows of a scene as other servers hold them."""

import numpy as np
import pytest

from tests.bed import scene_rows as r
from tests.bed.samples import Grid, Row

GRID = Grid(0, 600, 60)


def row(name: str = "kube_x", start: int = 0, stop: int = 11, **labels: str) -> Row:
    return Row(name, labels, GRID, slice(start, stop), np.arange(start, stop, dtype=float))


def points(rows: r.Rows) -> list[tuple[int, float]]:
    return [
        (int(at), float(value))
        for one in rows
        for at, value in zip(
            one.grid.times[one.span], np.broadcast_to(one.values, one.span.stop - one.span.start), strict=True
        )
    ]


def test_a_hole_takes_the_samples_in_it_and_no_others() -> None:
    assert [at for at, _ in points(r.without([row()], 120, 300))] == [0, 60, 300, 360, 420, 480, 540, 600]
    assert [at for at, _ in points(r.without([row(start=5)], 0, 120))] == [300, 360, 420, 480, 540, 600]


def test_a_clock_that_is_off_moves_times_and_no_value() -> None:
    assert points(r.shifted([row(stop=2)], 90)) == [(90, 0.0), (150, 1.0)]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (90, [(0, 0.0), (60, 1.0), (120, 2.0), (270, 3.0), (330, 4.0)]),
        (-90, [(0, 0.0), (60, 1.0), (120, 2.0), (150, 4.0), (210, 5.0)]),
    ],
)
def test_a_clock_that_is_set_back_loses_what_comes_before_the_last_sample(
    seconds: int, expected: list[tuple[int, float]]
) -> None:
    assert points(r.after_a_step([row()], 150, seconds))[:5] == expected


def test_what_ended_goes_on_with_its_last_value_until_the_series_does() -> None:
    first, second = row(stop=4, pod="a"), row(start=6, stop=8, pod="a")
    assert points(r.lasting([first, second], 240)) == [
        *((60 * i, float(i)) for i in range(4)),
        (240, 3.0),
        (300, 3.0),
        (360, 6.0),
        (420, 7.0),
        *((60 * i, 7.0) for i in range(8, 11)),
    ]


def test_labels_that_a_scrape_has_itself_are_exported_where_they_are_told() -> None:
    own = {"pod": "ksm-0", "node": "n9"}
    (moved,) = r.exported([row(pod="web", node="", namespace="shop")], own, bool)
    assert moved.labels == {"pod": "ksm-0", "node": "n9", "exported_pod": "web", "namespace": "shop"}
    assert next(r.exported([row(pod="web")], own, lambda _: False)).labels == {"pod": "web"}


def test_kube_state_metrics_1_has_a_metric_for_each_resource_and_a_uid_in_one_alone() -> None:
    limits = row("kube_pod_container_resource_limits", pod="a", uid="u", resource="memory", unit="byte")
    (memory,) = r.older_state([limits])
    assert (memory.name, memory.labels) == ("kube_pod_container_resource_limits_memory_bytes", {"pod": "a"})
    (info,) = r.older_state([row("kube_pod_info", pod="a", uid="u")])
    assert info.labels["uid"] == "u"


def test_kube_state_metrics_1_lists_every_reason_with_a_nought() -> None:
    told = list(r.older_state([row("kube_pod_container_status_last_terminated_reason", reason="OOMKilled", uid="u")]))
    assert {one.labels["reason"]: one.values for one in told} == {
        reason: 1.0 if reason == "OOMKilled" else 0.0 for reason in r.REASONS
    }


def test_an_older_kubelet_names_pods_and_containers_otherwise() -> None:
    (one,) = r.older_cadvisor([row("container_x", pod="a", container="b", namespace="c")])
    assert one.labels == {"pod_name": "a", "container_name": "b", "namespace": "c"}
