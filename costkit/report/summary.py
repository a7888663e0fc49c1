"""The lines above and below a table: what the month costs, what is freed of it, and what was not said."""

from collections import Counter

from costkit.model.plan import Plan
from costkit.report.amounts import dollars, percent
from costkit.report.contract import bill_now
from costkit.report.moments import day, time_of_day
from costkit.report.plain_text import one_line
from costkit.report.price_sources import price_sources
from costkit.report.selection import Selection


def heading(plan: Plan) -> str:
    """`prod-eu · 14 d to 2026-11-23 · prices: aws eu-west-1 (2026-11-20) · USD a month`."""
    span = f"{plan.window.days:.3g} d to {day(plan.window.end)}"
    return " · ".join((one_line(plan.cluster_name), span, f"prices: {prices(plan)}", "USD a month"))


def footer(plan: Plan, selection: Selection) -> tuple[str, ...]:
    """From what is left out of the table to the next command."""
    lines = (*_rest(selection), total(plan), bill(plan), *basis(plan), *_declined(plan), _next(plan))
    return tuple(one_line(line) for line in lines)


def prices(plan: Plan) -> str:
    sources = price_sources(plan.books.nodes)
    return one_line(", ".join(dict.fromkeys(row.title for row in sources))) or "none"


def total(plan: Plan) -> str:
    cost = plan.books.monthly
    return f"Frees {dollars(plan.freed)} of {dollars(cost)} a month ({percent(plan.freed, cost)})."


def bill(plan: Plan) -> str:
    """Nothing is called saved that the nodes do not give back."""
    cost, leaves = plan.books.monthly, bill_now(plan)
    if leaves is None:
        return f"Bill: stays {dollars(cost)} until nodes go; which can is not simulated yet, so no saving is claimed."
    return f"Bill: {dollars(cost)} -> {dollars(cost - leaves)} if you act today."


def basis(plan: Plan) -> tuple[str, ...]:
    """A line where the money is one moment's; none where it is a month's."""
    if plan.books.basis != "now":
        return ()
    return (f"Cost as of {time_of_day(plan.taken_at)}, not a month: the nodes have no history yet.",)


def declined_reasons(plan: Plan) -> tuple[tuple[str, int], ...]:
    """Reason codes with their counts, most frequent first."""
    counts = Counter(finding.reason for finding in plan.declined)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _rest(selection: Selection) -> tuple[str, ...]:
    if not selection.hidden:
        return ()
    return (f"… {len(selection.hidden)} more worth {dollars(selection.hidden_freed)} together (--all)",)


def _declined(plan: Plan) -> tuple[str, ...]:
    if not plan.declined:
        return ()
    counts = ", ".join(f"{reason} {count}" for reason, count in declined_reasons(plan))
    return (f"Declined {len(plan.declined)}: {counts} (see why: costkit recommend -o wide)",)


def _next(plan: Plan) -> str:
    if not plan.items:
        return "Next: costkit recommend -o wide"
    return "Next: costkit recommend -o patches/"
