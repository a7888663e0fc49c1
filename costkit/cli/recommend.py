"""`costkit recommend`: what should be changed, as a table, data or patch files."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from costkit import pipeline
from costkit.cli import exits
from costkit.cli.flags import (
    CLUSTER,
    METRICS,
    PLAN,
    READING,
    ROWS,
    SOURCE,
    TALK,
    ClusterFlags,
    MetricsFlags,
    PlanFlags,
    ReadingFlags,
    RowFlags,
    SourceFlags,
    TalkFlags,
)
from costkit.cli.inputs import Where, money, request, snapshot, with_last
from costkit.cli.outputs import check_output, is_empty, nothing_found, show, table_options, write_patch_folder
from costkit.cli.talk import say


def recommend(  # noqa: PLR0913 - each is a group of flags
    *,
    output: Annotated[
        str,
        Parameter(name=["--output", "-o"], help="table, wide, json, yaml, csv, md, name; or a folder/ for patches."),
    ] = "table",
    fail_on: Annotated[float | None, Parameter(help="Exit 1 where cuts free at least so many USD a month.")] = None,
    cluster: ClusterFlags = CLUSTER,
    metrics: MetricsFlags = METRICS,
    reading: ReadingFlags = READING,
    source: SourceFlags = SOURCE,
    plan: PlanFlags = PLAN,
    rows: RowFlags = ROWS,
    talk: TalkFlags = TALK,
) -> int:
    """Compare what workloads request with what they use, and say what should be changed."""
    check_output(output)
    ceiling = None if fail_on is None else money("--fail-on", fail_on)
    asked, options = request(plan), table_options(plan, rows)
    taken = snapshot(Where(cluster, metrics, reading, source, talk))
    made = pipeline.plan(taken, with_last(asked, reading.history, taken))
    if is_empty(made):
        say(nothing_found(plan), talk)
    if is_empty(made) and output in ("table", "wide", "md", "name"):
        return exits.for_coverage(made.coverage)
    if output.endswith("/"):
        by = asked.label_keys[0] if plan.group_by is not None and asked.label_keys else None
        write_patch_folder(made, Path(output), by, talk)
    else:
        show(made, output, options)
    code = exits.for_coverage(made.coverage)
    cuts = sum(max(0.0, item.saving.alone) for item in made.items)
    return exits.FINDINGS if ceiling is not None and cuts >= ceiling else code
