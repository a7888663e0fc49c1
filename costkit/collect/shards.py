"""Which namespaces are read together: whole ones, bundled up to a number of pods, so that no query grows with all."""

from collections.abc import Mapping

_PODS = 400
"""Pods a shard: a day's matrix of their containers at 5 minutes is about a quarter of a million samples."""


def shards(pods: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Namespaces in bundles of at most _PODS pods; a namespace above that stands alone. Ordered, each in one bundle."""
    bundles: list[tuple[str, ...]] = []
    bundle: list[str] = []
    held = 0
    for namespace in sorted(pods):
        if bundle and held + pods[namespace] > _PODS:
            bundles.append(tuple(bundle))
            bundle, held = [], 0
        bundle.append(namespace)
        held += pods[namespace]
    return [*bundles, tuple(bundle)] if bundle else bundles
