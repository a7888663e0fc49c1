"""`costkit history`: what is kept of days and runs, whether it is whole, and what is too old."""

import time
from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from costkit.cli import exits
from costkit.cli.checks import check_form
from costkit.cli.groups import group
from costkit.cli.inputs import past_moment
from costkit.cli.stdout import write_stdout
from costkit.cli.talk import complain, say
from costkit.errors import FailedError, UsageError
from costkit.model.quantities import short_memory
from costkit.report.checkup import checks_json, lines
from costkit.report.grid import aligned, as_json
from costkit.settings.values import seconds

if TYPE_CHECKING:
    from costkit.connect.storage import Storage

_HISTORY = Annotated[str, Parameter(help="Folder or URL (s3://, gs://, az://) where days and runs are kept.")]
_OUTPUT = Annotated[str, Parameter(name=["--output", "-o"], help="table or json.")]

history = group("history")


@history.command(name="list")
def list_history(*, history: _HISTORY, output: _OUTPUT = "table") -> int:
    """Each cluster with its days, the days that lack between them, its runs and its bytes."""
    from costkit.history.upkeep import Kept, listing

    check_form(output)
    header = tuple(field.name for field in fields(Kept))
    found = list(listing(_storage(history)))
    if output == "json":
        write_stdout(as_json("clusters", header, [astuple(kept) for kept in found]))
    elif found:
        rows = [(*astuple(kept)[:-1], short_memory(kept.size)) for kept in found]
        write_stdout(aligned(header, rows, right=("days", "gaps", "runs", "size")))
    if not found:
        say(f"nothing is kept in {history}")
    return exits.DONE


@history.command(name="verify")
def verify_history(
    *,
    history: _HISTORY,
    output: _OUTPUT = "table",
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative="", help="Only days that are damaged.")] = False,
) -> int:
    """Read every file of every day: is it what was written?"""
    from costkit.history.upkeep import verify

    check_form(output)
    checks = list(verify(_storage(history)))
    if not checks:
        say(f"nothing is kept in {history}")
    write_stdout(checks_json(checks) if output == "json" else lines(checks, brief=quiet))
    damaged = sum(check.level == "FAIL" for check in checks)
    if not damaged:
        return exits.DONE
    complain(FailedError(f"{damaged} of {len(checks)} days are damaged", "what stands under FAIL says what to do"))
    return exits.FAILED


@history.command(name="prune")
def prune_history(
    *,
    history: _HISTORY,
    keep: Annotated[str, Parameter(help="How far back days and runs are kept.")] = "90d",
    at: Annotated[str, Parameter(help="The moment to count back from: RFC 3339, or now.")] = "now",
    dry_run: Annotated[bool, Parameter(negative="", help="Name what would be removed, and remove nothing.")] = False,
    output: _OUTPUT = "table",
) -> int:
    """Remove days and runs that are too old, and what runs that were killed left behind."""
    from costkit.history.upkeep import Stale, prune

    check_form(output)
    stale = Stale(past_moment(at) - kept_seconds(keep), time.time())
    removed = list(prune(_storage(history), stale, dry=dry_run))
    rows = [(path,) for path in removed]
    write_stdout(as_json("removed", ("path",), rows) if output == "json" else "".join(f"{path}\n" for path in removed))
    say(f"{len(removed)} {'would be removed' if dry_run else 'removed'}")
    return exits.DONE


def kept_seconds(keep: str) -> float:
    """UsageError for less than a day: a run that has just been saved must not go."""
    kept = seconds("--keep", keep)
    if kept < 86_400:
        raise UsageError(f"--keep {keep} is less than a day", "90d keeps a quarter")
    return kept


def _storage(url: str) -> "Storage":
    from costkit.connect.storage import Storage

    return Storage.open(url)
