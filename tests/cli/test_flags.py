"""Every flag of every command has an effect: what the command does with it is not what it does without."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from costkit.cli import inputs
from costkit.cli.app import COMMANDS, build
from costkit.cli.config import File
from costkit.cli.flags import ClusterFlags, MetricsFlags, TalkFlags
from costkit.cli.talk import progress
from costkit.progress import Silent
from tests.cli.command import Call, Done
from tests.cli.conftest import AT

Words = tuple[str | Path, ...]
Outcome = tuple[Done, dict[str, bytes]]

RULES = "defaults:\n  memory: {margin: 300%}\n"
PRICES = "instance_type,hourly\nm6i.2xlarge,9.99\n"
EARLIER = str(AT - 3 * 86400)

PLANS: dict[str, tuple[Words, Words]] = {
    "--namespace": ((), ("-n", "web")),
    "--all-namespaces": (("-n", "web"), ("-n", "web", "-A")),
    "--selector": ((), ("-l", "team=search")),
    "--group-by": ((), ("--group-by", "team")),
    "--rules": ((), ("--rules", "rules")),
    "--prices": ((), ("--prices", "prices.csv")),
    "--min-saving": ((), ("--min-saving", "100")),
    "--max-risk": ((), ("--max-risk", "low")),
    "--only": ((), ("--only", "rightsize,nothing")),
    "--debug": (("--rules", "nowhere"), ("--rules", "nowhere", "--debug")),
    "--verbose": ((), ("-v",)),
    "--at": ((), ("--at", EARLIER)),
}
"""Flag -> words without it and with it. Until there is a second kind, --only can but refuse one."""
ROWS: dict[str, tuple[Words, Words]] = {
    "--top": ((), ("--top", "1")),
    "--all": ((), ("--all",)),
    "--min-change": ((), ("--min-change", "60%")),
}
CASES: dict[str, dict[str, tuple[Words, Words]]] = {
    "recommend": {
        **PLANS,
        **ROWS,
        "--output": ((), ("-o", "wide")),
        "--group-by": (("-o", "json"), ("-o", "json", "--group-by", "team")),
        "--fail-on": ((), ("--fail-on", "1")),
        "--quiet": (("-o", "patches/"), ("-o", "patches/", "-q")),
    },
    "report": {**PLANS, "--output": ((), ("-o", "other.html")), "--quiet": ((), ("-q",))},
    "demo": {
        **PLANS,
        **ROWS,
        "--output": ((), ("-o", "elsewhere")),
        "--seed": ((), ("--seed", "8")),
        "--quiet": ((), ("-q",)),
    },
}
PROGRESS = {(command, "--no-progress") for command in COMMANDS}
SNAPSHOT = {("recommend", "--snapshot"), ("report", "--snapshot")}
LIVE = {field.name: field for kind in (ClusterFlags, MetricsFlags) for field in fields(kind)}
"""Those of a cluster and its Prometheus: what they do on real servers is in test_live_flags."""


def flags() -> set[tuple[str, str]]:
    app = build(File())
    return {
        (command, next(name for name in argument.names if name.startswith("--")))
        for command in COMMANDS
        for argument in app[command].assemble_argument_collection()
        if any(name.startswith("--") for name in argument.names)
    }


def live_flags() -> set[tuple[str, str]]:
    names = {"--" + name.rstrip("_").replace("_", "-") for name in LIVE}
    return {(command, name) for command in ("recommend", "report", "collect") for name in names}


def test_every_flag_of_every_command_is_in_a_table_of_these_tests() -> None:
    tables = {(command, flag) for command, cases in CASES.items() for flag in cases}
    rest = {("collect", flag) for flag in ("--output", "--at", "--quiet", "--verbose", "--debug")}

    assert flags() == tables | PROGRESS | SNAPSHOT | live_flags() | rest


@pytest.fixture
def outcome(call: Call, demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """What a command says and leaves in a fresh folder; the demo with three days of its past."""
    monkeypatch.setattr("costkit.cli.demo._DAYS", 3)

    def found(command: str, words: Words, folder: str) -> Outcome:
        place = tmp_path / folder
        (place / "rules").mkdir(parents=True)
        (place / "rules" / "rightsize.yaml").write_text(RULES)
        (place / "prices.csv").write_text(PRICES)
        monkeypatch.chdir(place)
        base: Words = ("--snapshot", demo_file) if command != "demo" else ()
        if command == "demo" and "--at" not in words:
            base = ("--at", str(AT))
        done = call(command, *words, *base)
        files = {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file()}
        return done, files

    return found


@pytest.mark.parametrize(("command", "flag"), [(c, f) for c, cases in CASES.items() for f in cases])
def test_a_flag_changes_what_its_command_does(command: str, flag: str, outcome: Callable[..., Outcome]) -> None:
    without, with_it = CASES[command][flag]

    (before, files), (after, other_files) = outcome(command, without, "a"), outcome(command, with_it, "b")

    assert (before, files) != (after, other_files)
    if flag not in ("--only", "--debug"):
        assert before.code == 0
        assert after.code == (1 if flag == "--fail-on" else 0)
    if flag == "--debug":
        assert ("Traceback" in before.err, "Traceback" in after.err) == (False, True)


class TakenError(Exception):
    """Where a snapshot would have been taken."""


@pytest.mark.parametrize("command", ["recommend", "report", "collect"])
@pytest.mark.parametrize("name", LIVE)
def test_a_flag_of_the_cluster_reaches_the_one_place_that_asks_it(
    command: str, name: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[inputs.Where] = []

    def take(where: inputs.Where, at: float) -> None:
        del at
        asked.append(where)
        raise TakenError

    monkeypatch.setattr(inputs, "take", take)
    flag = "--" + name.rstrip("_").replace("_", "-")
    call(command)
    call(command, flag, "other")

    default, given = asked
    group = next(g for g in ("cluster", "metrics") if name in {f.name for f in fields(getattr(default, g))})
    value = getattr(getattr(given, group), name)
    assert str(value) == "other"
    assert replace(given, **{group: getattr(default, group)}) == default


@pytest.mark.parametrize("command", ["recommend", "report"])
def test_a_snapshot_takes_the_place_of_a_cluster(command: str, call: Call, demo_file: Path) -> None:
    assert call(command).code == 4
    assert call(command, "--snapshot", demo_file).code == 0


def test_progress_is_not_shown_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

    assert not isinstance(progress(TalkFlags()), Silent)
    assert isinstance(progress(TalkFlags(no_progress=True)), Silent)
    assert isinstance(progress(TalkFlags(quiet=True)), Silent)
