"""Back-tests made by hand, with figures like those of a real one, and words that mean harm."""

from dataclasses import replace
from math import nan

from costkit.model.backtest import Backtest, Record, RuleRecord, Week
from tests.report import plans

SCORES = (
    ("costkit", 0.05, None, 0.047, 0.023, 0.025, 2.69, 1.36),
    ("costkit", 0.10, None, 0.106, 0.049, 0.029, 2.45, 1.20),
    ("costkit", 0.20, None, 0.221, 0.123, 0.038, 2.35, 1.10),
    ("krr", None, None, 0.284, 0.117, 0.034, 2.35, 1.03),
    ("vpa", None, None, 0.303, 0.156, 0.117, 2.16, 0.87),
    ("percentile", None, 0.9, 0.41, 0.2, 0.06, 2.1, 0.9),
    ("percentile", None, 0.95, 0.284, 0.117, 0.034, 2.35, 1.03),
    ("percentile", None, 0.98, 0.110, 0.052, 0.025, 2.59, 1.26),
    ("percentile", None, 0.985, 0.093, 0.045, 0.022, 2.70, 1.36),
    ("percentile", None, 0.99, 0.062, 0.034, 0.019, 2.84, 1.52),
    ("percentile", None, 0.995, 0.034, 0.018, 0.016, 3.08, 1.93),
    ("percentile", None, 0.999, 0.012, 0.008, 0.010, 3.9, 2.9),
)
MEMORY = (
    ("costkit", 0.01, None, 0.011, 0.004, 0.001, 11.3, 3.14),
    ("costkit", 0.05, None, 0.050, 0.021, 0.004, 8.5, 2.07),
    ("krr", None, None, 0.142, 0.061, 0.012, 6.3, 1.32),
    ("vpa", None, None, 0.347, 0.2, 0.05, 4.55, 0.99),
)
NO_WEEK = Record(0, nan, nan, nan, nan, nan, nan)


def record(resource, score, weeks=2176):
    rule, target, p, violated, violated10, over, reserve, geo = score
    seen = Record(weeks, violated, violated10, over, reserve, geo, 0.3)
    active = Record(1523, violated * 1.3, violated10 * 1.3, over, reserve * 0.9, geo, 0.0)
    return RuleRecord(rule, resource, target, p, seen, active)


def backtest(**changes):
    rules = [record("cpu", score) for score in SCORES] + [record("memory", score) for score in MEMORY]
    weeks = (
        Week("a", 1_209_600.0, "costkit", "cpu", 0.05, None, 0.25),
        Week("a", 1_209_600.0, "percentile", "memory", None, 0.98, 2.0**30),
        Week(plans.SCRIPT, 1_814_400.4, "krr", "cpu", None, None, 0.01),
    )
    return replace(Backtest(series=209, rules=tuple(rules), weeks=weeks, notes=(plans.BREAKOUT,)), **changes)


def empty():
    """Series too short to try anything on."""
    found = tuple(RuleRecord("costkit", "cpu", target, None, NO_WEEK, NO_WEEK) for target in (0.05, 0.1))
    return Backtest(series=3, rules=found, weeks=())
