"""Observations become days: whole ones alone, in one order however they were cut, and as they were watched."""

import numpy as np
import pytest

from costkit.analyze.days import whole_days
from costkit.model.account import Account
from costkit.model.samples import Observation, Samples, Series
from costkit.model.target import Target
from costkit.model.usage import empty
from costkit.model.window import DAY, STEPS
from costkit.progress import Silent

MIDNIGHT = 1_795_478_400.0
SEEN, UNSEEN = np.full(STEPS, 0.5), np.full(STEPS, np.nan)


def series(name, day=MIDNIGHT):
    return Series(Target("shop", "Deployment", name, "main"), f"{name}-1", "h", "m5", day - DAY, float("inf"))


def observed(*rows, day=MIDNIGHT, resource="cpu", last=True, **more):
    """`rows`: (name, values) of one shard."""
    values = np.array([row for _, row in rows]).reshape(len(rows), STEPS)
    samples = Samples(resource, day, tuple(series(name, day) for name, _ in rows), values, day + DAY)
    frames = {name: empty(name) for name in ("signals", "events", "nodes", "volumes")}
    return Observation(day, day + DAY, (samples,), **frames, is_last=last, **more)


def expected(*observations):
    ((day, _),) = whole_days(observations, Silent())
    rows = day.frames.usage.to_pylist()
    return {(row["name"], row["resource"]): row["samples_expected"] for row in rows}


def test_a_day_without_its_last_observation_is_left_out():
    found = whole_days([observed(("a", SEEN)), observed(("a", SEEN), day=MIDNIGHT + DAY, last=False)], Silent())
    assert [day.midnight for day, _ in found] == [MIDNIGHT]


def test_a_day_is_the_same_however_it_was_cut():
    whole = [observed(("a", SEEN), ("b", UNSEEN), ("c", SEEN))]
    parts = [observed(("c", SEEN), last=False), observed(("b", UNSEEN), last=False), observed(("a", SEEN))]
    one, other = (next(whole_days(cut, Silent()))[0].frames for cut in (whole, parts))
    assert str(one.usage.to_pylist()) == str(other.usage.to_pylist())


def test_what_nobody_sampled_all_day_was_not_to_be_expected_and_what_others_were_was():
    assert expected(observed(("a", UNSEEN))) == {("a", "cpu"): 0}
    assert expected(observed(("a", UNSEEN), last=False), observed(("b", SEEN))) == {
        ("a", "cpu"): STEPS,
        ("b", "cpu"): STEPS,
    }


def test_each_resource_is_watched_by_itself():
    assert expected(observed(("a", SEEN), last=False), observed(("a", UNSEEN), resource="memory")) == {
        ("a", "cpu"): STEPS,
        ("a", "memory"): 0,
    }


def test_accounts_of_a_day_are_joined():
    parts = [
        observed(("a", SEEN), account=Account(frozenset({"cpu"}), joined={"owner": 2}), last=False),
        observed(("b", SEEN), account=Account(absent=frozenset({"gpu"}), joined={"owner": 1, "name": 1})),
    ]
    ((day, _),) = whole_days(parts, Silent())
    assert (sorted(day.account.answered), sorted(day.account.absent)) == (["cpu"], ["gpu"])
    assert day.account.joined == {"owner": 3, "name": 1}


class Told:
    """Progress that is listened to."""

    def __init__(self):
        self.shares, self.notes = [], []

    def begin(self, *_):
        raise AssertionError("not here")

    def note(self, detail):
        self.notes.append(detail)

    def advance(self, share):
        self.shares.append(share)

    def end(self):
        raise AssertionError("not here")


def test_progress_tells_of_shards_and_samples_and_a_day_is_one_step():
    told = Told()
    list(whole_days([observed(("a", SEEN), share=0.25, last=False), observed(("b", UNSEEN), share=0.75)], told))
    assert sum(told.shares) == pytest.approx(1)
    assert told.notes[-1] == "2 shards, 0 thousand samples"
