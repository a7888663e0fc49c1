"""`costkit report`: the HTML report, one file that needs no network."""

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
    SOURCE,
    TALK,
    ClusterFlags,
    MetricsFlags,
    PlanFlags,
    ReadingFlags,
    SourceFlags,
    TalkFlags,
)
from costkit.cli.inputs import Where, request, snapshot, with_last
from costkit.cli.outputs import check_file, is_empty, nothing_found, write_page
from costkit.cli.talk import say


def report(  # noqa: PLR0913 - each is a group of flags
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="The file to write.")] = Path("report.html"),
    cluster: ClusterFlags = CLUSTER,
    metrics: MetricsFlags = METRICS,
    reading: ReadingFlags = READING,
    source: SourceFlags = SOURCE,
    plan: PlanFlags = PLAN,
    talk: TalkFlags = TALK,
) -> int:
    """Write cost and savings by cost label, with the evidence for each, as one HTML file."""
    check_file(output, source.snapshot)
    asked = request(plan)
    taken = snapshot(Where(cluster, metrics, reading, source, talk))
    made = pipeline.plan(taken, with_last(asked, reading.history, taken))
    write_page(made, output)
    if is_empty(made):
        say(nothing_found(plan), talk)
    say(f"{output}: {len(made.items)} recommendations; open it in a browser, it needs no network", talk)
    return exits.for_coverage(made.coverage)
