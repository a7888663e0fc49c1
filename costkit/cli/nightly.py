"""`costkit nightly`: everything that a night's run does, one part after the other; a failed part hides no other."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import Parameter

from costkit import pipeline
from costkit.cli import exits
from costkit.cli.flags import (
    CLUSTER,
    METRICS,
    PLAN,
    READING,
    TALK,
    ClusterFlags,
    MetricsFlags,
    PlanFlags,
    ReadingFlags,
    SourceFlags,
    TalkFlags,
)
from costkit.cli.history import kept_seconds
from costkit.cli.inputs import Where, history, past_moment, request, take, with_last, without_metrics
from costkit.cli.outputs import check_folder, write_page, write_patch_folder
from costkit.cli.stdout import write_stdout
from costkit.cli.talk import complain
from costkit.errors import CostkitError, FailedError, MetricsError, UsageError
from costkit.model.plan import Plan
from costkit.model.snapshot import Snapshot
from costkit.model.window import DAY
from costkit.report.moments import timestamp
from costkit.settings.values import seconds

if TYPE_CHECKING:
    from costkit.history.store import History

T = TypeVar("T")


@dataclass
class Parts:
    """What became of each part: `ok`, or the line that says what went wrong."""

    told: dict[str, str] = field(default_factory=dict)
    code: int = exits.DONE
    removed: int = 0
    """Days and runs that were too old."""

    def do(self, name: str, work: Callable[[], T]) -> T | None:
        """What the work gave; None where it failed, which is said at once and counts at the end."""
        try:
            found = work()
        except UsageError:
            raise  # nothing has been done, and nothing would be right
        except CostkitError as error:
            self.failed(name, error)
            return None
        except Exception as error:  # a defect of one part must not take the others with it
            words = f"this is a defect of costkit: {type(error).__name__}: {error}"
            self.failed(name, FailedError(words, "please report it with the output of costkit recommend --debug"))
            return None
        self.told[name] = "ok"
        return found

    def failed(self, name: str, error: CostkitError) -> None:
        complain(error)
        self.told[name] = error.message
        self.code = exits.FAILED


def nightly(  # noqa: PLR0913 - each is a flag or a group of flags
    *,
    output: Annotated[
        Path, Parameter(name=["--output", "-o"], help="Folder for report.html, plan.json and patches/.")
    ] = Path("nightly"),
    keep: Annotated[str, Parameter(help="How far back days and runs are kept.")] = "90d",
    strict: Annotated[bool, Parameter(negative="", help="Exit 3 where data is partial.")] = False,
    at: Annotated[str, Parameter(help="The moment to look from: RFC 3339, or now.")] = "now",
    cluster: ClusterFlags = CLUSTER,
    metrics: MetricsFlags = METRICS,
    reading: ReadingFlags = READING,
    plan: PlanFlags = PLAN,
    talk: TalkFlags = TALK,
) -> int:
    """Collect, recommend, write report and patches, save the run, prune; the last line says how it went, as JSON."""
    moment, reach, asked = past_moment(at), _reach(keep, reading.window), request(plan)
    kept = history(reading.history, reach)
    if kept is None:
        raise UsageError("a nightly run needs a history", "add --history with a folder or URL that stays")
    check_folder(output, reading.history)
    before = moment - reach * DAY
    parts = Parts()
    where = Where(cluster, metrics, reading, SourceFlags(at=at), talk, reach)
    taken = parts.do("collect", lambda: _taken(where, moment, parts))
    made = None if taken is None else parts.do("recommend", lambda: _planned(taken, asked, reading.history))
    if made is not None:
        text = _json(made)
        _leave(made, text, output, parts)
        parts.do("patches", lambda: write_patch_folder(made, output / "patches", _folders_by(plan), talk))
        if _is_whole(plan) and "metrics" not in parts.told:
            parts.do("run", lambda: kept.runs(made.cluster_id).save(text.encode(), made.taken_at))
        parts.removed = parts.do("prune", lambda: _pruned(kept, before, made.cluster_id)) or 0
    code = parts.code or (exits.for_coverage(made.coverage) if made is not None and strict else exits.DONE)
    write_stdout(json.dumps(_summary(made, parts, code)) + "\n")
    return code


def _reach(keep: str, window: str) -> float:
    """Days; UsageError where the window would be cut by what is kept."""
    kept = kept_seconds(keep)
    if kept < seconds("--window", window):
        raise UsageError(
            f"--keep {keep} is less than --window {window}", "keep what is looked back on, 90d for a quarter"
        )
    return kept / DAY


def _taken(where: Where, at: float, parts: Parts) -> Snapshot:
    """Where Prometheus cannot be read tonight, what the history has is still told."""
    try:
        return take(where, at)
    except MetricsError as error:
        parts.failed("metrics", error)
    taken = without_metrics(where, at, parts.told["metrics"])
    if not taken.frames.usage.num_rows:
        raise FailedError("the history does not help either: it has no day of the window", "earlier nights' files stay")
    return taken


def _planned(taken: Snapshot, asked: pipeline.Request, url: str) -> Plan:
    return pipeline.plan(taken, with_last(asked, url, taken))


def _leave(made: Plan, text: str, output: Path, parts: Parts) -> None:
    from costkit.report.files import new_folder, write_whole

    parts.do("folder", lambda: new_folder(output))
    parts.do("report", lambda: write_page(made, output / "report.html"))
    parts.do("plan", lambda: write_whole(output / "plan.json", text))


def _json(made: Plan) -> str:
    from costkit.report.contract import to_json
    from costkit.report.serialized import json_text

    return json_text(to_json(made))


def _folders_by(flags: PlanFlags) -> str | None:
    """The first label of a --group-by that was given makes a folder a value."""
    return flags.group_by.partition(",")[0].strip() or None if flags.group_by else None


def _is_whole(flags: PlanFlags) -> bool:
    """A plan of a part of the cluster is nothing that the next run could be compared with."""
    in_part = flags.namespace and not flags.all_namespaces
    return not (in_part or flags.selector or flags.only) and flags.max_risk == "high" and not flags.min_saving


def _pruned(kept: "History", before: float, cluster_id: str) -> int:
    """Of this cluster alone: others in the same place have nights of their own."""
    from costkit.history.upkeep import Stale, prune

    return len(list(prune(kept.storage, Stale(before, time.time(), cluster_id), dry=False)))


def _summary(made: Plan | None, parts: Parts, code: int) -> dict[str, object]:
    """One line that a log collector can read."""
    if made is None:
        return {"kind": "Nightly", "exit": code, "parts": parts.told}
    return {
        "kind": "Nightly",
        "exit": code,
        "cluster": made.cluster_name,
        "takenAt": timestamp(made.taken_at),
        "parts": parts.told,
        "recommendations": len(made.items),
        "freed": round(sum(item.saving.alone for item in made.items), 2),
        "cost": round(made.books.monthly, 2),
        "removed": parts.removed,
        "gaps": [f"{c.source}: {c.detail}" for c in made.coverage if c.status in ("partial", "missing")],
    }
