"""The whole way of the data over the demo: the same in, the same out; and nothing unread is taken for empty."""

from dataclasses import fields, replace
from math import inf

import numpy as np
import pytest

from costkit.analyze.facts import study
from costkit.demo.source import DemoSource
from costkit.errors import UsageError
from costkit.history.snapshots import read_snapshot, write_snapshot
from costkit.model.cluster import Cluster
from costkit.model.listed import Missing, Present
from costkit.model.plan import Plan
from costkit.model.recommendation import Declined, Fine, Recommendation
from costkit.model.snapshot import Frames, Snapshot
from costkit.model.usage import FRAMES, check
from costkit.model.window import DAY, Window
from costkit.pipeline import Request, as_of, observe, plan
from costkit.progress import Silent
from costkit.recommend.selected import Selection
from costkit.report.contract import to_json
from costkit.report.serialized import json_text
from costkit.settings.policies import load_policies
from costkit.settings.prices import load_prices

AT = 1_795_546_800.0  # Tuesday, 2026-11-24, 19:00 UTC
DAYS = 9
LABELS = ("team", "env", "cost-center")
REQUEST = Request(load_policies(None), load_prices(None, None), LABELS)
LISTS = [f.name for f in fields(Cluster) if f.name not in ("id", "name", "version", "coverage")]


@pytest.fixture(scope="module")
def seen() -> Snapshot:
    return observe(DemoSource(AT, days=DAYS), Window.back_from(AT, DAYS), AT, Silent())


@pytest.fixture(scope="module")
def whole(seen) -> Plan:
    return plan(seen, REQUEST)


@pytest.fixture(scope="module")
def text(whole) -> str:
    return json_text(to_json(whole))


def told(snapshot):
    return json_text(to_json(plan(snapshot, REQUEST)))


def changes(made):
    """Target -> what is recommended for it; the plan must be fit to be told, too."""
    json_text(to_json(made))
    return {item.target: item.recommendation.changes for item in made.items}


def missing(snapshot, name):
    return replace(snapshot, cluster=replace(snapshot.cluster, **{name: Missing("forbidden")}))


def shuffled(snapshot, seed):
    """Every row of every frame, and every item of every list, in another order."""
    dice = np.random.default_rng(seed)

    def turned(table):
        return table.take(dice.permutation(table.num_rows))

    def mixed(listed):
        return Present(tuple(listed.items[i] for i in dice.permutation(len(listed.items))))

    frames = Frames(**{name: turned(getattr(snapshot.frames, name)) for name in FRAMES})
    lists = {name: mixed(getattr(snapshot.cluster, name)) for name in LISTS}
    return replace(snapshot, frames=frames, cluster=replace(snapshot.cluster, **lists))


def test_every_frame_has_its_schema_and_every_day_of_the_window(seen):
    for name in FRAMES:
        check(name, getattr(seen.frames, name))
    for name in ("usage", "nodes"):
        assert sorted(set(getattr(seen.frames, name)["day"].to_pylist())) == list(seen.window.midnights())


def test_observing_a_day_at_a_time_or_all_at_once_is_the_same(seen):
    last = list(seen.window.midnights())[-1]
    alone = observe(DemoSource(AT, days=DAYS), Window(last, seen.window.end), AT, Silent())
    part = seen.frames.usage.filter(np.array(seen.frames.usage["day"]) == last)
    assert str(alone.frames.usage.to_pylist()) == str(part.to_pylist())


def test_two_plans_of_one_snapshot_are_the_same_bytes(seen, text):
    assert told(seen) == text


def test_two_observations_give_the_same_bytes(text):
    again = observe(DemoSource(AT, days=DAYS), Window.back_from(AT, DAYS), AT, Silent())
    assert told(again) == text


def test_a_snapshot_that_was_written_and_read_gives_the_same_bytes(seen, text, tmp_path):
    write_snapshot(seen, tmp_path / "s.zip")
    assert told(read_snapshot(tmp_path / "s.zip")) == text


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_and_lists_changes_nothing(seen, text, seed):
    assert told(shuffled(seen, seed)) == text


def test_there_are_findings_of_every_sort(whole):
    assert {type(i.recommendation) for i in whole.items} == {Recommendation}
    assert {type(f) for f in whole.fine} == {Fine}
    assert {type(d) for d in whole.declined} == {Declined}
    reasons = {d.reason for d in whole.declined}
    assert {"skipped-namespace", "hpa", "vpa", "headroom", "broken", "injected"} <= reasons


def test_every_container_that_exists_has_one_finding(seen, whole):
    found = [f.target for f in (*whole.items, *whole.fine, *whole.declined)]
    assert len(found) == len(set(found))
    assert set(found) == {c.target for c in study(seen, LABELS).containers if c.exists}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_could_not_be_read_makes_no_recommendation_appear_or_change(seen, whole, name):
    assert changes(plan(missing(seen, name), REQUEST)).items() <= changes(whole).items()


@pytest.mark.parametrize("name", ["pods", "namespaces", "autoscalers", "vertical_autoscalers", "limit_ranges"])
def test_without_a_list_that_decides_everything_is_declined_by_name(seen, name):
    made = plan(missing(seen, name), REQUEST)
    assert made.items == ()
    assert "unread" in {d.reason for d in made.declined}


def test_without_any_list_nothing_is_said_and_nothing_fails(seen):
    bare = replace(seen, cluster=Cluster(seen.cluster.id, seen.cluster.name))
    assert changes(plan(bare, REQUEST)) == {}


def without(snapshot, name):
    return replace(snapshot, frames=replace(snapshot.frames, **{name: FRAMES[name].empty_table()}))


@pytest.mark.parametrize("name", ["usage", "nodes", "volumes"])
def test_a_frame_that_is_empty_makes_no_recommendation_appear(seen, whole, name):
    assert changes(plan(without(seen, name), REQUEST)).items() <= changes(whole).items()


def test_without_usage_every_container_is_declined_as_unseen(seen):
    made = plan(without(seen, "usage"), REQUEST)
    assert (made.items, made.fine) == ((), ())
    assert "no-usage" in {d.reason for d in made.declined}
    assert made.books.monthly > 0


def test_a_selection_leaves_out_but_changes_no_number(seen, whole):
    namespace = whole.items[0].target.namespace
    chosen = plan(seen, replace(REQUEST, selection=Selection(namespace=namespace))).items
    assert chosen == tuple(item for item in whole.items if item.target.namespace == namespace)


def test_a_minimum_saving_declines_small_cuts_by_name_and_keeps_raises(seen, whole):
    least = 10.0
    some = plan(seen, replace(REQUEST, minimum_saving=least))
    small = {d.target for d in some.declined if d.reason == "below-minimum"}
    assert small == {i.target for i in whole.items if i.saving.alone < least and not i.recommendation.grows}
    assert all(i.saving.alone >= least or i.recommendation.grows for i in some.items)
    assert some.books == whole.books


def test_an_infinite_minimum_leaves_raises_alone(seen):
    assert all(i.recommendation.grows for i in plan(seen, replace(REQUEST, minimum_saving=inf)).items)


def test_kinds_that_were_not_asked_for_have_no_finding(seen):
    made = plan(seen, replace(REQUEST, selection=Selection(only=frozenset({"cleanup"}))))
    assert (made.items, made.fine, made.declined) == ((), (), ())


def test_an_earlier_moment_sees_whole_days_before_it(seen):
    at = seen.window.start + 4.5 * DAY
    cut = as_of(seen, at)
    assert (cut.taken_at, cut.window) == (at, Window(seen.window.start, seen.window.start + 4 * DAY))
    assert max(cut.frames.usage["day"].to_pylist()) == seen.window.start + 3 * DAY
    told(cut)


def test_a_later_moment_only_makes_the_snapshot_old(seen):
    later = as_of(seen, seen.window.end + 2.5 * DAY)
    assert later.frames is seen.frames
    assert later.coverage[-1].detail == "its window ended 2.5 days ago"
    assert as_of(seen, seen.window.end) == seen


def test_a_moment_before_the_second_day_is_refused(seen):
    with pytest.raises(UsageError, match="leaves no whole day") as error:
        as_of(seen, seen.window.start + DAY / 2)
    assert error.value.hint
