"""`costkit recommend`: what should be changed, as a table, data or patch files."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from costkit import pipeline
from costkit.cli import exits
from costkit.cli.flags import (
    CLUSTER,
    METRICS,
    PLAN,
    SOURCE,
    TALK,
    ClusterFlags,
    MetricsFlags,
    PlanFlags,
    SourceFlags,
    TalkFlags,
)
from costkit.cli.inputs import Where, minimum_change, request, snapshot
from costkit.cli.outputs import check_output, show, write_patch_folder
from costkit.report.options import Options


def recommend(  # noqa: PLR0913 - each is a group of flags
    *,
    output: Annotated[
        str,
        Parameter(name=["--output", "-o"], help="table, wide, json, yaml, csv, md, name; or a folder/ for patches."),
    ] = "table",
    top: Annotated[int, Parameter(help="Rows of the table.")] = 20,
    all: Annotated[bool, Parameter(negative="", help="All rows.")] = False,  # noqa: A002 - the flag's name
    fail_on: Annotated[float | None, Parameter(help="Exit 1 where USD a month to be freed are at least this.")] = None,
    cluster: ClusterFlags = CLUSTER,
    metrics: MetricsFlags = METRICS,
    source: SourceFlags = SOURCE,
    plan: PlanFlags = PLAN,
    talk: TalkFlags = TALK,
) -> int:
    """Compare what workloads request with what they use, and say what should be changed."""
    check_output(output)
    asked = request(plan)
    made = pipeline.plan(snapshot(Where(cluster, metrics, source, talk)), asked)
    if output.endswith("/"):
        by = asked.label_keys[0] if plan.group_by != PLAN.group_by and asked.label_keys else None
        write_patch_folder(made, Path(output), by, talk)
    else:
        show(made, output, _options(plan, top=top, everything=all))
    code = exits.for_coverage(made.coverage)
    wasteful = fail_on is not None and made.freed >= fail_on
    return exits.FINDINGS if wasteful and code == exits.DONE else code


def _options(flags: PlanFlags, *, top: int, everything: bool) -> Options:
    defaults = Options()
    change = minimum_change(flags)
    on_terminal = sys.stdout.isatty()
    return Options(
        top=top,
        all=everything,
        minimum_saving=defaults.minimum_saving if flags.min_saving is None else flags.min_saving,
        minimum_change=defaults.minimum_change if change is None else change,
        width=shutil.get_terminal_size().columns if on_terminal else None,
        color=on_terminal,
    )
