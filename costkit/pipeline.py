"""The way of the data: observe -> study -> plan. The only place that knows the order of the stages."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from costkit.analyze.digest import digest
from costkit.analyze.facts import study
from costkit.collect.source import Source
from costkit.errors import UsageError
from costkit.model.cluster import Coverage
from costkit.model.money import PriceBook
from costkit.model.plan import Item, Plan
from costkit.model.policy import Policies
from costkit.model.recommendation import Declined, Finding
from costkit.model.snapshot import Frames, Snapshot
from costkit.model.usage import FRAMES, check
from costkit.model.window import DAY, Window
from costkit.price.plan import Terms, make_plan
from costkit.progress import Progress
from costkit.recommend.catalog import findings
from costkit.recommend.selected import Selection, selected


@dataclass(frozen=True, slots=True)
class Request:
    """What a plan is asked for."""

    policies: Policies
    prices: PriceBook
    label_keys: tuple[str, ...]
    selection: Selection = field(default_factory=Selection)
    minimum_saving: float = 0.0
    """USD a month below which a cut is not proposed."""


def observe(source: Source, window: Window, at: float, progress: Progress) -> Snapshot:
    """Every day of the window, shard by shard, each reduced to sketches before the next is read."""
    cluster = source.cluster()
    tables: dict[str, list[pa.Table]] = {name: [frame.empty_table()] for name, frame in FRAMES.items()}
    midnights = list(window.midnights())
    progress.begin("reading days", len(midnights))
    for midnight in midnights:
        for part in source.observe(midnight, window):
            tables["usage"] += [digest(samples) for samples in part.samples]
            for name in ("signals", "events", "nodes", "volumes"):
                tables[name].append(getattr(part, name))
        progress.advance()
    progress.end()
    frames = Frames(**{name: check(name, pa.concat_tables(parts)) for name, parts in tables.items()})
    return Snapshot(at, window, cluster, frames, (*cluster.coverage, *source.coverage()))


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
    asked = findings(facts, request.policies, request.selection.only)
    found = tuple(selected(asked, facts, request.selection))
    terms = Terms(label_keys=request.label_keys, rules=request.policies.rightsize.source)
    made = make_plan(snapshot, facts, found, request.prices, terms)
    small = frozenset(item.target for item in made.items if _is_small(item, request.minimum_saving))
    if not small:
        return made
    return make_plan(snapshot, facts, _without(found, small, request.minimum_saving), request.prices, terms)


def _is_small(item: Item, minimum: float) -> bool:
    return not item.recommendation.grows and item.saving.alone < minimum


def _without(found: Iterable[Finding], small: frozenset[object], minimum: float) -> list[Finding]:
    detail = f"frees less than ${minimum:,.2f} a month"
    return [Declined(f.kind, f.target, "below-minimum", detail) if f.target in small else f for f in found]


def _until(table: pa.Table, end: float) -> pa.Table:
    return table.filter(pc.less(table["day"], end))
