"""What signals and events say of each container."""

import numpy as np

from costkit.analyze.evidence import evidence
from costkit.model.facts import OomKill
from costkit.model.usage import empty, frame, subject
from costkit.model.window import DAY, HALF_HOURS
from tests.analyze.days import API, MIDNIGHT

NAN = float("nan")


def signal(name, *values, day=0):
    half_hours = np.full(HALF_HOURS, np.nan, np.float32)
    half_hours[: len(values)] = values
    return {"day": MIDNIGHT + day * DAY, **subject(API), "signal": name, "detail": "", "half_hours": half_hours}


def event(name, at, value=1.0, pod="api-1"):
    return {
        "day": MIDNIGHT,
        **subject(API),
        "pod": pod,
        "at": MIDNIGHT + at,
        "event": name,
        "value": value,
        "detail": "",
    }


def of(signals=(), events=()):
    return evidence(frame("signals", signals), frame("events", events))


def test_throttling_is_the_share_of_all_periods_of_the_window():
    found = of([signal("cfs_periods", 100, 300), signal("cfs_throttled", 10, NAN), signal("cfs_throttled", 30, day=1)])
    assert found.throttling == {API: (0.1, 0.0)}


def test_periods_without_any_throttled_are_no_throttling():
    assert of([signal("cfs_periods", 100)]).throttling == {API: (0.0, 0.0)}


def test_throttled_periods_without_periods_say_nothing():
    assert of([signal("cfs_throttled", 5)]).throttling == {}
    assert of([signal("cfs_throttled", 5), signal("cfs_periods", 0)]).throttling == {}


def test_what_is_in_force_is_the_last_value_seen_whatever_the_order_of_the_rows():
    rows = [signal("request_cpu", 1.0, 2.0, NAN), signal("request_cpu", 4.0, 3.0, day=1)]
    assert of(rows).in_force == of(rows[::-1]).in_force == {(API, "request_cpu"): 3.0}


def test_a_day_that_nobody_saw_leaves_the_day_before_in_force():
    assert of([signal("limit_memory", 1e9), signal("limit_memory", day=1)]).in_force == {(API, "limit_memory"): 1e9}


def test_oom_kills_are_told_in_time_with_the_limit_then():
    kills = [event("oom_kill", 900, 2e9), event("oom_kill", 300, 1e9, "api-2"), event("oom_kill", 1200, NAN)]
    assert of(events=kills).oom_kills == {
        API: (
            OomKill(MIDNIGHT + 300, "api-2", 1e9),
            OomKill(MIDNIGHT + 900, "api-1", 2e9),
            OomKill(MIDNIGHT + 1200, "api-1", None),
        )
    }


def test_restarts_are_counted_and_other_events_are_not():
    found = of(events=[event("restart", 1), event("restart", 2), event("exit", 2), event("ready", 3)])
    assert dict(found.restarts) == {API: 2}


def test_without_signals_and_events_there_is_no_evidence():
    found = evidence(empty("signals"), empty("events"))
    assert (found.throttling, found.oom_kills, dict(found.restarts), found.in_force) == ({}, {}, {}, {})


def test_periods_under_an_earlier_limit_are_not_counted_but_that_it_throttled_is_known():
    raised = [signal("limit_cpu", 1.0, 1.0, 2.0), signal("cfs_periods", 100, 100, 100, 100)]
    assert of([*raised, signal("cfs_throttled", 90, 90, 0, 10)]).throttling == {API: (0.05, 1.0)}


def test_a_limit_that_was_raised_the_day_before_counts_from_then_on():
    first = [signal("limit_cpu", 1.0), signal("cfs_periods", 100), signal("cfs_throttled", 80)]
    then = [signal(s, v, day=1) for s, v in (("limit_cpu", 1.5), ("cfs_periods", 400), ("cfs_throttled", 3))]
    for rows in ([*first, *then], [*then, *first]):
        assert of(rows).throttling == {API: (0.0075, 1.0)}


def test_of_the_limits_that_throttled_the_highest_is_known_whichever_came_last():
    days = [
        [signal(s, v, day=day) for s, v in (("limit_cpu", limit), ("cfs_periods", 100), ("cfs_throttled", held))]
        for day, (limit, held) in enumerate([(1.0, 50), (4.0, 0), (2.0, 5), (0.5, 40)])
    ]
    assert of([row for rows in days for row in rows]).throttling == {API: (0.4, 2.0)}


def test_periods_of_one_limit_are_added_over_its_days():
    days = [
        signal(s, v, day=day)
        for day, held in enumerate([0, 3, 0])
        for s, v in (("limit_cpu", 2.0), ("cfs_periods", 100), ("cfs_throttled", held))
    ]
    assert of(days).throttling == {API: (0.01, 2.0)}
    more = [signal(s, v, day=3) for s, v in (("limit_cpu", 2.0), ("cfs_periods", 100))]
    assert of([*days, *more]).throttling == {API: (3 / 400, 0.0)}


def test_a_limit_that_came_after_all_periods_has_no_throttling_yet():
    held = of([signal("limit_cpu", 1.0, 2.0), signal("cfs_periods", 9), signal("cfs_throttled", 9)])
    free = of([signal("limit_cpu", 1.0, 2.0), signal("cfs_periods", 9)])
    assert (held.throttling, free.throttling) == ({API: (0.0, 1.0)}, {})


def test_half_hours_without_a_known_limit_are_those_of_the_days_only_one():
    rows = [signal("limit_cpu", NAN, 1.0), signal("cfs_periods", 100, 100), signal("cfs_throttled", 20, 0)]
    assert of(rows).throttling == {API: (0.1, 1.0)}


def test_one_containers_limit_is_not_anothers():
    other = API.of("sidecar")
    rows = [
        *(signal("limit_cpu", 1.0, 2.0), signal("cfs_periods", 50, 50), signal("cfs_throttled", 50, 5)),
        *({**row, **subject(other)} for row in (signal("cfs_periods", 10, 10), signal("cfs_throttled", 5, 0))),
    ]
    assert of(rows).throttling == {API: (0.1, 2.0), other: (0.25, 0.0)}


def test_a_kill_whose_limit_nobody_recorded_is_kept_without_one():
    assert of(events=[event("oom_kill", 300, NAN)]).oom_kills == {API: (OomKill(MIDNIGHT + 300, "api-1", None),)}
