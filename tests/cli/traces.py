"""A small file of traces, made up: three containers, an hour a sample, thirty days."""

from pathlib import Path

import numpy as np

DAYS = 30


def write_traces(path: Path, *, series: int = 3, days: int = DAYS) -> Path:
    """The same bytes for the same words."""
    rng = np.random.default_rng(3)
    lines = ["series_id,ts,cpu_cores,mem_bytes,mem_alloc"]
    for number in range(series):
        cores = rng.lognormal(-1, 0.8, days * 24)
        size = rng.lognormal(20, 0.3, days * 24)
        lines += [f"s{number},{hour * 3600},{cores[hour]:.4f},{size[hour]:.0f},8e9" for hour in range(days * 24)]
    path.write_text("\n".join(lines) + "\n")
    return path
