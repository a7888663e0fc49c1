"""Namespaces in bundles, a huge one by the beginnings of its pods' names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costkit.collect.pieces import Piece, bundles, halves, split_pods

NAMESPACES = st.dictionaries(st.text("abcde", min_size=1, max_size=4), st.integers(0, 900))
NAMES = st.sets(st.text("abc-.0", min_size=1, max_size=8), min_size=1, max_size=80)


def matched(piece, name):
    return [beginning for beginning in piece.beginnings if re.fullmatch(beginning, name)]


@given(NAMESPACES)
def test_every_namespace_is_in_exactly_one_bundle(pods):
    assert sorted(name for bundle in bundles(pods, 400) for name in bundle.namespaces) == sorted(pods)


@given(NAMESPACES)
def test_no_bundle_is_above_its_bound_but_of_one_namespace(pods):
    for bundle in bundles(pods, 400):
        assert bundle.namespaces
        assert len(bundle.namespaces) == 1 or bundle.size <= 400


@given(NAMES, st.integers(1, 40))
def test_every_pod_is_asked_of_in_exactly_one_piece(names, most):
    pieces = split_pods("shop", names, most)
    assert sorted(name for piece in pieces for name in piece.pods) == sorted(names)
    for name in names:
        assert len([1 for piece in pieces for _ in matched(piece, name)]) == 1


@given(NAMES, st.integers(1, 40))
def test_no_piece_is_above_its_bound(names, most):
    assert all(piece.size <= most for piece in split_pods("shop", names, most))


def test_a_piece_of_thousands_of_pods_is_told_in_few_words():
    names = [f"batch-{job:02d}-{pod:05d}-x{pod % 97:02d}" for job in range(4) for pod in range(2_500)]
    pieces = split_pods("ml", names, 1_000)
    assert len(pieces) <= 14
    assert max(len("|".join(piece.beginnings)) for piece in pieces) < 1_000


@given(NAMES)
def test_halves_are_fewer_and_hold_the_same(names):
    piece = Piece({"shop": len(names)})
    parts = halves(piece, sorted(names))
    if len(names) <= 8:
        assert parts == []
        return
    assert sorted(name for part in parts for name in part.pods) == sorted(names)
    assert all(part.size <= len(names) // 2 for part in parts)


def test_halving_ends_at_the_floor():
    pieces, rounds = [Piece({"a": 100, "b": 60})], 0
    names = {"a": [f"a-{i:03d}" for i in range(100)], "b": [f"b-{i:03d}" for i in range(60)]}
    while pieces:
        pieces = [part for piece in pieces for part in halves(piece, names[next(iter(piece.namespaces))])]
        rounds += 1
        assert rounds < 12


def test_two_namespaces_are_parted_before_their_pods():
    assert [list(part.namespaces) for part in halves(Piece({"a": 5, "b": 5}))] == [["a"], ["b"]]


@pytest.mark.parametrize("names", [(), ("only-one",)])
def test_what_cannot_be_parted_is_not(names):
    assert halves(Piece({"a": 1}), names) == []
