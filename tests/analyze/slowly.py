"""What the arrays of analyze say, worked out sample by sample: the answers that their tests compare with."""

import numpy as np

from costkit.model.sketch import FLOORS, GROWTH
from costkit.model.window import DAY


def read(values, share, resource):
    """The upper edge of the bucket that holds numpy's percentile, not above the highest sample; NaN of nothing."""
    if not len(values):
        return np.nan
    exact = np.quantile(values, share, method="inverted_cdf")
    edge = FLOORS[resource]
    while edge < exact * (1 - 1e-9):
        edge *= GROWTH
    return min(edge, values.max())


def past(at, values, start, resource, reach=99):
    """What the rule knows of one series just before a moment: as model.weeks.Past names it."""

    def last(days):
        return values[(at >= start - min(days, reach) * DAY) & (at < start)]

    month = last(28)
    peak = month.max() if len(month) else np.nan
    days = len({int((moment - at[0]) // DAY) for moment in at if start - min(28, reach) * DAY <= moment < start})
    found = {"peak": peak, "days": float(days), "age": (start - at[0]) / DAY}
    if resource == "memory":
        return {**found, "usual": peak, "median": last(35).max() if len(last(35)) else np.nan}
    usual = [read(last(days), 0.95, resource) for days in (7, 14)]
    median = read(last(14), 0.5, resource)
    return {
        **found,
        "usual": peak if np.isnan(usual).all() else np.nanmax(usual),
        "median": 0.0 if np.isnan(median) else median,
    }
