"""Amounts in, whole cents out that still sum to their total: what is shown must add up for whoever checks it."""

from collections.abc import Sequence


def apportion(amounts: Sequence[float], total: int) -> list[int]:
    """Each amount (USD, none negative) in cents, rounded so that all sum to `total` cents (largest remainder).

    `total` is the sum of the amounts, rounded. Of equal remainders the first goes up.
    """
    exact = [amount * 100 for amount in amounts]
    cents = [int(value) for value in exact]
    upward = sorted(range(len(exact)), key=lambda i: (cents[i] - exact[i], i))
    for i in upward[: total - sum(cents)]:
        cents[i] += 1
    return cents


def round_together(amounts: Sequence[float]) -> list[float]:
    """Each amount in USD and whole cents, the sum as near to the true sum as a cent allows."""
    return [cents / 100 for cents in apportion(amounts, round(sum(amounts) * 100))]
