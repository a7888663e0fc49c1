"""From the frame `usage` what the rule reads of all containers: the same as from the samples themselves."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from costkit.analyze.cut import cut
from costkit.analyze.facts import study
from costkit.analyze.fleet import fleets
from costkit.analyze.revisions import current
from costkit.model.target import Target
from costkit.model.trace import Use
from costkit.model.usage import PAST, empty
from costkit.model.window import DAY, STEP, STEPS
from tests.analyze import slowly
from tests.analyze.clusters import snapshot
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage
from tests.analyze.traces import trace

RANDOM = np.random.default_rng(41)
FIRST = round(MIDNIGHT / DAY)
LEVEL = {"cpu": 0.2, "memory": 3e8}
KNOWN = ("usual", "peak", "median", "days", "age")
WEB = Target("shop", "Deployment", "web", "main")


def wandering(days, level):
    """A row of 288 samples a day."""
    return level * RANDOM.lognormal(0, 0.3, (days, 1)) * RANDOM.lognormal(0, 0.5, (days, STEPS))


def table(rows, resource="cpu", first=0, **fields):
    """The usage of one pod; days whose row is None have no samples."""
    return usage(
        *(
            samples((series(**fields), row), resource=resource, day=first + day)
            for day, row in enumerate(rows)
            if row is not None
        )
    )


def end(day):
    return MIDNIGHT + day * DAY


def fleet(frame, days, resource="cpu"):
    return fleets(frame, frame, end(days))[resource]


def known(past, place=0):
    return {name: float(getattr(past, name)[place]) for name in KNOWN}


def held(weeks, place):
    return slice(weeks.offsets[place], weeks.offsets[place + 1])


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_what_is_known_now_is_what_a_look_at_each_sample_says(resource):
    rows = wandering(40, LEVEL[resource])
    gaps = [None if day in (3, 20, 21, 38) else row for day, row in enumerate(rows)]
    found = fleet(table(gaps, resource), 40, resource)
    at = MIDNIGHT + STEP * np.arange(40 * STEPS)
    seen = ~np.isin(np.arange(40).repeat(STEPS), [3, 20, 21, 38])
    told = slowly.past(at[seen], rows.ravel()[seen], end(40), resource)
    assert found.places == {API: 0}
    assert known(found.now) == pytest.approx(told)


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_weeks_that_are_over_are_those_that_its_samples_are_cut_into(resource):
    """35 days from a midnight on: whole weeks from the front are whole weeks from the back."""
    rows = wandering(35, LEVEL[resource])
    weeks = fleet(table(rows, resource), 35, resource).weeks
    use = Use(MIDNIGHT + STEP * np.arange(35.0 * STEPS), rows.ravel(), np.ones(35 * STEPS, np.int64))
    same = cut([trace(**{resource: use})], resource).weeks
    assert (weeks.start.tolist(), weeks.end[:-1].tolist()) == (same.start.tolist(), same.end[:-1].tolist())
    assert weeks.start.tolist() == [end(day) for day in (7, 14, 21, 28)]
    for place in range(4):
        assert known(weeks.past, place) == pytest.approx(known(same.past, place))
    assert weeks.peak.tolist() == same.peak.tolist()
    assert weeks.p95 == pytest.approx(same.p95 if resource == "cpu" else same.peak)


def test_a_week_of_cpu_has_its_samples_at_their_upper_edges():
    rows = wandering(21, LEVEL["cpu"])
    weeks = fleet(table(rows), 21).weeks
    assert weeks.samples.tolist() == [7 * STEPS, 7 * STEPS]
    values, counts = weeks.values[held(weeks, 1)], weeks.counts[held(weeks, 1)]
    read, exact = np.sort(np.repeat(values, counts)), np.sort(rows[14:].ravel())
    assert (read >= exact * (1 - 1e-9)).all()
    assert (read <= exact * 1.01 * (1 + 1e-9)).all()


def test_a_week_of_memory_has_its_days_peaks():
    rows = wandering(21, LEVEL["memory"])
    weeks = fleet(table(rows, "memory"), 21, "memory").weeks
    assert weeks.values[held(weeks, 1)].tolist() == rows[14:].max(axis=1).tolist()
    assert weeks.judge(weeks.peak).above.tolist() == [0.0, 0.0]
    assert (weeks.judge(weeks.peak * 0.999).above > 0).all()


def replicas(day, hot):
    """Ten pods, of which one is busy."""
    pods = [(series(f"api-{i}"), row) for i, row in enumerate(wandering(9, 0.02))]
    return samples(*pods, (series("hot"), hot), day=day)


def test_of_ten_replicas_the_hot_one_is_what_is_known_and_what_weeks_are_judged_by():
    hot = wandering(21, 0.3)
    found = fleet(usage(*(replicas(day, row) for day, row in enumerate(hot))), 21)
    at = MIDNIGHT + STEP * np.arange(21 * STEPS)
    told = slowly.past(at, hot.ravel(), end(21), "cpu")
    assert known(found.now) == pytest.approx(told, rel=1e-6)
    week = hot[14:].ravel()
    assert found.weeks.samples.tolist() == [7 * STEPS] * 2
    assert found.weeks.p95[1] == pytest.approx(slowly.read(week, 0.95, "cpu"))
    pooled = 0.15
    judged = found.weeks.judge(np.full(2, pooled))
    assert judged.above[1] == pytest.approx(np.sum(week > pooled), abs=0.01 * len(week))
    assert judged.above[1] > 0.5 * 7 * STEPS


def test_another_pods_spike_is_no_peak_of_the_hottest():
    spiky = flat(0.1)
    spiky[10] = 5.0
    days = [samples((series("spiky"), spiky), (series("busy"), flat(0.5)), day=day) for day in range(14)]
    found = fleet(usage(*days), 14)
    assert (found.now.peak.tolist(), found.weeks.peak.tolist()) == ([0.5], [0.5])


def test_a_canary_of_minutes_is_in_no_cpu_week_but_its_memory_peak_is():
    def of(resource, level):
        return usage(
            *(
                samples(
                    (series("old"), flat(level)),
                    (series("canary", "r2"), flat(9 * level, 0, 4)),
                    resource=resource,
                    day=day,
                )
                for day in range(14)
            )
        )

    cpu, memory = fleet(of("cpu", 0.2), 14), fleet(of("memory", 1e8), 14, "memory")
    assert (cpu.now.peak.tolist(), cpu.weeks.peak.tolist()) == ([0.2], [0.2])
    assert (memory.now.peak.tolist(), memory.weeks.peak.tolist()) == ([9e8], [9e8])


@pytest.mark.parametrize(("days", "weeks"), [(range(14, 19), 2), (range(15, 19), 1), (range(14, 21), 2)])
def test_a_week_needs_five_days_with_samples(days, weeks):
    rows = [flat(0.2) if day < 14 or day in days else None for day in range(21)]
    assert len(fleet(table(rows), 21).weeks) == weeks


def test_a_week_needs_a_week_before_it():
    assert len(fleet(table([flat(0.2)] * 13), 13).weeks) == 0
    found = fleet(table([flat(0.2)] * 14), 14).weeks
    assert (found.start.tolist(), found.past.age.tolist()) == ([end(7)], [7.0])


def test_the_day_in_progress_is_known_but_in_no_week():
    rows = [*[flat(0.2)] * 14, flat(0.9, 0, 144)]
    found = fleets(table(rows), table(rows), end(14.5))["cpu"]
    assert (found.now.peak.tolist(), found.now.days.tolist(), found.now.age.tolist()) == ([0.9], [15.0], [15.0])
    assert (found.weeks.start.tolist(), found.weeks.peak.tolist()) == ([end(7)], [0.2])
    over = fleets(table(rows), table(rows), end(15))["cpu"]
    assert (over.weeks.start.tolist(), over.weeks.peak.tolist()) == ([end(8)], [0.9])


def test_of_those_that_began_at_other_times_each_has_weeks_of_its_own_and_earlier_ends_stand_first():
    late = table([flat(0.5)] * 18, first=10, pod="web-1", target=WEB)
    found = fleet(pa.concat_tables([table([flat(0.2)] * 28), late]), 28)
    assert found.places == {API: 0, WEB: 1}
    weeks = list(
        zip(found.weeks.start.tolist(), found.weeks.series.tolist(), found.weeks.past.age.tolist(), strict=True)
    )
    assert weeks == [(end(7), 0, 7.0), (end(14), 0, 14.0), (end(21), 0, 21.0), (end(21), 1, 11.0)]
    assert known(found.now, 1) == {"usual": 0.5, "peak": 0.5, "median": 0.5, "days": 18.0, "age": 18.0}


def rolled(old, new, resource="cpu", **fields):
    """Days at one level by revision r1, then days at another by r2."""
    return pa.concat_tables(
        [
            table([flat(old[1])] * old[0], resource, revision="r1", **fields),
            table([flat(new[1])] * new[0], resource, first=old[0], revision="r2", **fields),
        ]
    )


@pytest.mark.parametrize(("new", "peak", "days", "weeks"), [(7, 0.2, 7.0, [0.8, 0.2]), (6, 0.8, 26.0, [0.8, 0.8])])
def test_a_new_revision_is_known_alone_from_seven_days_on_and_weeks_are_of_all(new, peak, days, weeks):
    frame = rolled((20, 0.8), (new, 0.2))
    found = fleets(frame, current(frame)[0], end(20 + new))["cpu"]
    assert (found.now.peak.tolist(), found.now.days.tolist()) == ([peak], [days])
    assert found.now.age.tolist() == [days]
    assert (found.weeks.series.tolist(), found.weeks.peak.tolist()) == ([0, 0], weeks)


def test_a_revision_of_one_resource_alone_does_not_move_the_others_to_anothers_place():
    """The first container's new revision has memory only: nothing is known of its CPU now, its weeks stay its own."""
    first = replace(API, name="aaa")
    gone = pa.concat_tables([table([flat(0.8)] * 20, target=first), table([flat(1e8)] * 20, "memory", target=first)])
    alone = table([flat(1e8)] * 8, "memory", first=20, revision="r2", target=first)
    frame = pa.concat_tables([gone, alone, table([flat(0.2)] * 28)])
    found = fleets(frame, current(frame)[0], end(28))["cpu"]
    assert first not in found.places
    place = found.places[API]
    assert known(found.now, place)["peak"] == 0.2
    own = found.weeks.series == place
    assert set(found.weeks.peak[own].tolist()) == {0.2}
    assert set(found.weeks.peak[~own].tolist()) == {0.8}


def test_the_hottest_of_two_node_classes_counts_and_its_day_is_one():
    rows = wandering(14, 0.2)
    idle = table(rows * 0.1, node_class="c5/spot", pod="idle")
    found = fleet(pa.concat_tables([idle, table(rows)]), 14)
    assert known(found.now) == pytest.approx(known(fleet(table(rows), 14).now))
    assert found.weeks.samples.tolist() == [7 * STEPS]


def test_days_before_the_window_are_known_by_the_rule():
    rows = [*[flat(0.9)] * 14, *[flat(0.2)] * 14]
    whole = table(rows)
    before = pc.less(whole["day"], end(14))
    seen = snapshot(days=28, usage=whole.filter(pc.invert(before)))
    alone = study(seen, ()).fleets["cpu"]
    found = study(replace(seen, past=whole.filter(before).select(PAST.names)), ()).fleets["cpu"]
    assert (known(alone.now)["peak"], known(alone.now)["days"], len(alone.weeks)) == (0.2, 14.0, 1)
    assert (known(found.now)["peak"], known(found.now)["days"], len(found.weeks)) == (0.9, 28.0, 3)
    assert known(found.now)["usual"] == pytest.approx(0.2)


def test_of_no_usage_nothing_is_known():
    for resource, found in fleets(empty("usage"), empty("usage"), end(3)).items():
        assert (found.places, len(found.weeks), len(found.now.peak)) == ({}, 0, 0), resource


def test_the_order_of_rows_changes_nothing():
    frame = pa.concat_tables([table(wandering(15, 0.2)), table(wandering(15, 0.3), target=WEB, pod="web-1")])
    turned = frame.take(RANDOM.permutation(frame.num_rows))
    one, other = (fleet(of, 15) for of in (frame, turned))
    assert (known(one.now, 1), one.places) == (known(other.now, 1), other.places)
    assert one.weeks.values.tolist() == other.weeks.values.tolist()
