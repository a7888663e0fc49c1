"""Whether the promised risk comes true on real usage, and what it costs beside a fixed percentile, KRR and VPA.

    python -m benchmarks.promises TRACES [--seed N --halves N]

TRACES holds a folder a set with dev.parquet, as FOLDERS names them. Each set is tried with the shipped scores of the
other sets alone, its own weeks counting once they had ended. Prints a table; a line that misses its bound says so, and
the exit code is 1. `--halves`: the same for random halves of each set, mean and extremes.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from costkit import pipeline
from costkit.collect.traces import read_traces
from costkit.model.backtest import Backtest, Record, RuleRecord
from costkit.model.trace import Trace
from costkit.progress import Silent
from costkit.recommend.trial import Trial
from costkit.settings.policies import load_policies
from costkit.settings.scores import load_scores

FOLDERS = {
    "bitbrains": "bitbrains_rnd",
    "azure": "azure_v1_cpu",
    "kruize": "kruize_openshift",
    "crane": "crane_1min",
    "nab": "nab_aws_cpu",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with the bounds that it is asked to be in."""

    of: str
    value: float
    least: float = float("-inf")
    most: float = float("inf")

    @property
    def asked(self) -> str:
        least = f"{self.least:g} to " if self.least > float("-inf") else "<= "
        return "reported" if self.most == float("inf") else f"{least}{self.most:g}"

    @property
    def is_missed(self) -> bool:
        """A figure that is only reported is none, and may be of no week."""
        return self.asked != "reported" and not self.least <= self.value <= self.most

    def __str__(self) -> str:
        return f"| {self.of} | {self.value:.3g} | {self.asked} | {'MISSED' if self.is_missed else ''} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("traces", type=Path)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--halves", type=int, default=0)
    asked = parser.parse_args()
    sets = {name: read_traces(asked.traces / folder / "dev.parquet")[0] for name, folder in FOLDERS.items()}
    lines = [line for name, traces in sets.items() for line in checked(name, traces)]
    print("| figure | reached | asked | |\n| --- | --- | --- | --- |")
    print(*lines, sep="\n")
    for name in ("bitbrains", "azure") if asked.halves else ():
        _halves(name, sets[name], asked.seed, asked.halves)
    if any(line.is_missed for line in lines):
        raise SystemExit(1)


def checked(name: str, traces: Sequence[Trace]) -> Iterator[Line]:
    whole = tried(name, traces)
    if name in ("crane", "nab"):
        yield from _reported(name, whole)
    if name == "kruize":
        yield from _kruize(whole)
    if name in ("bitbrains", "azure"):
        yield from _price(name, whole)
        for words, made in _short(name, traces):
            for target in (0.05, 0.10):
                yield Line(
                    f"{name} CPU {target:.0%}, {words}: realized %",
                    100 * at(made, target).violated,
                    most=100 * target + 3,
                )
    if name == "bitbrains":
        yield from _memory(whole)


def tried(name: str, traces: Sequence[Trace], max_history: float | None = None, *, own_weeks: bool = True) -> Backtest:
    table = load_scores().without((name,))
    trial = Trial(load_policies(None), max_history=max_history, table=table, own_weeks=own_weeks)
    return pipeline.backtest(traces, trial, Silent())


def at(made: Backtest, target: float, resource: str = "cpu") -> Record:
    return next(r.all for r in made.rules if (r.rule, r.target, r.resource) == ("costkit", target, resource))


def same_risk(made: Backtest, violated: float) -> Record:
    """The fixed percentile of the same realized risk, between the two that are nearest."""
    fixed = sorted(
        (r.all for r in made.rules if r.rule == "percentile" and r.resource == "cpu"), key=lambda r: r.violated
    )
    risks = [r.violated for r in fixed]
    reserve, geo, over = (
        float(np.interp(violated, risks, [read(r) for r in fixed]))
        for read in (lambda r: r.reserve_over_use, lambda r: r.geo_reserve, lambda r: r.over_use)
    )
    return replace(fixed[0], reserve_over_use=reserve, geo_reserve=geo, over_use=over)


def _price(name: str, made: Backtest) -> Iterator[Line]:
    least = {0.05: 3.0, 0.10: 8.0} if name == "bitbrains" else {}
    for target, geo in ((0.05, 0.90), (0.10, 0.97)):
        ours, words = at(made, target), f"{name} CPU {target:.0%}"
        fixed = same_risk(made, ours.violated)
        yield Line(f"{words}: realized %", 100 * ours.violated, least.get(target, float("-inf")), 100 * target + 2)
        yield Line(
            f"{words}: reserve / same-risk percentile's", ours.reserve_over_use / fixed.reserve_over_use, most=0.95
        )
        yield Line(
            f"{words}: geometric reserve / same-risk percentile's", ours.geo_reserve / fixed.geo_reserve, most=geo
        )
        yield Line(f"{words}: use above / same-risk percentile's", ours.over_use / fixed.over_use, most=1.6)
    krr = rival(made, "krr")
    yield Line(
        f"{name} CPU 10%: reserve / KRR's",
        at(made, 0.10).reserve_over_use / krr.reserve_over_use,
        most=1.08 if name == "bitbrains" else 1.18,
    )
    yield Line(f"{name} CPU 10%: violated / KRR's", at(made, 0.10).violated / krr.violated, most=0.5)
    yield Line(
        f"{name} CPU 20%: realized %", 100 * at(made, 0.20).violated, most=22.0 if name == "azure" else float("inf")
    )


def rival(made: Backtest, rule: str, resource: str = "cpu") -> Record:
    return next(r.all for r in made.rules if r.rule == rule and r.resource == resource)


def _short(name: str, traces: Sequence[Trace]) -> Iterator[tuple[str, Backtest]]:
    held = [replace(trace, memory=trace.memory.between(0, 0)) for trace in traces]
    yield "a new user", tried(name, held, own_weeks=False)
    for days in (3, 7, 14):
        yield f"{days} days of history", tried(name, held, float(days))


def _memory(made: Backtest) -> Iterator[Line]:
    for target, near, reserve in ((0.01, 1.0, 11.5), (0.02, 1.0, 10.0), (0.05, 1.5, 8.7)):
        ours, words = at(made, target, "memory"), f"bitbrains memory {target:.0%}"
        yield Line(f"{words}: realized %", 100 * ours.violated, 100 * target - near, 100 * target + near)
        yield Line(f"{words}: reserve over use", ours.reserve_over_use, most=reserve)


def _kruize(made: Backtest) -> Iterator[Line]:
    for target in (0.01, 0.02, 0.05):
        ours = at(made, target, "memory")
        yield Line(f"kruize memory {target:.0%}: weeks passed", ours.violated * ours.weeks, most=0)
        yield Line(f"kruize memory {target:.0%}: reserve over use", ours.reserve_over_use, most=2.0)


def _reported(name: str, made: Backtest) -> Iterator[Line]:
    for one in made.rules:
        if one.rule != "percentile":
            yield Line(f"{name} {_words(one)}: realized % of {one.all.weeks} weeks", 100 * one.all.violated)


def _words(one: RuleRecord) -> str:
    return one.rule if one.target is None else f"{one.rule} {one.target:.0%}"


def _halves(name: str, traces: Sequence[Trace], seed: int, count: int) -> None:
    """Random halves of the set: what a fleet of other containers would have met."""
    drawn = np.random.default_rng(seed)
    found: dict[str, list[Line]] = {}
    for _ in range(count):
        half = [traces[i] for i in drawn.choice(len(traces), len(traces) // 2, replace=False)]
        for line in checked(name, half):
            found.setdefault(line.of, []).append(line)
    print(f"\n{count} random halves of {name}, seed {seed}\n")
    print("| figure | mean | least | most | asked | halves that miss |\n| --- | --- | --- | --- | --- | --- |")
    for words, lines in found.items():
        values, missed = [line.value for line in lines], sum(line.is_missed for line in lines)
        told = f"{np.mean(values):.3g} | {min(values):.3g} | {max(values):.3g} | {lines[0].asked} | {missed or ''}"
        print(f"| {words} | {told} |")


if __name__ == "__main__":
    main()
