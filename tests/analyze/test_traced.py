"""A snapshot's sketches as traces, against the samples that the sketches were made of."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from costkit.analyze.digest import digest
from costkit.analyze.traced import traces_of
from costkit.demo.source import DemoSource
from costkit.model.day import Wanted
from costkit.model.sketch import FLOORS
from costkit.model.snapshot import Snapshot
from costkit.model.trace import Trace
from costkit.model.usage import PAST, frame, subject
from costkit.model.window import DAY, HALF_HOURS, Window
from costkit.pipeline import observe
from costkit.progress import Silent
from tests.analyze.clusters import snapshot
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage
from tests.history.seen import AT, TODAY

GIB = 2.0**30
DAYS = 2
RANDOM = np.random.default_rng(43)


@pytest.fixture(scope="module")
def demo() -> Snapshot:
    return observe(DemoSource(AT, days=DAYS), Window(TODAY - DAYS * DAY, TODAY), AT, Silent())


@pytest.fixture(scope="module")
def traces(demo: Snapshot) -> dict[str, Trace]:
    return {trace.series_id: trace for trace in traces_of(demo)}


@pytest.fixture(scope="module")
def raw() -> dict[tuple[str, str, float], list[np.ndarray[tuple[int], np.dtype[np.float64]]]]:
    """(container, resource, midnight) -> the samples of each pod with any."""
    found: dict[tuple[str, str, float], list[np.ndarray[tuple[int], np.dtype[np.float64]]]] = {}
    midnights = [TODAY - day * DAY for day in range(1, DAYS + 1)]
    for one in DemoSource(AT, days=DAYS).observe(Wanted(Window(day, day + DAY)) for day in midnights):
        for held in one.samples:
            for pod, row in zip(held.series, held.values, strict=True):
                seen = row[np.isfinite(row)]
                if len(seen):
                    found.setdefault((str(pod.target), held.resource, one.day), []).append(seen)
    return found


def on(use, midnight):
    """One day's samples, each as often as it is meant."""
    day = use.between(midnight, midnight + DAY)
    assert set(day.at.tolist()) <= {midnight + DAY / 2}
    return np.repeat(day.values, day.counts)


def test_every_container_that_was_sampled_is_a_trace(traces, raw):
    assert sorted(traces) == sorted({name for name, resource, _ in raw if resource != "gpu"})
    assert len(traces) > 50


def test_a_cpu_day_has_the_hottest_pods_samples_and_their_p95(traces, raw):
    compared = 0
    for (name, resource, midnight), pods in raw.items():
        long = [pod for pod in pods if len(pod) >= 72]
        if resource != "cpu" or not long:
            continue
        found = on(traces[name].cpu, midnight)
        p95s = [np.quantile(pod, 0.95, method="inverted_cdf") for pod in long]
        (same,) = [pod for pod, p95 in zip(long, p95s, strict=True) if p95 == max(p95s)][:1]
        assert len(found) in {len(pod) for pod in long}
        read = np.quantile(found, 0.95, method="inverted_cdf")
        exact = max(np.quantile(same, 0.95, method="inverted_cdf"), min(FLOORS["cpu"], same.max()))
        assert exact * (1 - 1e-6) <= read <= exact * 1.01 * (1 + 1e-6)
        compared += 1
    assert compared > 50


def test_a_memory_days_highest_sample_is_the_exact_peak_of_all_pods(traces, raw):
    compared = 0
    for (name, resource, midnight), pods in raw.items():
        if resource == "memory":
            assert on(traces[name].memory, midnight).max() == max(pod.max() for pod in pods)
            compared += 1
    assert compared > 50


def test_samples_are_in_the_order_of_their_days(traces):
    for trace in traces.values():
        for use in (trace.cpu, trace.memory):
            assert (np.diff(use.at) >= 0).all()
            assert (use.counts > 0).all()


def limits(*days, target=API):
    """A signal of the memory limit: (day, its half hours) pairs; None for a half hour that nobody saw."""
    return frame(
        "signals",
        [
            {
                "day": MIDNIGHT + day * DAY,
                "signal": "limit_memory",
                "detail": "",
                **subject(target),
                "half_hours": np.resize([np.nan if value is None else value for value in values], HALF_HOURS),
            }
            for day, values in days
        ],
    )


def capped(*days):
    used = usage(*(samples((series(), flat(GIB)), resource="memory", day=day) for day in range(10)))
    (trace,) = traces_of(snapshot(days=10, usage=used, signals=limits(*days)))
    return [trace.cap(MIDNIGHT + day * DAY + DAY / 2) / GIB for day in range(10)]


def test_the_cap_is_the_highest_memory_limit_of_its_day_and_holds_until_another_is_seen():
    found = capped((2, [2 * GIB, None]), (5, [3 * GIB, 4 * GIB]))
    assert found == [2.0] * 5 + [4.0] * 5


def test_a_day_on_which_no_limit_was_seen_has_none():
    assert capped((0, [2 * GIB]), (4, [None])) == [2.0] * 4 + [np.inf] * 6
    assert capped() == [np.inf] * 10


def test_other_signals_and_other_containers_are_no_cap():
    used = usage(samples((series(), flat(GIB)), resource="memory"))
    other = limits((0, [GIB]), target=replace(API, name="web"))
    cpu = limits((0, [1.0])).set_column(6, "signal", pa.array(["limit_cpu"]))
    (trace,) = traces_of(snapshot(days=1, usage=used, signals=pa.concat_tables([other, cpu])))
    assert trace.cap(MIDNIGHT + DAY) == np.inf


def test_a_container_of_one_resource_has_no_use_of_the_other():
    (trace,) = traces_of(snapshot(days=1, usage=usage(samples((series(), flat(0.2))))))
    assert (trace.cpu.samples, trace.memory.samples, str(API)) == (288, 0, trace.series_id)


def test_another_pods_memory_of_minutes_is_the_days_peak_all_the_same():
    canary = samples((series("old"), flat(GIB)), (series("new", "r2"), flat(3 * GIB, 0, 4)), resource="memory")
    (trace,) = traces_of(snapshot(days=1, usage=usage(canary)))
    assert trace.memory.values.max() == 3 * GIB


def test_days_before_the_window_are_part_of_the_trace():
    rows = RANDOM.lognormal(-2, 0.5, (4, 288))
    whole = pa.concat_tables([digest(samples((series(), row), day=day)) for day, row in enumerate(rows)])
    before = pc.less(whole["day"], MIDNIGHT + 2 * DAY)
    of = replace(snapshot(days=4, usage=whole.filter(pc.invert(before))), past=whole.filter(before).select(PAST.names))
    (trace,) = traces_of(of)
    assert sorted(set(trace.cpu.at.tolist())) == [MIDNIGHT + (day + 0.5) * DAY for day in range(4)]
    assert trace.cpu.values.max() == rows.max()


def test_of_no_usage_there_is_no_trace():
    assert traces_of(snapshot(days=1)) == ()
