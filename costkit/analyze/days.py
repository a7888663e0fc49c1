"""Observations, shard by shard -> whole days, each shard reduced to sketches before the next is taken."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import pyarrow as pa

from costkit.analyze.digest import digest
from costkit.model.account import Account
from costkit.model.day import Day, OpenDay, joined
from costkit.model.samples import Observation
from costkit.model.snapshot import Frames
from costkit.model.usage import FRAMES, empty
from costkit.progress import Progress


def whole_days(observed: Iterable[Observation], progress: Progress) -> Iterator[tuple[Day, OpenDay | None]]:
    """Each day with its answers, where they are wanted. A day that was broken off is left out."""
    for midnight, observations in groupby(observed, key=lambda one: one.day):
        frames, account, samples = [], Account(), 0
        for one in observations:
            frames.append(_reduced(one))
            account += one.account
            samples += sum(held.values.size for held in one.samples)
            progress.note(f"{len(frames)} shards, {samples / 1e6:.1f} M samples")
            if one.is_last:
                yield Day(midnight, one.until, _ordered(joined(frames)), account), one.answers


def _reduced(one: Observation) -> Frames:
    usage = [digest(samples) for samples in one.samples]
    return Frames(pa.concat_tables([empty("usage"), *usage]), one.signals, one.events, one.nodes, one.volumes)


def _ordered(frames: Frames) -> Frames:
    """By what names their rows: however a day was cut into shards, it is the same."""
    return Frames(**{name: getattr(frames, name).sort_by(_named_by(schema)) for name, schema in FRAMES.items()})


def _named_by(schema: pa.Schema) -> list[tuple[str, str]]:
    names = (field.name for field in schema if field.type == pa.string() or field.name == "at")
    return [(name, "ascending") for name in names]
