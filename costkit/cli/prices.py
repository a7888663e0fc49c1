"""`costkit prices`: which prices are in force, and whether a person's own can be followed."""

from collections.abc import Iterator
from dataclasses import astuple, fields
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from costkit.cli import exits
from costkit.cli.checks import check_form, show_checks
from costkit.cli.groups import group
from costkit.cli.stdout import write_stdout
from costkit.cli.talk import say
from costkit.errors import UsageError
from costkit.model.checkup import Check
from costkit.model.money import PriceBook
from costkit.price.checkup import price_check
from costkit.price.listed import Asked, PriceRow, price_rows
from costkit.price.slips import own_slip, slips
from costkit.report.grid import aligned, as_csv, as_json
from costkit.settings.check import list_checks, own_price_checks, require_folder
from costkit.settings.prices import load_prices

_HEADER = tuple(field.name for field in fields(PriceRow))
_FORMS = ("table", "json", "csv")
_PRICES = Annotated[Path | None, Parameter(help="CSV of your own node prices.")]
_RULES = Annotated[Path | None, Parameter(help="Folder of your own rules: its prices/*.yaml are price lists.")]

prices = group("prices")


@prices.command(name="list")
def list_prices(  # noqa: PLR0913 - each is a flag
    *,
    output: Annotated[str, Parameter(name=["--output", "-o"], help="table, json or csv.")] = "table",
    provider: Annotated[str, Parameter(help="Only this provider: aws, gce or azure.")] = "",
    region: Annotated[str, Parameter(help="Only this region.")] = "",
    type: Annotated[str, Parameter(help="Only this instance type or family; a glob with *.")] = "",  # noqa: A002
    prices: _PRICES = None,
    rules: _RULES = None,
) -> int:
    """Instance types and families with their price in USD an hour, and the source and date of each."""
    check_form(output, _FORMS)
    found = [astuple(row) for row in price_rows(_book(rules, prices), Asked(provider, region, type))]
    if not found:
        say("no prices found")
    if output == "csv":
        write_stdout(as_csv(_HEADER, found))
    elif output == "json":
        write_stdout(as_json("prices", _HEADER, found))
    elif found:
        write_stdout(aligned(_HEADER, found, right=("hourly",)))
    return exits.DONE


@prices.command(name="check")
def check_prices(
    *,
    output: Annotated[str, Parameter(name=["--output", "-o"], help="table or json.")] = "table",
    prices: _PRICES = None,
    rules: _RULES = None,
    snapshot: Annotated[Path | None, Parameter(help="Say which nodes of this snapshot have no price.")] = None,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative="", help="Only what is not well.")] = False,
) -> int:
    """Read your prices as a run would: name each bad line, and each that is ten times off the shipped list."""
    check_form(output)
    if prices is None and rules is None and snapshot is None:
        raise UsageError("nothing is named to check", "name --prices FILE, --rules DIR or --snapshot FILE")
    checks = [*_own(prices), *_lists(rules)]
    if snapshot is not None and not any(check.level == "FAIL" for check in checks):
        checks.append(_nodes(snapshot, _book(rules, prices)))
    return show_checks(checks, output, "prices", brief=quiet)


def _book(rules: Path | None, prices: Path | None) -> PriceBook:
    if rules is not None:
        require_folder(rules)
    return load_prices(rules, prices)


def _own(path: Path | None) -> Iterator[Check]:
    shipped = load_prices(None, None).lists
    for check, price in own_price_checks(path) if path else ():
        yield (price and own_slip(check.name, price, shipped)) or check


def _lists(rules: Path | None) -> Iterator[Check]:
    """Each list by itself, then those prices of all that are far from the shipped ones."""
    if rules is None:
        return
    require_folder(rules)
    checks = list(list_checks(rules))
    yield from checks
    if not any(check.level == "FAIL" for check in checks):
        yield from slips(load_prices(rules, None).lists, load_prices(None, None).lists)


def _nodes(path: Path, book: PriceBook) -> Check:
    from costkit.history.snapshots import read_snapshot
    from costkit.price.nodes import node_costs

    taken = read_snapshot(path)
    month = node_costs(taken.frames.nodes, taken.cluster, book, taken.window)
    priced = [(node.instance_type or node.name, node.price) for node in month.nodes]
    return price_check(priced, has_metrics=False)
