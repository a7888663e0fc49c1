"""What kube-state-metrics' series have in common: a scene goes in, a maker of rows comes out.

It stands in for kube-state-metrics, which cannot run here. Names and labels are those of a real payload of version
2.19; where that has no such object, the documented name stands here. A scrape adds `job` and `instance`.
"""

import re
from collections.abc import Iterator, Mapping

from tests.bed.samples import Grid, Row, over_time
from tests.bed.scene import Changes, Scene

INSTANCE = "10.244.0.3:8080"
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_]")


class State:
    """Makes rows on the slow grid."""

    def __init__(self, scene: Scene, grid: Grid) -> None:
        self.scene = scene
        self._grid = grid
        self._scraped = {"job": scene.state_job, "instance": INSTANCE}

    def row(
        self, name: str, labels: Mapping[str, str], life: tuple[int, int | None], value: Changes = 1.0
    ) -> Iterator[Row]:
        """A series of an object that exists from the one time to before the other (None: to the scene's end)."""
        if name.endswith("_labels") and not self.scene.label_series:
            return
        start, end = life
        span = self._grid.span(start, self.scene.end + 1 if end is None else end)
        if span.start < span.stop:
            values = over_time(value, self._grid.times[span])
            yield Row(name, {**labels, **self._scraped}, self._grid, span, values)


def flag(truth: bool) -> float:
    return 1.0 if truth else 0.0


def label_names(labels: Mapping[str, str]) -> dict[str, str]:
    """A Kubernetes label as the series name it: `app.kubernetes.io/name` is `label_app_kubernetes_io_name`."""
    return {f"label_{_NOT_IN_NAMES.sub('_', name)}": value for name, value in labels.items()}


def owner_labels(kind: str, name: str, controller: str = "owner_is_controller") -> dict[str, str]:
    """Without an owner they are there and empty."""
    return {"owner_kind": kind, "owner_name": name, controller: "true" if kind else ""}
