"""Prometheus' JSON -> typed answers. A range's samples become arrays one series at a time, never a list of them all."""

from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_OF_INFO = "PromQL info:"
"""How what is said of an expression begins; a server that knows no `infos` puts it among the warnings."""


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One series of an answer: a range's `times` (unix seconds) and `numbers` side by side, or an instant's `value`."""

    metric: dict[str, str]
    times: Floats = field(default_factory=_none)
    numbers: Floats = field(default_factory=_none)
    value: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`warnings` say that data is partial. `infos` are remarks on the expression: the data is whole."""

    series: tuple[Series, ...]
    warnings: tuple[str, ...]
    infos: tuple[str, ...] = ()

    @property
    def samples(self) -> int:
        return sum(one.times.size + (one.value is not None) for one in self.series)


class AnswerError(ValueError):
    """Not an answer of Prometheus' API."""


class _Series(msgspec.Struct):
    metric: dict[str, str]
    values: msgspec.Raw = msgspec.Raw(b"[]")
    value: tuple[float, str] | None = None


class _Data(msgspec.Struct):
    result: list[_Series] = []


class _Answer(msgspec.Struct):
    status: str
    data: _Data
    warnings: list[str] | None = None
    infos: list[str] | None = None


class _Error(msgspec.Struct):
    error: str = ""
    message: str = ""


_ANSWER = msgspec.json.Decoder(_Answer)
_NUMBERS = msgspec.json.Decoder(list[float])
_TEXTS = msgspec.json.Decoder(list[float], strict=False)


def decode(body: bytes) -> Answer:
    """A matrix or a vector. AnswerError for what is none, such as half a body."""
    try:
        answer = _ANSWER.decode(body)
        series = tuple(_read(one) for one in answer.data.result)
    except (msgspec.MsgspecError, ValueError) as error:
        raise AnswerError(str(error)) from error
    if answer.status != "success":
        raise AnswerError(f"status {answer.status!r}")
    told = answer.warnings or []
    remarks = [text for text in told if text.startswith(_OF_INFO)]
    partial = tuple(text for text in told if not text.startswith(_OF_INFO))
    return Answer(series, partial, (*remarks, *(answer.infos or [])))


def error_text(body: bytes) -> str:
    """The first line of what Prometheus, or Kubernetes before it, says of an error; else empty."""
    try:
        told = msgspec.json.decode(body, type=_Error)
    except msgspec.MsgspecError:
        return ""
    text = told.error or told.message
    return (text.splitlines() or [""])[0][:300]


def _read(one: _Series) -> Series:
    pairs = _pairs(bytes(one.values))
    value = None if one.value is None else (one.value[0], float(one.value[1]))
    return Series(one.metric, pairs[:, 0], pairs[:, 1], value)


def _pairs(text: bytes) -> Floats:
    """`[[1.5,"2"],…]` as rows. Without brackets and quotes it is one list, which msgspec reads faster than numpy."""
    flat = text.translate(None, b'[]"')
    try:
        numbers = _NUMBERS.decode(b"[%b]" % flat)
    except msgspec.MsgspecError:  # NaN and +Inf, which JSON has as text alone
        numbers = _TEXTS.decode(b"[%b]" % text.translate(None, b"[]").replace(b"+Inf", b"Inf"))
    return np.array(numbers, dtype=np.float64).reshape(-1, 2)
