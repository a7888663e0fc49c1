"""`costkit backtest`: from a file, a snapshot or a history to a table, data, a page and a file of weeks."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from costkit.history.store import History
from costkit.model.window import DAY
from tests.cli.command import USAGE, Call, complaint
from tests.cli.traces import write_traces
from tests.history.seen import TODAY, day


@pytest.fixture
def traces(tmp_path: Path) -> Path:
    return write_traces(tmp_path / "t.csv")


def document(call: Call, *words: str | Path) -> dict[str, Any]:
    done = call("backtest", *words, "-o", "json")
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_the_table_sets_our_targets_beside_the_others_rules(call: Call, traces: Path) -> None:
    done = call("backtest", "--traces", traces)
    rows = [line.split() for line in done.out.splitlines()]
    cpu = rows[2 : rows.index([])]

    assert (done.code, done.err) == (0, "")
    assert [row[:3] for row in cpu[:5]] == [
        ["costkit", "5", "%"], ["costkit", "10", "%"], ["costkit", "20", "%"],
        ["KRR", "none", cpu[3][2]], ["VPA", "none", cpu[4][2]],
    ]  # fmt: skip
    assert all(row[0].startswith("p9") for row in cpu[5:])
    assert {row[-1] for row in cpu} == {str(3 * 2)}  # weeks from days 14 and 21; of the third too little is left


def test_the_document_has_the_rules_of_both_resources(call: Call, traces: Path) -> None:
    found = document(call, "--traces", traces, "--targets", "7.5%,15%", "--memory-targets", "4%")
    ours = [(rule["resource"], rule["target"]) for rule in found["rules"] if rule["rule"] == "costkit"]

    assert (found["kind"], found["series"]) == ("Backtest", 3)
    assert ours == [("cpu", 0.075), ("cpu", 0.15), ("memory", 0.04)]


def test_a_target_that_is_said_twice_is_tried_once(call: Call, traces: Path) -> None:
    found = document(call, "--traces", traces, "--targets", "10%, 0.1")
    assert [rule["target"] for rule in found["rules"] if rule["rule"] == "costkit"][:2] == [0.1, 0.01]


def test_the_weeks_are_written_and_are_those_that_were_counted(call: Call, traces: Path, tmp_path: Path) -> None:
    found = document(call, "--traces", traces, "--weeks", "weeks.parquet")
    rows = pq.read_table(tmp_path / "weeks.parquet").to_pylist()

    assert len(rows) == sum(rule["weeks"] for rule in found["rules"])
    assert {row["week"] for row in rows} == {14 * DAY, 21 * DAY}
    assert sorted({row["series_id"] for row in rows}) == ["s0", "s1", "s2"]


def test_the_page_goes_to_a_file_or_to_stdout(call: Call, traces: Path, tmp_path: Path) -> None:
    to_file = call("backtest", "--traces", traces, "-o", "tried.html")
    printed = call("backtest", "--traces", traces, "-o", "html")

    assert (to_file.code, to_file.out) == (0, "")
    assert to_file.err == "tried.html: open it in a browser, it needs no network\n"
    assert (tmp_path / "tried.html").read_text() == printed.out
    assert printed.out.startswith("<!doctype html>")


def test_what_was_strange_in_the_file_is_said(call: Call, tmp_path: Path) -> None:
    path = write_traces(tmp_path / "t.csv")
    path.write_text(path.read_text() + "s0,0,99,1,\nempty,0,,,\n")

    assert document(call, "--traces", path)["notes"][:2] == [
        "rows that repeat a moment of their series: 1; the highest value of each moment was taken",
        "series that hold no sample and were left out: 1",
    ]


def test_series_that_are_too_short_have_no_week(call: Call, tmp_path: Path) -> None:
    done = call("backtest", "--traces", write_traces(tmp_path / "t.csv", days=13))

    assert done.code == 0
    assert done.out.startswith("3 series.\nNo week to try a rule on: ")


def test_a_snapshot_is_tried_on_its_containers(call: Call, demo_file: Path) -> None:
    assert document(call, "--snapshot", demo_file)["series"] > 50


def test_a_history_is_tried_on_the_days_of_its_one_cluster_or_of_the_one_that_is_named(call: Call) -> None:
    history = History.open("h")
    history.days("first").put(day(TODAY - DAY), None)
    one = document(call, "--history", "h")
    history.days("second").put(day(TODAY - DAY), None)
    many = complaint(call("backtest", "--history", "h"), USAGE)

    assert "2 clusters" in many
    assert document(call, "--history", "h", "--cluster-id", "second") == one
    assert one["series"] > 50


WORDS = {
    "no source": ((), "one place"),
    "two sources": (("--traces", "t.csv", "--snapshot", "s.zip"), "one place"),
    "a file that is not there": (("--traces", "nowhere.csv"), "nowhere.csv"),
    "a folder for traces": (("--traces", "."), "directory"),
    "a snapshot that is not there": (("--snapshot", "nowhere.zip"), "nowhere.zip"),
    "a history with nothing in it": (("--history", "nowhere"), "nothing is kept"),
    "a cluster of no history": (("--traces", "t.csv", "--cluster-id", "x"), "--cluster-id"),
    "a target of words": (("--targets", "low"), "--targets 'low'"),
    "a target of nothing": (("--targets", ""), "--targets ''"),
    "a target of more than half": (("--targets", "5%,60%"), "--targets '60%'"),
    "a target that is no number": (("--targets", "nan"), "--targets 'nan'"),
    "a memory target of nothing": (("--memory-targets", "0%"), "--memory-targets '0%'"),
    "a history of words": (("--max-history", "long"), "long"),
    "a history of hours": (("--max-history", "12h"), "12h"),
    "a score set that nobody has": (("--without-scores", "bitbrains,mine"), "'mine'"),
    "rules that are not there": (("--rules", "nowhere"), "nowhere"),
    "an unknown form": (("-o", "xml"), "xml"),
    "a folder for the page": (("-o", "pages.html"), "pages.html"),
    "a folder for the weeks": (("--weeks", "pages.html"), "--weeks pages.html"),
}


@pytest.mark.parametrize("case", WORDS)
def test_a_call_that_cannot_be_followed_is_refused_in_two_lines(case: str, call: Call, tmp_path: Path) -> None:
    words, named = WORDS[case]
    (tmp_path / "pages.html").mkdir()
    write_traces(tmp_path / "t.csv", series=1)
    sources = ("--traces", "--snapshot", "--history", "--cluster-id")
    base = () if case == "no source" or words[0] in sources else ("--traces", "t.csv")

    done = call("backtest", *base, *words)

    assert named in complaint(done, USAGE if case != "a snapshot that is not there" else 4)
    assert done.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pages.html", "t.csv"]


def test_a_source_that_the_environment_names_can_be_left_out(
    call: Call, traces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSTKIT_HISTORY", "h")

    assert "--history ''" in call("backtest", "--traces", traces).err
    assert call("backtest", "--traces", traces, "--history", "").code == 0


def test_a_page_that_cannot_be_written_is_one_line(call: Call, traces: Path) -> None:
    assert "absent" in complaint(call("backtest", "--traces", traces, "-o", "absent/tried.html"), 4)
