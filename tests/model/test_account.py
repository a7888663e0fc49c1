"""What is said of days that were read: of each what it was, of all how many."""

import pytest

from costkit.model.account import Account, coverage
from costkit.model.window import DAY, HALF_HOUR, Window

WINDOW = Window(0.0, 4 * DAY)
WHOLE = frozenset(i * HALF_HOUR for i in range(48 * 4))


def told(days, source):
    return next((row.status, row.detail) for row in coverage(days, WINDOW) if row.source == source)


def of(answered=(), absent=(), refused=(), warned=(), seen=WHOLE):
    reasons = dict.fromkeys(refused, "too many samples")
    return Account(frozenset(answered), frozenset(absent), reasons, dict.fromkeys(warned, "away"), seen=seen)


def test_of_nothing_that_was_asked_nothing_is_said():
    assert coverage([], WINDOW) == coverage([Account(), Account()], WINDOW) == ()


@pytest.mark.parametrize(
    ("days", "row"),
    [
        ([of(["cpu"])] * 4, ("ok", "")),
        ([of(["cpu"])] + [of(absent=["cpu"])] * 3, ("partial", "on 1 of 4 days")),
        ([of(absent=["cpu"])] * 4, ("missing", "no such series")),
        ([of(["cpu"])] * 3 + [of(refused=["cpu"])], ("missing", "too many samples on 1 of 4 days")),
        ([of(refused=["cpu"])] * 4, ("missing", "too many samples")),
        ([of(["cpu"])] * 3 + [of(["cpu"], warned=["cpu"])], ("partial", "away on 1 of 4 days")),
    ],
)
def test_what_sizes_rest_on_is_a_gap_on_each_day_that_it_lacks(days, row):
    assert told(days, "series cpu") == row


def test_what_is_not_there_on_every_day_is_said_and_no_gap():
    assert told([of(["job_end"])] + [of(absent=["job_end"])] * 3, "series job_end") == ("ok", "on 1 of 4 days")
    assert told([of(absent=["job_end"])] * 4, "series job_end") == ("absent", "no such series")


def test_the_window_is_seen_by_its_half_hours_and_no_others():
    half = frozenset(at for at in WHOLE if at < 2 * DAY)
    assert told([of(["cpu"], seen=half)], "window") == ("partial", "samples in 48 of 96 hours")
    later = frozenset(at + 4 * DAY for at in WHOLE)
    assert told([of(["cpu"], seen=WHOLE | later)], "window") == ("ok", "samples in 96 of 96 hours")


def test_pods_that_are_gone_and_those_without_labels_are_counted_over_all_days():
    days = [Account(frozenset({"cpu"}), joined={"owner": 5, "name": 1}, unlabelled_pods=2)] * 2
    assert told(days, "pods that are gone") == ("ok", "pod-days joined to workloads: 2 by name")
    assert told(days, "container labels")[1].startswith("4 pod-days")


def test_a_reading_that_saw_more_or_was_refused_less_is_better():
    whole, less, poor = of(["cpu"]), of(["cpu"], seen=frozenset({0.0})), of(["cpu"], refused=["memory"])
    assert whole.is_better_than(less)
    assert whole.is_better_than(poor)
    assert not poor.is_better_than(whole)
    assert not whole.is_better_than(whole)
