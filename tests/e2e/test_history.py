"""A history against a real Prometheus: what was read once is not read again, and what comes later joins exactly."""

import json
import re
from math import isnan

import pytest

from costkit.history.snapshots import read_snapshot
from costkit.history.store import History
from costkit.model.window import HALF_HOUR, STEP
from tests.e2e.stage import END
from tests.history.seen import content

QUERY = re.compile(r"event='query'.*")


def collect(stage, folder, name, *words, at=END):
    """The snapshot, and the queries that it took."""
    out = folder / f"{name}.zip"
    run = stage.costkit("collect", "-v", "-o", out, *words, at=at)
    assert run.code == 3, run.err  # the reader has no right to widgets
    return read_snapshot(out), QUERY.findall(run.err)


@pytest.fixture(scope="module")
def filled(stage, tmp_path_factory):
    """A history that one run has filled."""
    folder = tmp_path_factory.mktemp("filled")
    _, queries = collect(stage, folder, "first", "--history", folder / "history")
    return folder, queries


def test_a_second_run_asks_for_today_alone_and_sees_the_same(stage, filled, tmp_path):
    folder, first = filled
    unkept, _ = collect(stage, tmp_path, "unkept")
    again, second = collect(stage, tmp_path, "again", "--history", folder / "history")
    assert content(again) == content(unkept)
    assert len(second) < len(first) / 8


def test_today_is_read_on_from_where_it_was_and_is_exactly_what_it_would_be_at_once(stage, tmp_path):
    history = tmp_path / "history"
    for hours in (6.5, 4, 3.5, 0.5, 0):
        kept = ("--history", history, "--window", "1d")
        later, _ = collect(stage, tmp_path, f"at-{hours}", *kept, at=END - hours * 3600)
    at_once, _ = collect(stage, tmp_path, "at-once", "--window", "1d")
    assert content(later) == content(at_once)
    today = at_once.frames.nodes.to_pylist()[-1]
    assert sum(not isnan(value) for value in today["cpu_p95"]) == 9


def test_only_half_hours_that_are_lacking_are_asked_for(stage, tmp_path):
    history = tmp_path / "history"
    collect(stage, tmp_path, "first", "--history", history, "--window", "1d", at=END - 3600)
    _, queries = collect(stage, tmp_path, "second", "--history", history, "--window", "1d")
    steps = [q for q in queries if "by (namespace,pod,container) (rate(container_cpu" in q]
    today = min(int(n) / int(m) for m, n in re.findall(r"series=(\d+) samples=(\d+)", "\n".join(steps)))
    assert 0.9 * (3600 + HALF_HOUR) / STEP < today <= (3600 + HALF_HOUR) / STEP


def test_a_first_fill_goes_back_as_far_as_there_is_data_whatever_the_window(stage, tmp_path):
    history = tmp_path / "history"
    seen, _ = collect(stage, tmp_path, "first", "--history", history, "--window", "3d")
    days = History.open(str(history)).days(seen.cluster.id)
    kept = days.midnights()
    assert len(kept) >= 14
    assert len(set(seen.frames.usage["day"].to_pylist())) == 4


def test_small_bounds_give_the_same_content(stage, tmp_path):
    whole, few = collect(stage, tmp_path, "whole", "--window", "2d")
    parts, many = collect(stage, tmp_path, "parts", "--window", "2d", "--max-samples", "6000")
    assert content(parts) == content(whole)
    assert len(many) > 2 * len(few)
    most = max(int(n) for n in re.findall(r"samples=(\d+)", "\n".join(many)))
    assert most <= 6000 * 2


def test_past_its_deadline_a_run_ends_with_the_days_it_has(stage, tmp_path):
    history, out = tmp_path / "history", tmp_path / "late.zip"
    run = stage.costkit("collect", "-o", out, "--history", history, "--deadline", "2s")
    assert run.code == 3, run.err
    assert "deadline" in run.err
    assert "Traceback" not in run.err
    late = read_snapshot(out)
    again, _ = collect(stage, tmp_path, "again", "--history", history)
    whole, _ = collect(stage, tmp_path, "whole")
    assert content(again) == content(whole)
    assert json.dumps([row.detail for row in late.coverage if row.source == "deadline"]).count("days were read") == 1
