"""A rollout inside the window: which rows still say something of the revision that runs now."""

import time

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.study import made
from costkit.analyze.profiles import profiles
from costkit.analyze.revisions import current
from costkit.model.facts import Revised
from costkit.model.target import Target
from costkit.model.usage import empty
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage


def ran(*revisions, days, value=1.0, target=API, node_class="m5/on-demand"):
    """A pod of each revision on each of the days."""
    pods = [(series(f"{name}-1", name, target=target, node_class=node_class), flat(value)) for name in revisions]
    return [samples(*pods, day=day) for day in days]


def days_of(frame, revision):
    rows = [row for row in frame.to_pylist() if row["revision"] == revision]
    return sorted({round((row["day"] - MIDNIGHT) / 86_400) for row in rows})


def test_earlier_revisions_are_left_out_once_the_newest_has_a_week():
    frame, found = current(usage(*ran("old", days=range(7), value=4.0), *ran("new", days=range(7, 14))))

    assert found == {API: Revised("new", 7, 7, enough=True)}
    assert (days_of(frame, "old"), days_of(frame, "new")) == ([], [*range(7, 14)])
    assert profiles(frame)[API, "cpu"].peak == 1.0


def test_six_days_are_too_few_and_all_revisions_count():
    whole = usage(*ran("old", days=range(8)), *ran("new", days=range(8, 14)))
    frame, found = current(whole)

    assert found == {API: Revised("new", 6, 0, enough=False)}
    assert frame is whole


def test_days_without_samples_are_not_counted():
    frame, found = current(
        usage(*ran("old", days=[0]), *ran("new", days=range(3, 9)), *ran("new", days=[9], value=np.nan))
    )

    assert found[API] == Revised("new", 6, 0, enough=False)
    assert days_of(frame, "old") == [0]


def test_a_canary_runs_beside_the_older_pods_and_both_count():
    whole = usage(*ran("old", "new", days=range(10)))

    assert current(whole) == (whole, {})


def test_an_older_revision_that_was_seen_the_day_before_still_counts():
    whole = usage(*ran("old", "new", days=range(9)), *ran("new", days=[9]))
    frame, found = current(usage(*ran("old", "new", days=range(9)), *ran("new", days=[9, 10])))

    assert current(whole) == (whole, {})
    assert (days_of(frame, "old"), found) == ([], {})


def test_a_canary_that_was_called_back_is_left_out_and_makes_no_rollout_of_what_runs():
    frame, found = current(usage(*ran("old", days=range(14)), *ran("bad", days=[5], value=9.0)))

    assert found == {}
    assert (days_of(frame, "old"), days_of(frame, "bad")) == ([*range(14)], [])
    assert profiles(frame)[API, "cpu"].peak == 1.0


def test_a_canary_that_was_taken_up_has_the_days_that_the_older_one_had_alone():
    frame, found = current(usage(*ran("old", days=range(6)), *ran("new", days=range(3, 14))))

    assert found == {API: Revised("new", 11, 3, enough=True)}
    assert days_of(frame, "old") == []


@pytest.mark.parametrize(("days", "wanted"), [(6, Revised("new", 6, 0, enough=False)), (7, Revised("new", 7, 2, True))])
def test_a_rollout_is_told_from_its_first_day_on(days, wanted):
    found = current(usage(*ran("old", days=[0, 1]), *ran("new", days=range(3, 3 + days))))[1]

    assert found == {API: wanted}


def test_one_that_never_ran_alone_left_nothing_behind():
    frame, found = current(usage(*ran("a", days=range(4)), *ran("a", "b", days=[4]), *ran("a", days=range(5, 9))))

    assert found == {}
    assert days_of(frame, "b") == []


def test_of_two_that_ran_last_the_one_that_began_last_is_the_newest():
    frame, found = current(usage(*ran("a", days=[0]), *ran("b", days=range(2, 10)), *ran("c", days=range(3, 10))))

    assert found == {}
    assert days_of(frame, "a") == [0]


def test_a_revision_that_came_back_has_the_days_of_both_times_and_is_no_rollout():
    frame, found = current(usage(*ran("r1", days=range(4)), *ran("r2", days=[4, 5]), *ran("r1", days=range(6, 10))))

    assert found == {}
    assert (days_of(frame, "r1"), days_of(frame, "r2")) == ([*range(4), *range(6, 10)], [])


def test_all_classes_of_nodes_of_the_newest_stay():
    new = [*ran("new", days=range(3, 11)), *ran("new", days=range(3, 11), node_class="c7g/spot")]
    frame, found = current(usage(*ran("old", days=[0]), *new))

    assert found[API].days == 8
    assert set(frame["node_class"].to_pylist()) == {"m5/on-demand", "c7g/spot"}


def test_memory_and_cpu_of_a_revision_go_together_whichever_was_sampled():
    memory = [samples((series("new-1", "new"), flat(9.0)), resource="memory", day=day) for day in range(3, 10)]
    frame, found = current(usage(*ran("old", days=[0]), *memory))

    assert found[API] == Revised("new", 7, 1, enough=True)
    assert frame["resource"].unique().to_pylist() == ["memory"]


def test_rows_of_no_known_revision_are_not_known_to_be_earlier_ones():
    whole = usage(*ran("", days=range(4)), *ran("new", days=range(6, 14)))

    assert current(whole) == (whole, {})
    both, found = current(usage(*ran("", days=range(4)), *ran("old", days=range(5)), *ran("new", days=range(6, 14))))
    assert (days_of(both, ""), days_of(both, "old")) == ([*range(4)], [])
    assert found[API] == Revised("new", 8, 1, enough=True)


def test_containers_are_judged_each_by_its_own_revisions():
    other = Target("shop", "StatefulSet", "db", "main")
    frame, found = current(
        usage(*ran("old", days=range(3)), *ran("new", days=range(5, 13)), *ran("old", days=range(13), target=other))
    )

    assert list(found) == [API]
    assert days_of(frame, "old") == [*range(13)]


def test_of_no_rows_there_is_nothing_to_tell():
    assert current(empty("usage")) == (empty("usage"), {})


def test_no_python_step_is_taken_for_a_row():
    whole = made(500, 14).frames.usage
    half = pa.array(whole["day"].to_numpy() < np.median(whole["day"].to_numpy()) - 86_400)
    renamed = pa.array(["before" if early else "now" for early in half.to_pylist()])
    rolled = whole.set_column(whole.schema.get_field_index("revision"), "revision", renamed)
    before = time.process_time()

    frame, found = current(rolled)

    assert time.process_time() - before < 0.5
    assert len(found) == 500
    assert frame.num_rows < whole.num_rows
