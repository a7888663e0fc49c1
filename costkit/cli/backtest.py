"""`costkit backtest`: how the rules would have done on weeks that they had not seen, beside other tools' rules."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from costkit import pipeline
from costkit.cli import exits
from costkit.cli.flags import TALK, TalkFlags
from costkit.cli.outputs import check_file
from costkit.cli.stdout import write_stdout
from costkit.cli.talk import progress, say
from costkit.cli.traced import TRACES, TraceFlags, read
from costkit.errors import UsageError
from costkit.model.window import DAY
from costkit.recommend.trial import Trial
from costkit.settings.numbers import share
from costkit.settings.values import seconds

if TYPE_CHECKING:
    from costkit.model.backtest import Backtest
    from costkit.model.scores import ScoreTable

_FORMS = ("table", "json", "html")
_PAGE = ".html"
_LEAST, _MOST = 0.001, 0.5


def backtest(  # noqa: PLR0913 - each is a flag or a group of flags
    *,
    targets: Annotated[
        str, Parameter(help="CPU: shares of weeks that may be above the request, separated by commas.")
    ] = "5%,10%,20%",
    memory_targets: Annotated[
        str, Parameter(help="Memory: shares of weeks that may pass the limit, separated by commas.")
    ] = "1%,2%,5%",
    max_history: Annotated[str, Parameter(help="Time before each week that a rule may look at, such as 3d.")] = "",
    without_scores: Annotated[
        str, Parameter(help="Shipped score sets to leave out, separated by commas, such as bitbrains.")
    ] = "",
    no_own_weeks: Annotated[
        bool, Parameter(negative="", help="Calibrate by the shipped scores alone, as a new user's first run does.")
    ] = False,
    rules: Annotated[Path | None, Parameter(help="Folder of your own rules; what it lacks is the shipped one's.")] = (
        None
    ),
    weeks: Annotated[Path | None, Parameter(help="Write each week's sizes to this Parquet file.")] = None,
    output: Annotated[str, Parameter(name=["--output", "-o"], help="table, json, html; or a file.html.")] = "table",
    source: TraceFlags = TRACES,
    talk: TalkFlags = TALK,
) -> int:
    """Try the rules on past weeks: the risk that was promised, what came of it, and what it costs."""
    from costkit.settings.policies import load_policies

    _check_output(output, weeks, source)
    if weeks is not None:
        check_file(weeks, source.traces, source.snapshot, flag="--weeks")
    if rules is not None and not rules.is_dir():
        raise UsageError(f"there is no folder {rules}", "--rules names a folder of files such as rightsize.yaml")
    asked = Trial(
        policies=load_policies(rules),
        targets=_targets("--targets", targets),
        memory_targets=_targets("--memory-targets", memory_targets),
        max_history=_days(max_history),
        table=_scores(without_scores),
        own_weeks=not no_own_weeks,
    )
    traces, notes = read(source)
    tried = pipeline.backtest(traces, asked, progress(talk), rows=weeks is not None)
    made = replace(tried, notes=(*notes, *tried.notes))
    if weeks is not None:
        _write_weeks(made, weeks)
        say(f"{weeks}: {len(made.weeks)} rows", talk)
    _show(made, output, talk)
    return exits.DONE


def _check_output(output: str, weeks: Path | None, source: TraceFlags) -> None:
    """UsageError for what is neither a form nor a page's file, before any work is done."""
    if output in _FORMS:
        return
    if not output.endswith(_PAGE):
        raise UsageError(
            f"-o {output!r} is no form of output", f"one of {', '.join(_FORMS)}, or a file such as backtest.html"
        )
    check_file(Path(output), weeks, source.traces, source.snapshot)


def _targets(flag: str, text: str) -> tuple[float, ...]:
    """Each once, in their order."""
    return tuple(dict.fromkeys(_target(flag, part.strip()) for part in text.split(",")))


def _target(flag: str, text: str) -> float:
    try:
        found = share(text)
    except ValueError:
        found = -1.0
    if not _LEAST <= found <= _MOST:  # as NaN is not, either
        raise UsageError(f"{flag} {text!r} is no share from 0.1% to 50%", "write them as 5%,10%,20%")
    return found


def _days(text: str) -> float | None:
    if not text:
        return None
    days = seconds("--max-history", text) / DAY
    if days < 1 or days != int(days):
        raise UsageError(f"--max-history {text} is no number of whole days", "3d is the least that is sized by")
    return days


def _scores(without: str) -> "ScoreTable":
    """The shipped table, less the sets that are named; UsageError for one that it does not have."""
    from costkit.settings.scores import load_scores

    table = load_scores()
    left_out = tuple(part.strip() for part in without.split(",") if part.strip())
    held = [one.name for one in table.sets]
    unknown = next((name for name in left_out if name not in held), None)
    if unknown is not None:
        raise UsageError(f"--without-scores {unknown!r} is no shipped score set", f"sets are: {', '.join(held)}")
    return table.without(left_out)


def _write_weeks(made: "Backtest", path: Path) -> None:
    from costkit.report.backtest_weeks import weeks_file
    from costkit.report.files import write_whole

    write_whole(path, weeks_file(made.weeks))


def _show(made: "Backtest", output: str, talk: TalkFlags) -> None:
    if output in _FORMS:
        write_stdout(_shown(made, output))
        return
    from costkit.report.files import write_whole

    write_whole(Path(output), _page(made))
    say(f"{output}: open it in a browser, it needs no network", talk)


def _shown(made: "Backtest", form: str) -> str:
    from costkit.report.backtest import to_json
    from costkit.report.backtest_table import table
    from costkit.report.serialized import json_text

    if form == "html":
        return _page(made)
    return json_text(to_json(made)) if form == "json" else table(made)


def _page(made: "Backtest") -> str:
    from costkit.report.backtest_page import backtest_page
    from costkit.settings.shipped import templates_dir

    return backtest_page(made, templates_dir())
