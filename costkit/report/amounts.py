"""USD a month and shares, for machines and for people. No rounding of money happens anywhere else in reports."""

import math

UNKNOWN = "unknown"


def cents(value: float | None) -> float | None:
    """USD rounded to cents; None where it is not known (NaN and infinity are not known); never minus zero."""
    if value is None or not math.isfinite(value):
        return None
    return round(value, 2) + 0.0


def dollars(value: float | None) -> str:
    """USD as people write it: `$1,204.60`, `-$9.40`, `unknown`."""
    amount = cents(value)
    if amount is None:
        return UNKNOWN
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def percent(part: float, whole: float) -> str:
    """`part` of `whole` as `39 %`; `<1 %` for a share that would round to nothing; `unknown` of nothing."""
    if not whole or not math.isfinite(part / whole):
        return UNKNOWN
    share = 100 * part / whole
    if 0 < abs(share) < 0.5:
        return "<1 %"
    return f"{share + 0.0:.0f} %"
