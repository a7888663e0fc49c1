"""What cannot be followed ends in code 2, two lines, and nothing written."""

from pathlib import Path

import pytest

from tests.cli.command import USAGE, Call, complaint, costkit

ADDRESS = ("--prometheus-url", "http://127.0.0.1:1")
WORDS = {
    "an unknown command": (("recomend",), "recomend"),
    "an unknown flag": (("recommend", "--nonsense"), "--nonsense"),
    "a word too many": (("recommend", "web"), "web"),
    "a flag without its value": (("recommend", "--output"), "--output"),
    "no number": (("recommend", "--top", "many"), "--top"),
    "an unknown form": (("recommend", "-o", "xml"), "xml"),
    "the root as a folder for patches": (("recommend", "-o", "//"), "root"),
    "a folder for the report": (("report", "-o", "."), "folder"),
    "a folder for the snapshot": (("collect", "-o", ".."), "folder"),
    "a seed that grows nothing": (("demo", "--seed=-5"), "-5"),
    "an unknown kind": (("recommend", "--only", "rightsize,magic"), "magic"),
    "an unknown risk": (("recommend", "--max-risk", "huge"), "huge"),
    "a share that is none": (("recommend", "--min-change", "ten"), "ten"),
    "a share of less than nothing": (("recommend", "--min-change=-5%"), "-5%"),
    "a share that is no number": (("recommend", "--min-change", "nan"), "nan"),
    "an amount that is no number": (("recommend", "--min-saving", "nan"), "--min-saving"),
    "an amount of less than nothing": (("recommend", "--fail-on", "-1"), "--fail-on"),
    "fewer rows than none": (("recommend", "--top", "-3"), "--top"),
    "a selector that is none": (("recommend", "-l", "app in web"), "selector"),
    "a night without a history": (("nightly",), "history"),
    "a night that keeps less than it looks back on": (("nightly", "--history", "h", "--keep", "3d"), "--window"),
    "a night whose output is the history": (("nightly", "--history", "h", "-o", "h/out"), "h/out"),
    "a night with a deadline of words": (("nightly", "--history", "h", "--deadline", "soon"), "soon"),
    "a night with a kept span of words": (("nightly", "--history", "h", "--keep", "long"), "long"),
    "fewer samples than a pod has": (("collect", "--max-samples", "3", *ADDRESS), "--max-samples"),
    "a command of a group without its flag": (("history", "list"), "--history"),
    "a store that nobody has": (("history", "verify", "--history", "nothing://x"), "nothing://x"),
    "a window of nothing": (("collect", "--window", "0d"), "0d"),
    "a window of words": (("collect", "--window", "abc"), "abc"),
    "a window of years": (("collect", "--window", "900d"), "900d"),
    "a moment of words": (("recommend", "--at", "yesterday"), "yesterday"),
    "a moment to come": (("recommend", "--at", "2126-01-01"), "future"),
    "a moment to come, for the demo": (("demo", "--at", "2126-01-01"), "future"),
    "a moment before all clocks": (("recommend", "--at", "0001-01-01"), "0001-01-01"),
    "a time-out of words": (("collect", "--request-timeout", "soon"), "soon"),
    "an address of words": (("collect", "--prometheus-url", "prometheus"), "--prometheus-url"),
    "an address with a password": (("collect", "--prometheus-url", "http://me:hush@prometheus"), "--prometheus-url"),
    "a CA bundle for no Prometheus": (("collect", "--prometheus-ca", "nowhere"), "--prometheus-ca"),
    "a header file for no Prometheus": (("collect", "--prometheus-headers", "nowhere"), "nowhere"),
    "a header file that is not there": (("collect", *ADDRESS, "--prometheus-headers", "nowhere"), "nowhere"),
    "a CA bundle that is not there": (("collect", *ADDRESS, "--prometheus-ca", "nowhere"), "nowhere"),
    "a configuration that is not there": (("recommend", "--config", "nowhere.yaml"), "nowhere.yaml"),
    "a configuration without a name": (("recommend", "--config"), "--config"),
    "rules that are not there": (("recommend", "--rules", "nowhere"), "nowhere"),
    "prices that are not there": (("recommend", "--prices", "nowhere.csv"), "nowhere.csv"),
    "a cluster for a snapshot": (("recommend", "--snapshot", "s.zip", "--context", "prod"), "--context"),
}


@pytest.mark.parametrize("case", WORDS)
def test_a_call_that_cannot_be_followed_is_refused_in_two_lines(case: str, call: Call, tmp_path: Path) -> None:
    words, named = WORDS[case]

    done = call(*words)

    assert named in complaint(done, USAGE)
    assert done.out == ""
    assert "hush" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_the_command_itself_ends_so_too(tmp_path: Path) -> None:
    (tmp_path / "rightsize.yaml").write_text("classes: []\nmargn: 1\n")

    assert "margn" in complaint(costkit("recommend", "--rules", tmp_path), USAGE)
    assert "--nonsense" in complaint(costkit("recommend", "--nonsense"), USAGE)


def test_no_command_at_all_shows_the_commands() -> None:
    done = costkit()

    assert (done.code, done.err) == (0, "")
    assert "recommend" in done.out


FILES = {
    "an unknown rules key": ("--rules", "rightsize.yaml", "classes: []\nmargn: 1\n", "margn"),
    "rules that are no YAML": ("--rules", "rightsize.yaml", "classes: [", "line 1"),
    "a price that is none": ("--prices", "prices.csv", "node,hourly\na,dear\n", "line 2"),
    "an unknown configuration key": ("--config", "my.yaml", "nonsense: 1\n", "nonsense"),
    "a configuration by command": ("--config", "my.yaml", "recommend: {top: 3}\n", "recommend"),
    "a configuration that is no YAML": ("--config", "my.yaml", "top: [\n", "line 2"),
    "a configuration that is a list": ("--config", "my.yaml", "- top\n", "my.yaml"),
    "a configuration that says a thing twice": ("--config", "my.yaml", "top: 1\ntop: 2\n", "line 2"),
    "a configured value of the wrong type": ("--config", "my.yaml", "top: many\n", "many"),
    "a header without a value": ("--prometheus-headers", "headers", "Bearer abc\n", "line 1"),
    "a header that no one may send": ("--prometheus-headers", "headers", "X-Name: \u4f60\n", "line 1"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_followed_is_named_with_the_place(case: str, call: Call, tmp_path: Path) -> None:
    flag, name, text, named = FILES[case]
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")

    words = ("--prometheus-url", "http://127.0.0.1:1") if "headers" in flag else ()
    done = call("recommend", *words, flag, tmp_path if flag == "--rules" else file)

    assert named in complaint(done, USAGE)
    assert list(tmp_path.iterdir()) == [file]
