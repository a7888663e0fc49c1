"""`costkit demo`: the whole tool on a made-up platform; no cluster is needed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from costkit import pipeline
from costkit.cli import exits
from costkit.cli.flags import PLAN, ROWS, TALK, PlanFlags, RowFlags, TalkFlags
from costkit.cli.inputs import past_moment, request
from costkit.cli.outputs import show, table_options, write_page, write_patch_folder
from costkit.cli.talk import progress, say
from costkit.errors import UsageError
from costkit.model.window import Window

_DAYS = 28


def demo(  # noqa: PLR0913 - each is a flag or a group of flags
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="The folder to write to.")] = Path("out"),
    seed: Annotated[int, Parameter(help="Another seed makes another platform.")] = 7,
    at: Annotated[str, Parameter(help="The moment at which the platform is looked at: RFC 3339, or now.")] = "now",
    plan: PlanFlags = PLAN,
    rows: RowFlags = ROWS,
    talk: TalkFlags = TALK,
) -> int:
    """Show what costkit does on a made-up ML and web platform, and leave report, patches and snapshot."""
    from costkit.demo.source import DemoSource
    from costkit.history.snapshots import write_snapshot

    if seed < 0:
        raise UsageError(f"--seed {seed} is less than 0", "any whole number from 0 on makes a platform")
    moment_of = past_moment(at)
    asked, options = request(plan), table_options(plan, rows)
    window = Window.back_from(moment_of, _DAYS)
    source = DemoSource(at=window.end, seed=seed, days=_DAYS)
    taken = pipeline.observe(source, window, moment_of, progress(talk))
    made = pipeline.plan(taken, asked)
    snapshot = output / "snapshot-demo.zip"
    write_snapshot(taken, snapshot)
    write_page(made, output / "report.html")
    write_patch_folder(made, output / "patches", None, talk)
    show(made, "table", options)
    say(f"{output}/report.html is the report; costkit recommend --snapshot {snapshot} goes on from here", talk)
    return exits.DONE
