"""A cluster's past as Prometheus would have scraped it: a scene goes in, a file for `Prometheus.start` comes out.

It STANDS IN for the kubelet's cAdvisor and for kube-state-metrics, neither of which can run here: the format is that of
real payloads of both. What differs from a real scrape: all samples lie on one grid of times, series of state come less
often than usage (no query can tell below Prometheus' lookback), and a series that ends leaves no stale marker, so an
instant query still sees it for five minutes.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tests.bed import cadvisor, samples, state_nodes, state_owners, state_pods
from tests.bed.samples import Grid, Row
from tests.bed.scene import Scene
from tests.bed.state import State


def write(scene: Scene, folder: Path) -> Path:
    """The file of the scene's samples. Each usage function is called once."""
    folder.mkdir(parents=True, exist_ok=True)
    return samples.write(rows(scene), folder / "history.rows")


def rows(scene: Scene) -> Iterator[Row]:
    """Every series of the scene, pod by pod."""
    grid, slow = (Grid(scene.start, scene.end, step) for step in (scene.step, scene.state_step))
    state = State(scene, slow)
    return chain(
        cadvisor.rows(scene, grid, slow), state_pods.rows(state), state_owners.rows(state), state_nodes.rows(state)
    )
