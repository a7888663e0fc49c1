"""Makes rules/scores.json from folders of real usage: quantiles of scores, never the samples.

    python -m benchmarks.scores TRACES [--write]

TRACES holds a folder a set with dev.parquet, as SOURCES names them. Without --write it only prints what it found.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from costkit.analyze.cut import Cut, cut
from costkit.collect.traces import read_traces
from costkit.model.trace import Floats, Trace
from costkit.recommend.rightsize.promise import CPU, LEAST_AGE, scores
from costkit.settings.scores import FILE, File, Set
from costkit.settings.shipped import rules_dir

FLOORS = {"cpu": 0.01, "memory": 32.0 * 2**20}
QUANTILES = (np.arange(100) + 0.5) / 100
NOTE = "Made by benchmarks/scores.py: quantiles of how far real weeks went beyond the rule's base. Not for editing."
SOURCES = {
    "bitbrains": (
        "bitbrains_rnd",
        "GWA-T-12 Bitbrains rnd: business VMs; of memory those whose daily peaks are steady",
    ),
    "azure": ("azure_v1_cpu", "Azure Public Dataset V1 (2017), CC-BY-4.0: VMs"),
    "kruize": ("kruize_openshift", "kruize-demos, Apache-2.0: OpenShift containers"),
    "borg": ("borg2019_demo", "Google cluster-usage traces v3 (2019), CC-BY: task instances"),
}
RESOURCES = {"bitbrains": ("cpu", "memory"), "azure": ("cpu",), "kruize": ("memory",), "borg": ("memory",)}
STEADY = 0.05
"""Most that the logarithms of 28 daily peaks scatter (standard deviation) in what stands for containers' memory."""
IN_BYTES = {"borg": 2.0**40}
"""Borg's memory is a share of the largest machine: scaled, so that no floor cuts it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("traces", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    sets = tuple(made(name, asked.traces) for name in SOURCES)
    if asked.write:
        (rules_dir() / FILE).write_bytes(_text(File(NOTE, sets)))


def _text(file: File) -> bytes:
    """A set a line."""
    sets = b",\n".join(map(msgspec.json.encode, file.sets))
    return b'{"note": %b, "sets": [\n%b\n]}\n' % (msgspec.json.encode(file.note), sets)


def made(name: str, folder: Path) -> Set:
    place, source = SOURCES[name]
    traces, _ = read_traces(folder / place / "dev.parquet")
    held = [_scaled(trace, IN_BYTES.get(name, 1.0)) for trace in traces]
    cpu = [_scores(held, "cpu", band.up_to, name) for band in CPU] if "cpu" in RESOURCES[name] else []
    memory = _scores(held, "memory", 1.0, name) if "memory" in RESOURCES[name] else np.empty(0)
    return Set(name, source, tuple(map(_quantiles, cpu)), _quantiles(memory))


def _scaled(trace: Trace, factor: float) -> Trace:
    return replace(trace, memory=replace(trace.memory, values=trace.memory.values * factor))


def _scores(traces: Sequence[Trace], resource: str, target: float, name: str) -> Floats:
    done = cut(traces, resource)
    found = scores(resource, target, done.weeks, FLOORS[resource])
    counts = (done.weeks.past.age >= LEAST_AGE[resource]) & ~np.isnan(found)
    if (name, resource) == ("bitbrains", "memory"):
        counts &= _steady(done)
    held = found[counts]
    words = ", ".join(f"p{share:.0%} x{np.exp(np.quantile(held, share)):.2f}" for share in (0.5, 0.8, 0.9, 0.95, 0.98))
    print(f"{name} {resource} {target:.0%}: {len(held)} weeks, {words}")
    return held


def _steady(done: Cut) -> NDArray[np.bool_]:
    """Whether a container's daily peaks were, in the 28 days before each week."""
    weeks, rows = done.weeks, done.rows
    first = weeks.past.age.astype(int)
    spans = rows.spans(weeks.series, first - 28, first)
    pairs = zip(spans.first.tolist(), spans.end.tolist(), strict=True)
    scatter = [np.std(np.log(np.maximum(rows.peak[a:b], 1.0))) if a < b else np.inf for a, b in pairs]
    return np.array(scatter) < STEADY


def _quantiles(found: Floats) -> tuple[float | None, ...]:
    if not len(found):
        return ()
    read = np.quantile(found, QUANTILES, method="inverted_cdf").tolist()
    return tuple(None if score == -np.inf else round(score, 4) for score in read)


if __name__ == "__main__":
    main()
