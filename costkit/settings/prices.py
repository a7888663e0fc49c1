"""Price lists (rules/prices/*.yaml) and the user's own prices (CSV) in, one price book out. Nothing is priced here."""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec

from costkit.errors import UsageError
from costkit.model.money import DiskPrices, FamilyPrice, OwnPrice, PriceBook, PriceList, UnitPrices
from costkit.settings import numbers
from costkit.settings.numbers import Span, Written
from costkit.settings.shipped import rules_dir
from costkit.settings.yaml import convert, read_mapping

UNIT_FILE = "unit.yaml"
_MATCHES = ("node", "instance_type", "provider_id")
_COLUMNS = (*_MATCHES, "capacity_type", "hourly")
_CAPACITY_TYPES = ("", "on-demand", "spot")

_SHARE = Span(0, 1, "a percentage from 0% to 100%, such as 40%")
_PRICE = Span(0, 1e6, "USD, 0 or more")


class _Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    pass


class _Families(_Keys, frozen=True):
    gib_per_vcpu: float
    per_vcpu: dict[str, float]


class _Disks(_Keys, frozen=True):
    provisioners: tuple[str, ...]
    default: str
    per_gib: dict[str, float]


class _List(_Keys, frozen=True):
    provider: str
    region: str
    date: dt.date
    source: str
    families: tuple[_Families, ...] = ()
    types: dict[str, float] = {}
    spot_types: dict[str, float] = {}
    spot_discounts: dict[str, Written] = {}
    spot_share: Written | None = None
    disks: _Disks | None = None


class _Unit(_Keys, frozen=True):
    source: str
    cpu: float
    memory: float
    gpu: float
    spot_cpu: float
    spot_memory: float
    storage: float
    load_balancer: float
    date: dt.date | None = None
    on_nodes: tuple[str, ...] = ()
    by_use: tuple[str, ...] = ()


def load_prices(rules: Path | None, own: Path | None) -> PriceBook:
    """The shipped lists, the user's `rules`/prices over them file by file (others are added), and the user's CSV `own`.

    UsageError names the file and the key or line: unknown, of a wrong type, negative or no number.
    """
    files = {
        path.name: path for folder in (rules_dir(), rules) if folder for path in (folder / "prices").glob("*.yaml")
    }
    return PriceBook(
        own=() if own is None else tuple(_own_prices(own)),
        lists=tuple(read_list(files[name]) for name in sorted(files) if name != UNIT_FILE),
        unit=read_unit(files[UNIT_FILE]),
        own_source="" if own is None else str(own),
    )


def read_list(path: Path) -> PriceList:
    """One list; UsageError as with `load_prices`."""
    written = convert(read_mapping(path), _List, path)
    for key, prices in (("types", written.types), ("spot-types", written.spot_types)):
        _check_prices(prices, f"{path}: {key}")
    return PriceList(
        provider=written.provider,
        region=written.region,
        date=written.date.isoformat(),
        source=written.source,
        families=dict(_families(written, path)),
        types=written.types,
        spot_types=written.spot_types,
        spot_share=_share(written.spot_share, f"{path}: spot-share"),
        disks=None if written.disks is None else _disks(written.disks, path),
    )


def _families(written: _List, path: Path) -> Iterator[tuple[str, FamilyPrice]]:
    """A discount is given for a family's name, or for the part before its first `-`: n2 for n2-standard."""
    for group in written.families:
        _check_prices(group.per_vcpu, f"{path}: families.per-vcpu")
        for name, price in group.per_vcpu.items():
            written_discount = written.spot_discounts.get(name, written.spot_discounts.get(name.partition("-")[0]))
            discount = _share(written_discount, f"{path}: spot-discounts.{name}")
            yield name, FamilyPrice(price, group.gib_per_vcpu, discount)


def _disks(written: _Disks, path: Path) -> DiskPrices:
    _check_prices(written.per_gib, f"{path}: disks.per-gib")
    if written.default not in written.per_gib:
        raise UsageError(f"{path}: disks.default {written.default!r} has no price", "name a type of disks.per-gib")
    return DiskPrices(written.provisioners, written.default, written.per_gib)


def read_unit(path: Path) -> UnitPrices:
    """The file of unit prices; UsageError as with `load_prices`."""
    written = convert(read_mapping(path), _Unit, path)
    prices = {f: v for f in written.__struct_fields__ if isinstance(v := getattr(written, f), float)}
    _check_prices(prices, str(path))
    return UnitPrices(
        **prices,
        source=written.source,
        date="" if written.date is None else written.date.isoformat(),
        on_nodes=written.on_nodes,
        by_use=written.by_use,
    )


def _share(written: Written | None, where: str) -> float | None:
    return None if written is None else numbers.read(where, written, numbers.share, _SHARE)


def _check_prices(prices: dict[str, float], where: str) -> None:
    for name, price in prices.items():
        numbers.read(f"{where}.{name}", price, float, _PRICE)


def own_lines(path: Path) -> Iterator[tuple[int, OwnPrice | UsageError]]:
    """Each line of the user's CSV below its header with its number: a price, or what is wrong with the line.

    UsageError for a file that cannot be read, or whose columns are others.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(csv.DictReader(file), path)
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise UsageError(f"{path}: {e}", "name a readable CSV file in UTF-8") from e


def _own_prices(path: Path) -> Iterator[OwnPrice]:
    for _, line in own_lines(path):
        if isinstance(line, UsageError):
            raise line
        yield line


def _rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[tuple[int, OwnPrice | UsageError]]:
    columns = reader.fieldnames or ()
    if "hourly" not in columns or not set(columns) & set(_MATCHES) or not set(columns) <= set(_COLUMNS):
        raise UsageError(f"{path} line 1: the columns are {', '.join(columns)}", f"columns: {','.join(_COLUMNS)}")
    seen: set[tuple[str, str, str]] = set()
    for row in reader:
        where = f"{path} line {reader.line_num}"
        try:
            price = _row(row, where)
        except UsageError as error:
            yield reader.line_num, error
            continue
        key = (price.match, price.value, price.capacity_type)
        again = UsageError(f"{where}: a second price for {price.value}", "keep one of them")
        yield reader.line_num, again if key in seen else price
        seen.add(key)


def _row(row: dict[str, str | None], where: str) -> OwnPrice:
    if None in row or None in row.values():
        raise UsageError(f"{where}: not as many cells as columns", "give every line one cell a column, empty ones too")
    cells = {column: (cell or "").strip() for column, cell in row.items()}
    matches = [column for column in _MATCHES if cells.get(column)]
    if len(matches) != 1:
        raise UsageError(f"{where}: {len(matches)} of {', '.join(_MATCHES)} are filled", "fill exactly one of them")
    capacity_type = cells.get("capacity_type", "")
    if capacity_type not in _CAPACITY_TYPES:
        raise UsageError(f"{where}: capacity_type is {capacity_type!r}", "write on-demand, spot or nothing")
    hourly = numbers.read(f"{where}: hourly", cells["hourly"], float, _PRICE)
    return OwnPrice(matches[0], cells[matches[0]], capacity_type, hourly)
