"""The way of the data: observe -> study -> plan. The only place that knows the order of the stages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from costkit.analyze.curves import curves
from costkit.analyze.cut import cut
from costkit.analyze.days import whole_days
from costkit.analyze.facts import study
from costkit.analyze.score import Judge
from costkit.analyze.traced import traces_of as traced
from costkit.collect.source import Source
from costkit.errors import UsageError
from costkit.history.shelf import Memory, Shelf
from costkit.history.store import History
from costkit.model.account import coverage
from costkit.model.backtest import Backtest, RuleRecord, Week
from costkit.model.checkup import Checkup
from costkit.model.cluster import Coverage
from costkit.model.day import Wanted, joined
from costkit.model.explained import Explained, Explanation
from costkit.model.last import LastSizes
from costkit.model.money import PriceBook
from costkit.model.plan import Item, Plan
from costkit.model.policy import Policies
from costkit.model.recommendation import Declined, Finding
from costkit.model.snapshot import Frames, Snapshot
from costkit.model.trace import Trace
from costkit.model.usage import FRAMES
from costkit.model.window import DAY, Window
from costkit.price.checkup import price_check, price_kind, priced_nodes
from costkit.price.plan import Terms, make_plan
from costkit.progress import Progress
from costkit.recommend.catalog import findings
from costkit.recommend.named import Named, containers_of
from costkit.recommend.rightsize.outlook import outlook
from costkit.recommend.selected import Selection, selected
from costkit.recommend.trial import PERCENTILES, Trial, sized, week_rows
from costkit.settings.followed import followed
from costkit.settings.in_force import Rule

if TYPE_CHECKING:
    from costkit.collect.doctor.checks import Ask


@dataclass(frozen=True, slots=True)
class Request:
    """What a plan is asked for."""

    policies: Policies
    prices: PriceBook
    label_keys: tuple[str, ...]
    selection: Selection = field(default_factory=Selection)
    minimum_saving: float = 0.0
    """USD a month below which a cut is not proposed."""
    last: LastSizes = field(default_factory=LastSizes)
    """What the last run recommended."""


def observe(source: Source, window: Window, at: float, progress: Progress, history: History | None = None) -> Snapshot:
    """The window's days, from the history where it has them. A history is filled as far back as there is data.

    A day is read shard by shard, each reduced to sketches before the next, and kept before the next day is begun.
    """
    cluster = source.cluster()
    shelf: Shelf = Memory() if history is None else history.days(cluster.id)
    parts = source.reach(window if history is None else Window.back_from(at, max(history.reach, window.days)))
    read = _read(source, shelf, shelf.lacking(parts, at), progress)
    days = shelf.within(window)
    past = shelf.before(window, 0.0 if history is None else max(0.0, history.reach - window.days))
    told = Coverage("days", "ok", f"{len(days)} days in the window, {read} read now")
    accounts = coverage([day.account for day in days], window)
    rows = (*cluster.coverage, *source.coverage(), *shelf.coverage(), *accounts, told)
    return Snapshot(at, window, cluster, joined(day.frames for day in days), rows, past)


def _read(source: Source, shelf: Shelf, wanted: list[Wanted], progress: Progress) -> int:
    """The number of days that were read and put on the shelf."""
    progress.begin("reading days", len(wanted))
    try:
        read = 0
        for day, answers in whole_days(source.observe(wanted), progress):
            shelf.put(day, answers)
            read += 1
        return read
    finally:
        progress.end()


def as_of(snapshot: Snapshot, at: float) -> Snapshot:
    """The snapshot's whole days (UTC) before a moment of its window; a later moment only makes it old."""
    if at >= snapshot.window.end:
        age = (at - snapshot.window.end) / DAY
        note = () if age < 1 else (Coverage("snapshot", "ok", f"its window ended {age:.1f} days ago"),)
        return replace(snapshot, coverage=(*snapshot.coverage, *note))
    end = at // DAY * DAY
    if end <= snapshot.window.start:
        raise UsageError("--at leaves no whole day of the snapshot's window", "give a later moment, or leave --at out")
    window = Window(snapshot.window.start, end)
    frames = {name: _until(getattr(snapshot.frames, name), window.end) for name in FRAMES}
    return replace(snapshot, taken_at=at, window=window, frames=Frames(**frames))


def plan(snapshot: Snapshot, request: Request) -> Plan:
    """All findings that were asked for, together, priced once."""
    facts = study(snapshot, request.label_keys)
    asked = findings(facts, request.policies, request.selection.only, request.last)
    found = tuple(selected(asked, facts, request.selection))
    terms = Terms(label_keys=request.label_keys, rules=request.policies.digest)
    made = make_plan(snapshot, facts, found, request.prices, terms)
    small = frozenset(item.target for item in made.items if _is_small(item, request.minimum_saving))
    if not small:
        return made
    return make_plan(snapshot, facts, _without(found, small, request.minimum_saving), request.prices, terms)


def explain(snapshot: Snapshot, request: Request, wanted: Named, rules: Sequence[Rule]) -> Explained:
    """What decided on one workload. All are looked at, for each is sized by what was seen of the others, too."""
    facts, policy = study(snapshot, request.label_keys), request.policies.rightsize
    chosen = containers_of(wanted, facts.containers)
    found = {f.target: f for f in findings(facts, request.policies, frozenset({"rightsize"}), request.last)}
    workload, class_name = chosen[0].target.workload, policy.class_of(chosen[0].target, chosen[0].match_labels).name
    seen = curves(snapshot.frames.usage, snapshot.window, workload)
    return Explained(
        workload=workload,
        cluster_id=snapshot.cluster.id,
        cluster_name=snapshot.cluster.name,
        taken_at=snapshot.taken_at,
        window=snapshot.window,
        containers=tuple(
            Explanation(c, found[c.target], seen.get(c.target, ()), outlook(found[c.target], c, policy)) for c in chosen
        ),
        rule_class=class_name,
        rules=followed(rules, class_name),
        coverage=snapshot.coverage,
    )


def checkup(ask: "Ask", prices: PriceBook, progress: Progress) -> Checkup:
    """What works here, before any work is done: rights, metrics, clocks, and last what the nodes cost."""
    from costkit.collect.doctor.checks import examine  # with the client libraries, which no other command here needs

    progress.begin("checks", 1)
    examined = examine(ask)
    progress.end()
    priced = priced_nodes(examined.cluster, examined.hourly or {}, prices)
    checks = (*examined.checks, price_check(priced, has_metrics=examined.hourly is not None))
    return Checkup(checks, price_kind(priced, prices))


def _is_small(item: Item, minimum: float) -> bool:
    return not item.recommendation.grows and item.saving.alone < minimum


def _without(found: Iterable[Finding], small: frozenset[object], minimum: float) -> list[Finding]:
    detail = f"frees less than ${minimum:,.2f} a month"
    return [Declined(f.kind, f.target, "below-minimum", detail) if f.target in small else f for f in found]


def _until(table: pa.Table, end: float) -> pa.Table:
    return table.filter(pc.less(table["day"], end))


def traces_of(snapshot: Snapshot) -> tuple[Trace, ...]:
    """Its containers as series that rules can be tried on."""
    return traced(snapshot)


def backtest(traces: Sequence[Trace], trial: Trial, progress: Progress, *, rows: bool = False) -> Backtest:
    """How rules would have done on weeks of traces that they had not seen; `rows`: with the sizes for each week."""
    resources = [resource for resource in ("cpu", "memory") if any(trace.use(resource).samples for trace in traces)]
    progress.begin("trying rules", len(resources))
    try:
        tried = [_tried(traces, trial, resource, progress, rows=rows) for resource in resources]
    finally:
        progress.end()
    return Backtest(
        len(traces), tuple(r for one, _ in tried for r in one), tuple(w for _, weeks in tried for w in weeks)
    )


def _tried(
    traces: Sequence[Trace], trial: Trial, resource: str, progress: Progress, *, rows: bool
) -> tuple[list[RuleRecord], list[Week]]:
    done = cut(traces, resource, trial.reach)
    found = list(sized(trial, resource, traces, done.weeks, done.percentiles(PERCENTILES)))
    judge = Judge.of(done.weeks, resource, trial.rule(resource)[0].floor)
    records = [RuleRecord(s.rule, resource, s.target, s.p, *judge.records(s.sizes)) for s in found]
    progress.advance(1)
    return records, [week for s in found for week in week_rows(traces, done.weeks, resource, s)] if rows else []
