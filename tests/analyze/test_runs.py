"""How often CronJobs ran, and that fewer than 3 runs decline a size with their number."""

import pytest

from costkit.analyze.facts import study
from costkit.analyze.runs import Runs
from costkit.model.listed import Present
from costkit.model.target import Target
from costkit.model.usage import empty, frame, subject
from tests.analyze.clusters import cluster, snapshot, workload
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage

REPORT = Target("shop", "CronJob", "report", "main", "batch/v1")


def started(*names, target=REPORT):
    rows = [
        {"day": MIDNIGHT, **subject(target.workload), "pod": "", "at": MIDNIGHT + i, "event": "job_start", "value": 0.0,
         "detail": name}
        for i, name in enumerate(names)
    ]  # fmt: skip
    return frame("events", rows)


def ran(*pods, resources=("cpu", "memory")):
    """`pods`: how many ran on each day."""
    return usage(
        *[
            samples(
                *[(series(f"r-{day}-{i}", target=REPORT), flat(1.0, 0, 24)) for i in range(n)], resource=of, day=day
            )
            for day, n in enumerate(pods)
            for of in resources
        ]
    )


def test_jobs_that_started_are_runs_each_once():
    assert Runs(ran(1, 1), started("a", "b", "b")).of(REPORT) == 2


def test_without_series_of_jobs_the_pods_of_each_day_are():
    assert Runs(ran(1, 2, 1), empty("events")).of(REPORT) == 4
    assert Runs(ran(1, resources=("memory",)), empty("events")).of(REPORT) == 1


def test_one_of_which_no_start_is_told_while_others_are_did_not_run():
    other = Target("shop", "CronJob", "other", "", "batch/v1")
    assert Runs(ran(1), started("a", target=other)).of(REPORT) == 0


def test_of_other_kinds_and_of_one_that_nothing_tells_of_nothing_is_said():
    runs = Runs(empty("usage"), empty("events"))
    assert (runs.of(API), runs.of(REPORT)) == (None, None)


def verdicts(*names, days=(1, 1)):
    of = cluster(workloads=Present((workload(target=REPORT.workload),)), pods=Present(()))
    (found,) = study(snapshot(of, usage=ran(*days), events=started(*names)), ()).containers
    return [(verdict.code, verdict.detail) for verdict in found.verdicts]


@pytest.mark.parametrize(("names", "words"), [(["a"], "1 run in"), (["a", "b"], "2 runs in")])
def test_fewer_than_three_runs_decline_with_their_number(names, words):
    assert verdicts(*names) == [("too-few-runs", f"{words} the window, 3 are wanted before a size")]


def test_three_runs_are_enough():
    assert verdicts("a", "b", "c") == []


def test_pods_of_two_days_are_two_runs_and_of_three_days_three():
    assert verdicts()[0][1].startswith("2 runs")
    assert verdicts(days=(1, 1, 1)) == []
