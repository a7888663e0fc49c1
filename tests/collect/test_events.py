"""Restarts, kills, Jobs and readiness of one day."""

import numpy as np

from costkit.collect.events import events
from costkit.collect.lived import Lived
from costkit.collect.signals import Day
from costkit.model.window import DAY, STEP, STEPS
from tests.collect.days import API, MIDNIGHT, OWNERS, POD, TODAY, answers, matrix, steps

NAMES = (
    *("limits", "restarts_before", "restarts", "last_exit"),
    *("job_start", "job_failed", "job_failed_before", "job_end", "pod_scheduled", "pod_ready"),
)
KEY = (*POD, "main")
ROSE = {"restarts": matrix({(*POD, "main"): steps(s3=1)}, STEPS), "restarts_before": matrix({(*POD, "main"): 0.0})}


def day(start=MIDNIGHT - DAY, **told):
    pods = {POD: Lived(API, "h", "n1", start, float("inf"))}
    return Day(TODAY, answers(NAMES, **told), pods, OWNERS, {})


def made(**told):
    return [(e["event"], e["at"] - MIDNIGHT, e["value"]) for e in events(day(**told))]


def restarts(before: float | None = 0.0, start=MIDNIGHT - DAY, **told):
    known = matrix({} if before is None else {KEY: before})
    rows = made(restarts=matrix({KEY: steps(**told)}, STEPS), restarts_before=known, start=start)
    return [at for event, at, _ in rows if event == "restart"]


def test_a_rise_of_the_counter_is_a_restart_at_the_end_of_its_step():
    assert restarts(s3=1, s4=1, s5=2) == [4 * STEP, 6 * STEP]


def test_a_rise_by_several_is_several_restarts():
    assert restarts(s3=3) == [4 * STEP] * 3


def test_restarts_of_the_days_before_are_not_counted_again():
    assert restarts(before=5, s0=5, s1=5) == []
    assert restarts(before=5, s0=6) == [STEP]


def test_a_gap_hides_no_restart():
    assert restarts(s3=1, s200=2) == [4 * STEP, 201 * STEP]


def test_a_counter_that_begins_anew_counts_from_zero():
    assert restarts(before=5, s0=5, s9=1) == [10 * STEP]
    assert restarts(before=5, s0=2) == [STEP, STEP]


def test_what_a_counter_shows_after_a_past_that_nobody_saw_is_no_restart_of_today():
    assert restarts(before=None, s100=50, s101=50) == []
    assert restarts(before=None, s100=50, s101=52) == [102 * STEP] * 2


def test_all_that_a_pod_of_today_shows_has_happened_today():
    assert restarts(before=None, start=MIDNIGHT + STEP, s3=1, s4=2) == [4 * STEP, 5 * STEP]


def test_a_counter_seen_before_its_pods_start_is_an_earlier_pods():
    assert restarts(before=None, start=MIDNIGHT + 10 * STEP, s3=7, s20=1) == [21 * STEP]


def exits(reason, **told):
    last = np.zeros(STEPS)
    last[3:] = 1.0
    return made(**ROSE, last_exit=matrix({(*KEY, reason): last}, STEPS), **told)


def test_a_kill_has_the_limit_of_its_half_hour():
    limits = matrix({(*KEY, "memory"): [1e9, 2e9], (*KEY, "cpu"): [1.0, 1.0]}, 48)
    assert exits("OOMKilled", limits=limits) == [
        ("restart", 4 * STEP, 1.0),
        ("exit", 4 * STEP, 0.0),
        ("oom_kill", 4 * STEP, 1e9),
    ]


def test_a_kill_in_a_half_hour_without_a_limit_has_the_last_one_known():
    limits = np.full(48, np.nan)
    limits[0] = 1e9
    rows = made(
        restarts=matrix({KEY: steps(s100=1)}, STEPS),
        restarts_before=matrix({KEY: 0.0}),
        last_exit=matrix({(*KEY, "OOMKilled"): steps(s100=1)}, STEPS),
        limits=matrix({(*KEY, "memory"): limits}, 48),
    )
    assert rows[-1] == ("oom_kill", 101 * STEP, 1e9)


def test_a_kill_without_any_known_limit_has_none():
    (*_, kill) = exits("OOMKilled")
    assert np.isnan(kill[2])


def test_of_two_reasons_that_are_told_at_once_the_one_that_came_last_is_it():
    """The second kube-state-metrics still tells of the kill in the step of the next exit."""
    told = matrix({(*KEY, "Error"): steps(s3=1, s4=1), (*KEY, "OOMKilled"): steps(s1=1, s2=1, s3=1)}, STEPS)
    (_, last) = made(**ROSE, last_exit=told)
    assert last == ("exit", 4 * STEP, 0.0)
    again = matrix({(*KEY, "Error"): steps(s1=1, s3=1), (*KEY, "OOMKilled"): steps(s2=1, s3=1)}, STEPS)
    assert [e["detail"] for e in events(day(**ROSE, last_exit=again)) if e["event"] == "exit"] == ["Error"]


def test_a_reason_that_is_told_as_nought_is_none():
    """kube-state-metrics 1.x lists all reasons."""
    told = matrix({(*KEY, "OOMKilled"): steps(s3=0), (*KEY, "Completed"): steps(s3=1)}, STEPS)
    assert [e["detail"] for e in events(day(**ROSE, last_exit=told)) if e["event"] == "exit"] == ["Completed"]


def test_an_exit_for_another_reason_is_no_kill():
    assert [event for event, _, _ in exits("Error")] == ["restart", "exit"]
    found = events(day(**ROSE))
    assert found[1]["detail"] == "unknown"


def test_restarts_of_pods_that_nobody_knows_are_left_out():
    assert made(restarts=matrix({("shop", "other", "main"): steps(s3=1)}, STEPS)) == []


JOB = ("shop", "etl-1700000000")


def test_a_jobs_start_and_end_fall_on_their_day():
    found = events(day(job_start=matrix({JOB: MIDNIGHT + 60}), job_end=matrix({JOB: MIDNIGHT + 660})))
    assert [(e["event"], e["value"], e["detail"], e["name"]) for e in found] == [
        ("job_start", 0.0, "etl-1700000000", "etl-*"),
        ("job_end", 600.0, "complete", "etl-*"),
    ]


def test_a_job_of_the_day_before_ends_today_and_did_not_start_today():
    found = made(job_start=matrix({JOB: MIDNIGHT - 60}), job_end=matrix({JOB: MIDNIGHT + 60}))
    assert found == [("job_end", 60.0, 120.0)]


def test_the_midnight_itself_belongs_to_the_day_that_it_ends():
    assert made(job_start=matrix({JOB: MIDNIGHT})) == []
    assert made(job_start=matrix({JOB: MIDNIGHT + DAY}))[0][0] == "job_start"


def test_a_failed_job_has_an_end_without_a_length():
    failed = matrix({JOB: steps(s2=1)}, STEPS)
    found = events(day(job_start=matrix({JOB: MIDNIGHT + 60}), job_failed=failed))
    assert [(e["event"], e["detail"]) for e in found] == [("job_start", "etl-1700000000"), ("job_end", "failed")]
    assert found[1]["at"] == MIDNIGHT + 3 * STEP
    assert np.isnan(found[1]["value"])


def failures(before=None, start=MIDNIGHT - 7200):
    told = {"job_failed": matrix({JOB: steps(s2=1, s3=1)}, STEPS), "job_start": matrix({JOB: start})}
    known = matrix({} if before is None else {JOB: before})
    return [at for event, at, _ in made(job_failed_before=known, **told) if event == "job_end"]


def test_a_job_that_fails_on_a_later_day_than_it_started_ends_on_that_day():
    assert failures(before=0.0) == [3 * STEP]


def test_a_job_that_failed_before_does_not_fail_again_while_it_is_listed():
    assert failures(before=1.0) == []


def test_a_failure_of_a_past_that_nobody_saw_is_none_of_today():
    assert failures(before=None) == []


def test_time_to_ready_is_from_scheduled_to_ready_and_never_negative():
    told = {"pod_ready": matrix({POD: MIDNIGHT + 90})}
    assert made(pod_scheduled=matrix({POD: MIDNIGHT + 60}), **told) == [("ready", 90.0, 30.0)]
    assert made(pod_scheduled=matrix({POD: MIDNIGHT + 120}), **told) == [("ready", 90.0, 0.0)]
    assert made(**told) == []
