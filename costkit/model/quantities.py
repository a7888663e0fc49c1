"""Kubernetes quantities at the edges, plain cores and bytes inside.

Source of the notation: the Kubernetes API conventions for resource.Quantity.
"""

import re
from decimal import ROUND_CEILING, Decimal

_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i)|[eE]([+-]?\d+)|([numkMGTPE]?))", re.ASCII)

MEBIBYTE = 2**20
GIBIBYTE = 2**30


def parse(text: str) -> float:
    """Cores or bytes of a quantity such as `250m`, `1.5Gi` or `2e3`. ValueError if it is none."""
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a Kubernetes quantity")
    number, binary, exponent, suffix = match.groups()
    if binary:
        return float(Decimal(number) * _BINARY[binary])
    # not scaleb: a float reads any exponent, a Decimal only so many digits of one
    return float(f"{number}e{exponent or _DECIMAL[suffix or '']}")


def format_cpu(cores: float) -> str:
    """Canonical cores: whole cores bare, else millicores, rounded up (`2`, `250m`)."""
    millicores = int((Decimal(repr(cores)) * 1000).to_integral_value(ROUND_CEILING))
    return str(millicores // 1000) if millicores % 1000 == 0 else f"{millicores}m"


def format_memory(size: float) -> str:
    """Canonical bytes: the largest binary unit that leaves a whole number (`768Mi`, `2Gi`), rounded up to a byte."""
    whole = int(Decimal(repr(size)).to_integral_value(ROUND_CEILING))
    for unit, factor in reversed(_BINARY.items()):
        if whole and whole % factor == 0:
            return f"{whole // factor}{unit}"
    return str(whole)


def format_resource(resource: str, value: float) -> str:
    """The canonical quantity of a resource name: cores for `cpu`, bytes for memory and storage, else a count."""
    if resource == "cpu":
        return format_cpu(value)
    if resource in ("memory", "ephemeral-storage", "storage"):
        return format_memory(value)
    return str(int(value))


def short_memory(size: float) -> str:
    """Bytes for a person to read, three digits at the most (`611Mi`, `1.9Gi`); not for a manifest."""
    for unit in ("Ei", "Pi", "Ti", "Gi", "Mi", "Ki"):
        if abs(size) >= _BINARY[unit]:
            value = size / _BINARY[unit]
            return f"{value:.0f}{unit}" if value >= 10 or value == round(value) else f"{value:.1f}{unit}"
    return f"{size:.0f}"


def short_cpu(cores: float) -> str:
    """Cores for a person to read (`212m`, `1.25`); not for a manifest."""
    return f"{cores * 1000:.0f}m" if abs(cores) < 1 else f"{cores:.2f}".rstrip("0").rstrip(".")
