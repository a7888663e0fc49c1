"""Kubernetes quantities: their text goes in, a number comes out. The bed's own, so that it does not trust costkit's."""

_SUFFIXES = {
    "m": 1e-3,
    "k": 1e3,
    **{letter: 1000.0**power for power, letter in enumerate("MGTPE", start=2)},
    **{f"{letter}i": 1024.0**power for power, letter in enumerate("KMGTPE", start=1)},
}


def quantity(text: str | None) -> float | None:
    """`1500m` is 1.5 and `1Gi` is 1073741824; None is what is not set."""
    if text is None:
        return None
    for suffix, factor in sorted(_SUFFIXES.items(), key=lambda pair: -len(pair[0])):
        if text.endswith(suffix):
            return float(text[: -len(suffix)]) * factor
    return float(text)
