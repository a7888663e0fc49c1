"""Observations, shard by shard -> whole days, each shard reduced to sketches before the next is taken."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from costkit.analyze.digest import digest
from costkit.model.account import Account
from costkit.model.day import Day, OpenDay, joined
from costkit.model.samples import Observation
from costkit.model.snapshot import Frames
from costkit.model.usage import FRAMES, empty
from costkit.progress import Progress


def whole_days(observed: Iterable[Observation], progress: Progress) -> Iterator[tuple[Day, OpenDay | None]]:
    """Each day with its answers, where they are wanted. A day that was broken off is left out."""
    shards = samples = 0
    for midnight, observations in groupby(observed, key=lambda one: one.day):
        frames, account = [], Account()
        for one in observations:
            frames.append(_reduced(one))
            account += one.account
            shards += 1
            samples += sum(int(np.isfinite(held.values).sum()) for held in one.samples)
            progress.advance(one.share)
            progress.note(f"{shards} shards, {samples / 1e3:,.0f} thousand samples")
            if one.is_last:
                yield Day(midnight, one.until, _ordered(_as_watched(joined(frames))), account), one.answers


def _reduced(one: Observation) -> Frames:
    usage = [digest(samples) for samples in one.samples]
    return Frames(pa.concat_tables([empty("usage"), *usage]), one.signals, one.events, one.nodes, one.volumes)


def _as_watched(frames: Frames) -> Frames:
    """Of a resource that nobody sampled on the day no sample was to be expected: nothing watched it."""
    usage = frames.usage
    seen = usage.filter(pc.greater(usage["samples"], 0))["resource"].unique()
    expected = pc.if_else(pc.is_in(usage["resource"], seen), usage["samples_expected"], 0)
    place = usage.schema.get_field_index("samples_expected")
    return replace(frames, usage=usage.set_column(place, usage.schema.field(place), expected))


def _ordered(frames: Frames) -> Frames:
    """By what names their rows: however a day was cut into shards, it is the same."""
    return Frames(**{name: getattr(frames, name).sort_by(_named_by(schema)) for name, schema in FRAMES.items()})


def _named_by(schema: pa.Schema) -> list[tuple[str, str]]:
    names = (field.name for field in schema if field.type == pa.string() or field.name == "at")
    return [(name, "ascending") for name in names]
