"""Targets as they are named and ordered, and changes as they are told."""

import pytest

from costkit.model.change import Resize, Resources
from costkit.model.target import Target

API = Target("shop", "Deployment", "api", "main")


def test_a_target_is_written_as_kubectl_writes_it():
    assert str(API) == "shop/deploy/api:main"
    assert str(API.workload) == "shop/deploy/api"
    assert str(Target("", "PersistentVolume", "pv-1", "", "v1")) == "pv/pv-1"
    assert Target("ml", "Rollout", "web").short == "rollout/web"


def test_the_group_is_what_stands_before_the_version():
    assert API.group == "apps"
    assert Target("", "Node", "n", "", "v1").group == ""
    assert Target("", "Rollout", "n", "", "argoproj.io/v1alpha1").group == "argoproj.io"


def test_targets_are_ordered_by_namespace_first():
    others = [Target("bank", "StatefulSet", "z"), Target("shop", "CronJob", "a"), API]
    assert sorted([API, others[1], others[0]]) == others


@pytest.mark.parametrize(
    ("before", "after", "grows"),
    [
        (Resources(2.0, 4.0), Resources(1.0, 2.0), False),
        (Resources(2.0, 4.0), Resources(2.0, 4.0), False),
        (Resources(1.0), Resources(2.0), True),
        (Resources(), Resources(1.0), True),
        (Resources(1.0, 2.0), Resources(0.5, None), True),
        (Resources(1.0, None), Resources(0.5, 2.0), False),
        (Resources(memory_limit=1.0), Resources(memory_limit=2.0), True),
        (Resources(2.0, None, 1.0), Resources(1.0, None, 1.5), True),
    ],
)
def test_a_resize_grows_where_it_gives_anything_more(before, after, grows):
    assert Resize(API, before, after).grows is grows


def test_a_resize_shrinks_where_it_takes_anything_away():
    assert Resize(API, Resources(4.0, None, 1.0), Resources(0.1, None, 2.0)).shrinks
    assert Resize(API, Resources(1.0, None), Resources(1.0, 2.0)).shrinks
    assert not Resize(API, Resources(1.0, 2.0), Resources(1.0, None)).shrinks


def test_resources_are_told_as_a_manifest_writes_them():
    told = Resources(0.25, None, 2.0**30, 2.0**31).quantities()
    assert told == {"requests": {"cpu": "250m", "memory": "1Gi"}, "limits": {"cpu": None, "memory": "2Gi"}}
