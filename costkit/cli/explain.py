"""`costkit explain`: why one workload is sized as it is, or why it is not, with everything that decided."""

import shutil
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from costkit import pipeline
from costkit.cli import exits
from costkit.cli.flags import (
    CLUSTER,
    METRICS,
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
from costkit.cli.outputs import check_file
from costkit.cli.stdout import on_terminal, write_stdout
from costkit.cli.talk import say
from costkit.errors import UsageError
from costkit.model.explained import Explained
from costkit.recommend.named import named
from costkit.settings.in_force import rules_in_force

_FORMS = ("text", "json", "html")
_PAGE = ".html"


def explain(  # noqa: PLR0913 - each is a flag or a group of flags
    *workload: Annotated[str, Parameter(help="TYPE/NAME or TYPE NAME, as kubectl takes them: deploy/api.")],
    namespace: Annotated[
        str, Parameter(name=["--namespace", "-n"], help="Its namespace; needed where two have one.")
    ] = "",
    container: Annotated[str, Parameter(name=["--container", "-c"], help="Only this container of it.")] = "",
    output: Annotated[str, Parameter(name=["--output", "-o"], help="text, json, html; or a file.html.")] = "text",
    rules: Annotated[Path | None, Parameter(help="Folder of your own rules; what it lacks is the shipped one's.")] = (
        None
    ),
    cluster: ClusterFlags = CLUSTER,
    metrics: MetricsFlags = METRICS,
    reading: ReadingFlags = READING,
    source: SourceFlags = SOURCE,
    talk: TalkFlags = TALK,
) -> int:
    """Show one workload's use, its sizes before and after, each factor, the record, and what would change it."""
    wanted = named(workload, namespace, container)
    _check_output(output, source.snapshot)
    asked, written = request(PlanFlags(rules=rules)), tuple(rules_in_force(rules))
    taken = snapshot(Where(cluster, metrics, reading, source, talk))
    explained = pipeline.explain(taken, with_last(asked, reading.history, taken), wanted, written)
    if output in _FORMS:
        write_stdout(_shown(explained, output))
    else:
        _write_page(explained, Path(output))
        say(f"{output}: open it in a browser, it needs no network", talk)
    return exits.for_coverage(explained.coverage)


def _check_output(output: str, snapshot: Path | None) -> None:
    """UsageError for what is neither a form nor a page's file, before any work is done."""
    if output not in _FORMS and not output.endswith(_PAGE):
        raise UsageError(
            f"-o {output!r} is no form of output", f"one of {', '.join(_FORMS)}, or a file such as api.html"
        )
    if output not in _FORMS:
        check_file(Path(output), snapshot)


def _shown(explained: Explained, form: str) -> str:
    from costkit.report.explain_json import to_json
    from costkit.report.explain_text import WIDTH, text
    from costkit.report.serialized import json_text

    if form == "json":
        return json_text(to_json(explained))
    if form == "html":
        return _page(explained)
    return text(explained, shutil.get_terminal_size().columns if on_terminal() else WIDTH)


def _page(explained: Explained) -> str:
    from costkit.report.explain_page import page
    from costkit.settings.shipped import templates_dir

    return page(explained, templates_dir())


def _write_page(explained: Explained, path: Path) -> None:
    from costkit.report.files import write_whole

    write_whole(path, _page(explained))
