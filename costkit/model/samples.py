"""Usage as it was sampled: one matrix a resource, day and shard. It lives only until it is reduced to sketches."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from costkit.model.account import Account
from costkit.model.day import OpenDay
from costkit.model.target import Target
from costkit.model.window import STEPS


@dataclass(frozen=True, slots=True)
class Series:
    """One container of one pod; `target` names the container of its workload."""

    target: Target
    pod: str
    revision: str
    node_class: str
    start: float
    """Unix seconds at which the pod started."""
    end: float
    """Unix seconds at which it ended; infinity while it runs."""


@dataclass(frozen=True, slots=True)
class Samples:
    """One UTC day: `values[i, j]` is what `series[i]` used in (day + 300 j, day + 300 (j + 1)]; NaN where unknown."""

    resource: str
    """`cpu` (cores), `memory` (bytes, peak within the step) or `gpu` (share of one GPU)."""
    day: float
    series: tuple[Series, ...]
    values: NDArray[np.float64]
    until: float
    """Unix seconds at which the observed part of the day ends."""

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.series), STEPS):
            raise ValueError(f"{len(self.series)} series need a matrix of {STEPS} steps, not {self.values.shape}")


@dataclass(frozen=True, slots=True)
class Observation:
    """What a source saw of one shard on one day: usage to be reduced, and the frames of model.usage as they are."""

    day: float
    """Unix seconds of the UTC midnight."""
    until: float
    """Unix seconds at which the observed part of the day ends."""
    samples: tuple[Samples, ...]
    signals: pa.Table
    events: pa.Table
    nodes: pa.Table
    volumes: pa.Table
    account: Account = field(default_factory=Account)
    answers: OpenDay | None = None
    """Where they were wanted."""
    share: float = 1.0
    """Of the day's work that it is."""
    is_last: bool = True
    """No more of the day comes."""
