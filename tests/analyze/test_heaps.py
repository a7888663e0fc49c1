"""A heap that follows its memory limit, told by limits that were in force; use that stays as it is, is none."""

import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from benchmarks.study import made
from costkit.analyze.facts import study
from costkit.analyze.heaps import Heap, Under, heaps
from costkit.model.listed import Present
from costkit.model.usage import empty, frame, subject
from costkit.model.window import DAY, HALF_HOURS, STEPS
from tests.analyze.clusters import GIB, cluster, pod, snapshot, spec, workload
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage

PER_HALF_HOUR = STEPS // HALF_HOURS


def in_force(day, *limits, target=API, name="limit_memory"):
    """`limits`: pairs of the half hour from which one is in force, and its bytes."""
    half_hours = np.full(HALF_HOURS, np.nan, np.float32)
    for first, limit in limits:
        half_hours[first:] = limit
    return {"day": MIDNIGHT + day * DAY, **subject(target), "signal": name, "detail": "", "half_hours": half_hours}


def day_of(day, *parts, target=API):
    """`parts`: first half hour, limit, peak; a revision each. The day's samples and its row of limits."""
    ends = [first for first, _, _ in parts[1:]] + [HALF_HOURS]
    pods = [
        (series(f"api-{limit:g}", f"r{limit:g}", target=target), flat(peak, first * PER_HALF_HOUR, end * PER_HALF_HOUR))
        for (first, limit, peak), end in zip(parts, ends, strict=True)
    ]
    limits = [(first, limit) for first, limit, _ in parts]
    return samples(*pods, resource="memory", day=day), in_force(day, *limits, target=target)


def frames(*days):
    return usage(*(used for used, _ in days)), frame("signals", [limit for _, limit in days])


def ran(*spells):
    """`spells`: days, limit and peak in GiB, one after the other."""
    days = [(limit, peak) for count, limit, peak in spells for _ in range(count)]
    return [day_of(day, (0, limit * GIB, peak * GIB)) for day, (limit, peak) in enumerate(days)]


def found(*spells):
    heap = heaps(*frames(*ran(*spells))).get(API)
    return None if heap is None else tuple((under.limit / GIB, pytest.approx(under.share, abs=1e-6)) for under in heap)


def test_peaks_that_are_half_of_either_limit_follow_it():
    assert found((5, 8, 4), (2, 5, 2.5)) == ((8, 0.5), (5, 0.5))
    assert found((2, 5, 2.5), (5, 8, 4)) == ((5, 0.5), (8, 0.5))


def test_peaks_that_stay_where_they_were_do_not():
    assert found((7, 8, 4), (7, 5, 4)) is None
    assert found((7, 8, 4), (7, 6.4, 4)) is None


def test_shares_that_are_within_a_tenth_are_one_and_the_highest_peak_of_each_limit_counts():
    assert found((5, 8, 4), (1, 5, 1), (1, 5, 2.7), (1, 5, 0.2)) == ((8, 0.5), (5, 0.54))
    assert found((5, 8, 4), (2, 5, 2.8)) is None
    assert found((5, 8, 4), (2, 5, 2.2)) is None


def test_limits_that_are_near_tell_nothing():
    assert found((5, 8, 4), (5, 6.8, 3.4)) is None
    assert found((5, 8, 4), (5, 6.6, 3.3)) is not None


def test_a_limit_of_one_day_tells_nothing():
    assert found((5, 8, 4), (1, 5, 2.5)) is None
    assert found((1, 8, 4), (5, 5, 2.5)) is None


def test_a_small_share_is_no_heap_and_one_near_the_limit_is_held_down_by_it():
    assert found((5, 8, 1.9), (5, 5, 1.2)) is None
    assert found((5, 8, 2), (5, 5, 1.25)) is not None
    assert found((5, 4, 3.9), (5, 6, 5.9)) is None, "a leak, or what needs more: it grows until it is killed"
    assert found((5, 4, 3.5), (5, 6, 5.3)) is not None


def test_the_last_limit_decides_and_of_several_earlier_ones_the_farthest_is_told():
    assert found((3, 8, 4), (3, 5, 2.5), (3, 3, 2.5)) is None
    assert found((3, 6, 4.2), (3, 8, 4), (3, 5, 2.5)) == ((8, 0.5), (5, 0.5))
    assert found((3, 8, 4), (3, 6, 3), (3, 4, 2)) == ((8, 0.5), (4, 0.5))


def test_one_limit_all_the_time_and_no_series_of_limits_tell_nothing():
    assert found((14, 8, 4)) is None
    assert heaps(frames(*ran((3, 8, 4)))[0], empty("signals")) == {}
    assert heaps(empty("usage"), frames(*ran((3, 8, 4), (3, 4, 2)))[1]) == {}


def test_a_limit_that_changes_within_days_is_told_by_the_half_hours():
    """Each night at 02:00, as a nightly run would: no limit has a whole day but the first."""
    days = [*ran((3, 8, 4)), day_of(3, (0, 8 * GIB, 4 * GIB), (4, 5 * GIB, 2.5 * GIB))]
    assert heaps(*frames(*days)) == {}

    days.append(day_of(4, (0, 5 * GIB, 2.5 * GIB), (4, 3 * GIB, 1.5 * GIB)))
    assert heaps(*frames(*days)) == {API: Heap(Under(8 * GIB, 4 * GIB), Under(5 * GIB, 2.5 * GIB))}


def test_steady_use_under_a_limit_that_changes_within_days_is_none():
    changes = [(8, 5), (5, 3), (3, 5)]
    days = [day_of(day, (0, old * GIB, 2 * GIB), (4, new * GIB, 2 * GIB)) for day, (old, new) in enumerate(changes)]
    assert heaps(*frames(*days, *ran((0, 5, 2)))) == {}


def test_half_hours_without_a_known_limit_count_under_the_days_only_one():
    used = [used for used, _ in ran((3, 8, 4), (3, 5, 2.5))]
    limits = [in_force(day, (40, (8 if day < 3 else 5) * GIB)) for day in range(6)]
    assert API in heaps(usage(*used), frame("signals", limits))
    limits[4] = in_force(4)
    limits[5] = in_force(5)
    assert heaps(usage(*used), frame("signals", limits)) == {}


def test_a_limit_of_cpu_and_use_of_cpu_are_not_the_memorys():
    days = ran((3, 8, 4), (3, 5, 2.5))
    signals = [{**limit, "signal": "limit_cpu"} for _, limit in days]
    assert heaps(usage(*(used for used, _ in days)), frame("signals", signals)) == {}
    cpu = [samples((series(), flat((4 if day < 3 else 2.5) * GIB)), day=day) for day in range(6)]
    assert heaps(usage(*cpu), frame("signals", [limit for _, limit in days])) == {}


def test_each_container_is_judged_by_its_own_limits_whatever_the_order_of_the_rows():
    other = API.of("sidecar")
    steady = [day_of(day, (0, (8 if day < 3 else 5) * GIB, 3 * GIB), target=other) for day in range(6)]
    used, signals = frames(*ran((3, 8, 4), (3, 5, 2.5)), *steady)
    assert set(heaps(used, signals)) == {API}
    assert heaps(used.take(list(range(12))[::-1]), signals.take([*range(1, 12, 2), *range(0, 12, 2)])) == heaps(
        used, signals
    )


def studied(spells, **fields):
    """The memory limit that is in force is the last one's."""
    now = spec(**{"limits": {"memory": spells[-1][1] * GIB}, **fields})
    used, signals = frames(*ran(*spells))
    of = cluster(workloads=Present((workload(now),)), pods=Present((pod("api-1", now),)))
    (container,) = study(snapshot(of, days=14, usage=used, signals=signals), ()).containers
    return [(verdict.code, verdict.detail) for verdict in container.verdicts]


def test_it_is_a_verdict_with_both_limits():
    words = "its peaks are 50% of the limit under 8Gi and under 5Gi: its heap follows the limit"
    assert studied([(3, 8, 4), (3, 5, 2.5)]) == [("heap-bound", words)]
    assert "50% of the limit under 8Gi and 54% under 5Gi" in studied([(3, 8, 4), (3, 5, 2.7)])[0][1]
    assert studied([(3, 8, 4), (3, 5, 4)]) == []


def test_a_revision_of_its_own_for_each_limit_is_not_forgotten_when_it_counts_alone():
    assert [code for code, _ in studied([(6, 8, 4), (8, 5, 2.5)])] == ["heap-bound"]


def test_a_flag_says_it_first_and_without_a_limit_nothing_is_followed():
    assert studied([(3, 8, 4), (3, 5, 2.5)], memory_reader="GOMEMLIMIT")[0][1].startswith("GOMEMLIMIT: its heap")
    assert studied([(3, 8, 4), (3, 5, 2.5)], limits={"cpu": 1.0}) == []


def test_no_python_step_is_taken_for_a_row():
    """Every container of a fleet had its limit cut by half, and uses half of it."""
    whole = made(500, 14).frames
    signals = whole.signals.filter(pc.equal(whole.signals["signal"], "limit_memory"))
    cut = signals["day"].to_numpy() >= np.median(signals["day"].to_numpy())
    limits = np.repeat(np.where(cut, 4 * GIB, 8 * GIB), HALF_HOURS).astype(np.float32)
    lists = pa.FixedSizeListArray.from_arrays(pa.array(limits), HALF_HOURS)
    signals = signals.set_column(signals.schema.get_field_index("half_hours"), "half_hours", lists)
    peaks = np.where(whole.usage["day"].to_numpy() >= np.median(whole.usage["day"].to_numpy()), 2 * GIB, 4 * GIB)
    used = whole.usage.set_column(whole.usage.schema.get_field_index("peak"), "peak", pa.array(peaks))
    before = time.process_time()

    assert len(heaps(used, signals)) == 500
    assert time.process_time() - before < 0.5
