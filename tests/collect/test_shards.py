"""Namespaces in bundles."""

from hypothesis import given
from hypothesis import strategies as st

from costkit.collect.shards import shards

NAMESPACES = st.dictionaries(st.text("abcde", min_size=1, max_size=4), st.integers(0, 900))


@given(NAMESPACES)
def test_every_namespace_is_in_exactly_one_bundle(pods):
    assert sorted(name for bundle in shards(pods) for name in bundle) == sorted(pods)


@given(NAMESPACES)
def test_no_bundle_is_above_400_pods_but_of_one_namespace(pods):
    for bundle in shards(pods):
        assert bundle
        assert len(bundle) == 1 or sum(pods[name] for name in bundle) <= 400


@given(NAMESPACES)
def test_the_order_of_the_namespaces_does_not_matter(pods):
    assert shards(dict(reversed(pods.items()))) == shards(pods)


def test_without_namespaces_there_are_no_bundles():
    assert shards({}) == []
