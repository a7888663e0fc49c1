"""Rows as numbers: ordered as their columns are, told apart as their values are."""

import numpy as np
import pyarrow as pa
import pytest

from costkit.analyze import ordered
from costkit.analyze.ordered import encoded, grouped, keyed, numbered, ranks
from tests.analyze.days import MIDNIGHT, flat, samples, series, usage

RANDOM = np.random.default_rng(11)


@pytest.mark.parametrize(("dense", "most"), [(16, 2**62), (0, 2**62), (16, 50), (0, 8)])
def test_keys_stand_in_the_order_of_their_columns(dense, most, monkeypatch):
    """Whether they are told apart by counting or by sorting, and with products of names that fit 64 bits or do not."""
    monkeypatch.setattr(ordered, "_DENSE", dense)
    monkeypatch.setattr(ordered, "_MOST", most)
    columns = RANDOM.integers(0, 5, (4, 200))
    rows = list(zip(*columns.tolist(), strict=True))
    places = {row: i for i, row in enumerate(sorted(set(rows)))}

    assert keyed(columns).tolist() == [places[row] for row in rows]


def test_numbers_have_no_gaps_whatever_the_values():
    assert numbered(np.array([7, 10**15, 7, 3])).tolist() == [1, 2, 1, 0]
    assert numbered(np.empty(0, np.int64)).tolist() == []


def test_values_are_ranked_over_all_chunks_and_numbered_as_they_are_first_seen():
    column = pa.chunked_array([["b", "a"], [], ["c", "a"]], pa.string())
    indices, values = encoded(column)

    assert ranks(column).tolist() == [1, 0, 2, 0]
    assert (indices.tolist(), values.to_pylist()) == ([0, 1, 2, 1], ["b", "a", "c"])
    assert ranks(pa.chunked_array([], pa.string())).tolist() == []


def test_a_group_that_loses_rows_keeps_its_number():
    """Of two containers one loses a day of two revisions, the other all."""
    apart = [samples((series("a", "old"), flat(1.0)), (series("b", "new"), flat(2.0)), day=day) for day in range(2)]
    other = [samples((series("c", "old", target=series().target.of("other")), flat(3.0)), day=day) for day in range(2)]
    frame = usage(*apart, *other)
    groups = grouped(frame)
    revision = np.array(frame["revision"].to_pylist())[groups.places]
    kept = groups.within(revision == "new")

    days = (frame["day"].to_numpy()[kept.places] - MIDNIGHT) / 86_400
    assert (np.diff(groups.firsts).tolist(), np.diff(kept.firsts).tolist()) == ([4, 2], [2, 0])
    assert (days.tolist(), np.diff(kept.days).tolist()) == ([0.0, 1.0], [1, 1])
