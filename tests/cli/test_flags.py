"""Every flag of every command has an effect: what the command does with it is not what it does without."""

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from costkit.cli import inputs
from costkit.cli.app import build, leaves
from costkit.cli.config import File
from costkit.cli.flags import ClusterFlags, MetricsFlags, ReadingFlags, TalkFlags
from costkit.cli.talk import progress
from costkit.demo.names import uid
from costkit.history.snapshots import read_snapshot
from costkit.history.store import History
from costkit.model.cluster import Coverage
from costkit.model.window import DAY
from costkit.progress import Silent
from tests.cli.command import Call, Done
from tests.cli.conftest import AT
from tests.cli.traces import write_traces
from tests.history.seen import TODAY, day

Words = tuple[str | Path, ...]
Outcome = tuple[Done, dict[str, bytes]]

RULES = "defaults:\n  memory: {margin: 300%}\n"
PRICES = "instance_type,hourly\nm6i.2xlarge,9.99\n"
LIST = "provider: aws\nregion: eu-1\ndate: 2026-01-01\nsource: mine\ntypes: {own.large: 1}\n"
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
    "--very-verbose": ((), ("-vv",)),
    "--at": ((), ("--at", EARLIER)),
}
"""Flag -> words without it and with it. Until there is a second kind, --only can but refuse one."""
ROWS: dict[str, tuple[Words, Words]] = {
    "--top": ((), ("--top", "1")),
    "--all": ((), ("--all",)),
    "--min-change": ((), ("--min-change", "60%")),
}
EXPLAIN: dict[str, tuple[Words, Words]] = {
    "--namespace": (("deploy/checkout", "-n", "dev"), ("deploy/checkout", "-n", "staging")),
    **{
        flag: (("deploy/gateway", *without), ("deploy/gateway", *without, *given))
        for flag, without, given in (
            ("--container", (), ("-c", "istio-proxy")),
            ("--output", (), ("-o", "json")),
            ("--rules", (), ("--rules", "rules")),
            ("--at", (), ("--at", EARLIER)),
            ("--quiet", ("-o", "page.html"), ("-q",)),
            ("--verbose", (), ("-v",)),
            ("--very-verbose", (), ("-vv",)),
            ("--debug", ("--rules", "nowhere"), ("--debug",)),
        )
    },
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
    "explain": EXPLAIN,
    "demo": {
        **PLANS,
        **ROWS,
        "--output": ((), ("-o", "elsewhere")),
        "--seed": ((), ("--seed", "8")),
        "--quiet": ((), ("-q",)),
    },
}
CHECKS: dict[str, dict[str, tuple[Words, Words]]] = {
    "prices list": {
        "--output": ((), ("-o", "csv")),
        "--provider": ((), ("--provider", "gce")),
        "--region": ((), ("--region", "us-east-1")),
        "--type": ((), ("--type", "m6i.xlarge")),
        "--prices": ((), ("--prices", "prices.csv")),
        "--rules": ((), ("--rules", "rules")),
    },
    "prices check": {
        "--output": (("--rules", "rules"), ("--rules", "rules", "-o", "json")),
        "--prices": (("--rules", "rules"), ("--rules", "rules", "--prices", "prices.csv")),
        "--rules": (("--prices", "prices.csv"), ("--prices", "prices.csv", "--rules", "rules")),
        "--quiet": (("--rules", "rules"), ("--rules", "rules", "-q")),
    },
    "rules list": {"--output": ((), ("-o", "json")), "--rules": ((), ("--rules", "rules"))},
    "rules check": {
        "--output": (("--rules", "rules"), ("--rules", "rules", "-o", "json")),
        "--rules": (("--rules", "rules/prices"), ("--rules", "rules")),
        "--quiet": (("--rules", "rules"), ("--rules", "rules", "-q")),
    },
}
"""Those that need no snapshot."""
KEPT: dict[str, dict[str, tuple[Words, Words]]] = {
    "history list": {"--output": ((), ("-o", "json")), "--history": ((), ("--history", "empty"))},
    "history verify": {
        "--output": ((), ("-o", "json")),
        "--history": ((), ("--history", "empty")),
        "--quiet": ((), ("-q",)),
    },
    "history prune": {
        "--output": (("--keep", "1d"), ("--keep", "1d", "-o", "json")),
        "--history": (("--keep", "1d"), ("--keep", "1d", "--history", "empty")),
        "--keep": ((), ("--keep", "1d")),
        "--at": (("--keep", "1d"), ("--keep", "1d", "--at", EARLIER)),
        "--dry-run": (("--keep", "1d"), ("--keep", "1d", "--dry-run")),
    },
}
"""Those of a history; each call has one of its own, with two days of a cluster."""
DOCTOR: dict[str, tuple[Words, Words]] = {
    "--output": ((), ("-o", "json")),
    "--quiet": (("--history", "h"), ("--history", "h", "-q")),
    "--verbose": ((), ("-v",)),
    "--very-verbose": ((), ("-vv",)),
    "--debug": (("--rules", "nowhere"), ("--rules", "nowhere", "--debug")),
}
TRIED: Words = ("--traces", "t.csv")
BACKTEST: dict[str, tuple[Words, Words]] = {
    "--traces": (TRIED, ("--traces", "other.csv")),
    "--snapshot": (TRIED, ("--snapshot", "demo.zip")),
    "--history": (TRIED, ("--history", "h")),
    "--cluster-id": (("--history", "h"), ("--history", "h", "--cluster-id", "other")),
    **{
        flag: ((*TRIED, *without), (*TRIED, *without, *given))
        for flag, without, given in (
            ("--targets", (), ("--targets", "15%")),
            ("--memory-targets", (), ("--memory-targets", "15%")),
            ("--max-history", (), ("--max-history", "3d")),
            ("--without-scores", (), ("--without-scores", "bitbrains")),
            ("--no-own-weeks", (), ("--no-own-weeks",)),
            ("--rules", (), ("--rules", "floors")),
            ("--weeks", (), ("--weeks", "weeks.parquet")),
            ("--output", (), ("-o", "json")),
            ("--quiet", ("-o", "page.html"), ("-q",)),
            ("--verbose", (), ("-v",)),
            ("--very-verbose", (), ("-vv",)),
            ("--debug", ("--rules", "nowhere"), ("--debug",)),
        )
    },
}
"""Of small traces, of the demo, or of a history of one day of it, beside which --cluster-id names none."""
IN_E2E = {("nightly", "--at")} | {("doctor", flag) for flag in ("--at", "--window", "--history", "--rules", "--prices")}
"""What these do needs a cluster: tests/e2e/test_doctor.py, test_nightly.py."""
TALKERS = ("recommend", "explain", "report", "collect", "demo", "doctor", "nightly", "backtest")
PROGRESS = {(command, "--no-progress") for command in TALKERS}
SNAPSHOT = {(command, "--snapshot") for command in ("recommend", "explain", "report", "prices check")}
LIVE = {field.name: field for kind in (ClusterFlags, MetricsFlags) for field in fields(kind)}
"""Those of a cluster and its Prometheus: what they do on real servers is in test_live_flags."""
READ = {field.name: field for field in fields(ReadingFlags)}
"""What they do on real servers is in tests/e2e/test_history.py and test_live_flags."""
NIGHTLY: dict[str, tuple[Words, Words]] = {
    **{flag: words for flag, words in PLANS.items() if flag != "--at"},
    "--output": ((), ("-o", "other")),
    "--quiet": ((), ("-q",)),
    "--keep": (("--window", "1d"), ("--window", "1d", "--keep", "1d")),
    "--strict": ((), ("--strict",)),
}


def flags() -> set[tuple[str, str]]:
    return {
        (command, next(name for name in argument.names if name.startswith("--")))
        for command, app in leaves(build(File()))
        for argument in app.assemble_argument_collection()
        if any(name.startswith("--") for name in argument.names)
    }


def live_flags() -> set[tuple[str, str]]:
    names = {"--" + name.rstrip("_").replace("_", "-") for name in LIVE}
    reading = {"--" + name.replace("_", "-") for name in READ}
    readers = ("recommend", "explain", "report", "collect", "nightly")
    return {(c, name) for c in (*readers, "doctor") for name in names} | {
        (c, name) for c in readers for name in reading
    }


def cases_of_all() -> Iterable[tuple[str, Iterable[str]]]:
    return (CASES | CHECKS | KEPT | {"doctor": DOCTOR, "nightly": NIGHTLY, "backtest": BACKTEST}).items()


def test_every_flag_of_every_command_is_in_a_table_of_these_tests() -> None:
    tables = {(command, flag) for command, cases in cases_of_all() for flag in cases}
    rest = {("collect", flag) for flag in ("--output", "--at", "--quiet", "--verbose", "--very-verbose", "--debug")}

    assert flags() == tables | PROGRESS | SNAPSHOT | IN_E2E | live_flags() | rest


@pytest.fixture
def outcome(call: Call, demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """What a command says and leaves in a fresh folder; the demo with three days of its past."""
    monkeypatch.setattr("costkit.cli.demo._DAYS", 3)

    def found(command: str, words: Words, folder: str) -> Outcome:
        place = tmp_path / folder
        (place / "rules" / "prices").mkdir(parents=True)
        (place / "rules" / "prices" / "mine.yaml").write_text(LIST)
        (place / "rules" / "rightsize.yaml").write_text(RULES)
        (place / "prices.csv").write_text(PRICES)
        monkeypatch.chdir(place)
        base: Words = ("--snapshot", demo_file) if command in ("recommend", "report", "explain") else ()
        if command == "demo" and "--at" not in words:
            base = ("--at", str(AT))
        if command == "nightly" or command.startswith("history"):
            history = History.open("h")
            for age in (1, 2):
                history.days(uid(7, "kube-system")).put(day(TODAY - age * DAY), None)
            base = () if "--history" in words else ("--history", "h")
        done = call(*command.split(), *words, *base)
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


@pytest.mark.parametrize(("command", "flag"), [(c, f) for c, cases in CHECKS.items() for f in cases])
def test_a_flag_changes_what_is_checked(command: str, flag: str, outcome: Callable[..., Outcome]) -> None:
    (before, _), (after, _) = (
        outcome(command, words, place) for words, place in zip(CHECKS[command][flag], "ab", strict=True)
    )

    assert before != after
    assert (before.code, after.code) == (0, 0)


@pytest.mark.parametrize("flag", DOCTOR)
def test_a_flag_changes_what_the_doctor_says(flag: str, outcome: Callable[..., Outcome]) -> None:
    (before, _), (after, _) = (outcome("doctor", words, place) for words, place in zip(DOCTOR[flag], "ab", strict=True))

    assert before != after
    assert before.code == after.code == (2 if flag == "--debug" else 4)
    assert ("Traceback" in before.err, "Traceback" in after.err) == (False, flag == "--debug")


@pytest.mark.parametrize(("command", "flag"), [(c, f) for c, cases in KEPT.items() for f in cases])
def test_a_flag_changes_what_is_said_or_done_of_a_history(
    command: str, flag: str, outcome: Callable[..., Outcome]
) -> None:
    before, after = (outcome(command, words, place) for words, place in zip(KEPT[command][flag], "ab", strict=True))

    assert before != after
    assert (before[0].code, after[0].code) == (0, 0)


@pytest.mark.parametrize("flag", NIGHTLY)
def test_a_flag_changes_what_a_night_leaves(
    flag: str, demo_file: Path, outcome: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot of the demo, of which a part is missing, stands in for the cluster."""
    taken = read_snapshot(demo_file)
    partial = replace(taken, coverage=(*taken.coverage, Coverage("quotas", "missing", "forbidden")))
    monkeypatch.setattr("costkit.cli.nightly.take", lambda where, at: partial)  # noqa: ARG005 - as it is called

    before, after = (outcome("nightly", words, place) for words, place in zip(NIGHTLY[flag], "ab", strict=True))

    assert before != after
    if flag not in ("--only", "--debug"):
        assert (before[0].code, after[0].code) == (0, 3 if flag == "--strict" else 0)


@pytest.mark.parametrize("flag", BACKTEST)
def test_a_flag_changes_what_is_tried_or_how_it_is_told(flag: str, demo_file: Path, call: Call, tmp_path: Path) -> None:
    History.open("h").days(uid(7, "kube-system")).put(day(TODAY - DAY), None)
    (tmp_path / "demo.zip").symlink_to(demo_file)
    (tmp_path / "floors").mkdir()
    (tmp_path / "floors" / "rightsize.yaml").write_text("defaults:\n  cpu: {floor: 3}\n")
    write_traces(tmp_path / "t.csv", series=12)
    write_traces(tmp_path / "other.csv", series=2)

    def outcome(words: Words) -> tuple[Done, bool]:
        return call("backtest", *words), (tmp_path / "weeks.parquet").exists()

    (before, _), (after, _) = found = [outcome(words) for words in BACKTEST[flag]]

    assert found[0] != found[1]
    if flag not in ("--debug", "--cluster-id"):
        assert (before.code, after.code) == (0, 0)
    if flag == "--debug":
        assert ("Traceback" in before.err, "Traceback" in after.err) == (False, True)


class TakenError(Exception):
    """Where a snapshot would have been taken."""


@pytest.mark.parametrize("command", ["recommend", "explain", "report", "collect", "nightly"])
@pytest.mark.parametrize("name", [*LIVE, *READ])
def test_a_flag_of_the_cluster_reaches_the_one_place_that_asks_it(
    command: str, name: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[inputs.Where] = []

    def take(where: inputs.Where, at: float) -> None:
        del at
        asked.append(where)
        raise TakenError

    monkeypatch.setattr(inputs, "take", take)
    monkeypatch.setattr("costkit.cli.nightly.take", take)
    flag = "--" + name.rstrip("_").replace("_", "-")
    other = {"max_samples": "7", "window": "21d"}.get(name, "other")
    kept = ("--history", "h") if command == "nightly" and name != "history" else ()
    workload = ("deploy/api",) if command == "explain" else ()
    call(command, *workload, *(kept or ("--history", "h")) if command == "nightly" else ())
    call(command, *workload, flag, other, *kept)

    default, given = asked
    groups = ("cluster", "metrics", "reading")
    group = next(g for g in groups if name in {f.name for f in fields(getattr(default, g))})
    value = getattr(getattr(given, group), name)
    assert str(value) == other
    assert replace(given, **{group: getattr(default, group)}) == default


@pytest.mark.parametrize("words", [("recommend",), ("report",), ("explain", "deploy/gateway")])
def test_a_snapshot_takes_the_place_of_a_cluster(words: tuple[str, ...], call: Call, demo_file: Path) -> None:
    assert call(*words).code == 4
    assert call(*words, "--snapshot", demo_file).code == 0


def test_progress_is_not_shown_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

    assert not isinstance(progress(TalkFlags()), Silent)
    assert isinstance(progress(TalkFlags(no_progress=True)), Silent)
    assert isinstance(progress(TalkFlags(quiet=True)), Silent)
