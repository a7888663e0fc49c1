"""`costkit prices`: which prices are in force, and whether one's own can be followed."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.command import USAGE, Call, complaint


def test_the_list_gives_types_with_region_source_and_date(call: Call) -> None:
    done = call("prices", "list", "--type", "m6i.xlarge")

    header, on_demand, _ = done.out.splitlines()
    assert header.split()[:2] == ["TYPE", "PER"]
    assert on_demand.split()[:4] == ["m6i.xlarge", "node", "on-demand", "0.192"]
    assert "us-east-1" in on_demand


def test_the_list_is_data_too(call: Call) -> None:
    rows = list(csv.DictReader(StringIO(call("prices", "list", "-o", "csv").out)))
    documents = json.loads(call("prices", "list", "-o", "json").out)["prices"]

    assert len(rows) == len(documents) > 100
    assert {row["provider"] for row in rows} == {"aws", "gce", "azure"}
    assert documents[0]["capacityType"] == rows[0]["capacity_type"]
    assert documents[0]["hourly"] == float(rows[0]["hourly"])


def test_what_no_list_has_is_said(call: Call) -> None:
    done = call("prices", "list", "--type", "x9.large")

    assert (done.code, done.out, done.err) == (0, "", "no prices found\n")
    assert json.loads(call("prices", "list", "--type", "x9.large", "-o", "json").out)["prices"] == []


def test_each_bad_line_and_each_slip_is_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("instance_type,hourly\nm6i.xlarge,140.16\nm6i.large,x\nm6i.2xlarge,0.3\n")
    done = call("prices", "check", "--prices", "own.csv")

    assert "1 of 3 checks" in complaint(done, USAGE)
    assert done.out.splitlines() == [
        "warn  prices: own.csv line 2: $140.16 an hour for m6i.xlarge, which the shipped list has at $0.192",
        "      fix: see that it is USD, and an hour's price",
        "FAIL  prices: own.csv line 3: hourly is 'x'",
        "      fix: write USD, 0 or more",
        "ok    prices: own.csv line 4: $0.3 an hour for m6i.2xlarge",
    ]


def test_lists_of_ones_own_are_checked_file_by_file(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "rules" / "prices"
    folder.mkdir(parents=True)
    text = "provider: aws\nregion: eu-1\ndate: 2026-01-01\nsource: mine\ntypes: {t3.nano: 5.2}\n"
    (folder / "mine.yaml").write_text(text)
    done = call("prices", "check", "--rules", "rules")

    assert done.code == 0
    assert "$5.2 an hour for t3.nano, which the shipped list has at $0.0052" in done.out

    (folder / "other.yaml").write_text("provider: 3\n")
    assert "other.yaml" in call("prices", "check", "--rules", "rules", "-q").out


def test_nodes_of_a_snapshot_without_a_price_are_named(call: Call, demo_file: Path, tmp_path: Path) -> None:
    done = call("prices", "check", "--snapshot", demo_file)
    assert done.out.startswith("ok    prices: nodes: all ")

    folder = tmp_path / "rules" / "prices"
    folder.mkdir(parents=True)
    (folder / "aws.yaml").write_text("provider: aws\nregion: us-east-1\ndate: 2026-01-01\nsource: mine\n")
    done = call("prices", "check", "--snapshot", demo_file, "--rules", "rules", "-q")
    assert done.code == 0
    assert done.out.startswith("warn  prices: nodes: ")
    assert " have none: " in done.out
    assert "instance_type,hourly" in done.out


def test_nothing_to_check_is_wrong_usage(call: Call) -> None:
    assert "nothing is named" in complaint(call("prices", "check"), USAGE)
    complaint(call("prices", "list", "-o", "yaml"), USAGE)
    complaint(call("prices", "list", "--rules", "nowhere"), USAGE)


def test_flags_of_a_groups_commands_may_stand_in_the_file_and_the_environment(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "costkit.yaml").write_text("provider: gce\nwindow: 7d\n")
    assert set(providers(call)) == {"gce"}

    monkeypatch.setenv("COSTKIT_PROVIDER", "azure")
    assert set(providers(call)) == {"azure"}

    (tmp_path / "costkit.yaml").write_text("provder: gce\n")
    assert "provder" in complaint(call("prices", "list"), USAGE)


def providers(call: Call) -> list[str]:
    return [row["provider"] for row in json.loads(call("prices", "list", "-o", "json").out)["prices"]]
